"""Runs a suite: all its texts, one question to the model, a verdict on each test."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from textclf.behave.cases import Case, all_cases
from textclf.behave.judging import Answers, Roles, expected, judge
from textclf.behave.outcome import TestResult
from textclf.behave.reading import Suite, open_suite
from textclf.behave.results import SuiteResult
from textclf.behave.spec import AnyTest, ComparisonTest, InvarianceTest
from textclf.errors import ConfigError, DataError, nearest, one_of
from textclf.evaluation.predictions import Predictions

EXAMPLES = 10  # cases that are kept of each test

Predict = Callable[[Sequence[str]], Predictions]


def run_suite(
    suite: Suite | str | Path | Mapping[str, Any],
    predict: Predict,
    *,
    texts: Sequence[str] = (),
    labels: Mapping[str, str] | None = None,
    examples: int = EXAMPLES,
) -> SuiteResult:
    """Asks a model about all texts of a suite at once, and judges the answers.

    Args:
        suite: A suite, the name of a ready one, a file, or nested mappings.
        predict: The model, e.g. `Predictor.load(folder).predict`.
        texts: The run's own dev texts, for tests with `dev_texts`; never test texts.
        labels: What the model calls a label of the suite, over what the suite says.
        examples: Most failed cases kept of each test.

    Raises:
        ConfigError: The suite has mistakes or too many texts, or its labels are not the
            model's.
        DataError: The model answers another number of texts than it was asked.
    """
    suite = open_suite(suite)
    spec = suite.spec
    cases = all_cases(spec, texts)
    asked = list(
        dict.fromkeys(text for test in cases for case in test for text in case.texts)
    )
    answers = Answers(_predicted(predict, asked), {t: n for n, t in enumerate(asked)})
    roles = roles_of(suite, answers.predictions.labels, labels or {})
    return SuiteResult(
        suite=suite.name,
        language=spec.language,
        roles=roles,
        texts=len(asked),
        tests=tuple(
            _result(suite, test, found, answers, roles, bool(len(texts)), examples)
            for test, found in zip(spec.tests, cases, strict=True)
        ),
    )


def roles_of(
    suite: Suite, known: Sequence[str], given: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Returns what a model calls the labels of a suite.

    A name counts as it stands, else in any case of letters.

    Args:
        suite: The suite.
        known: The labels of the model.
        given: Names that are set over those of the suite.

    Raises:
        ConfigError: The model has no such label, or `given` has a key that the suite
            lacks.
    """
    spec, given = suite.spec, given or {}
    for key in given:
        if key not in spec.labels:
            near = nearest(key, spec.labels)
            raise ConfigError(
                f"got a name for {key!r}, the suite has the labels "
                f"{one_of(spec.labels) or 'none'}",
                where=suite.name,
                fix=f"did you mean `{near}`?" if near else None,
            )
    roles: dict[str, str] = {}
    for key, names in spec.labels.items():
        wanted = [given[key]] if key in given else names
        if found := _known(wanted, known):
            roles[key] = found
        elif key in given or key not in spec.optional_labels:
            raise ConfigError(
                f"got no label {one_of(wanted)} for `{key}`, the model has "
                f"{one_of(known)}",
                where=suite.place(("labels", key)),
                fix=f"give its name by --label {key}=NAME",
            )
    return roles


def _known(names: Sequence[str], known: Sequence[str]) -> str | None:
    exact = next((name for name in names if name in known), None)
    if exact is not None:
        return exact
    wanted = {name.casefold() for name in names}
    alike = [name for name in known if name.casefold() in wanted]
    return alike[0] if len(alike) == 1 else None


def _predicted(predict: Predict, texts: Sequence[str]) -> Predictions:
    predictions = predict(texts)
    if len(predictions) != len(texts):
        got = f"got {len(predictions):,} answers to {len(texts):,} texts"
        raise DataError(f"{got}, expected one each")
    return predictions


def _result(
    suite: Suite,
    test: AnyTest,
    cases: Sequence[Case],
    answers: Answers,
    roles: Roles,
    has_texts: bool,
    examples: int,
) -> TestResult:
    if reason := _why_not(test, cases, roles, has_texts):
        return TestResult(
            name=test.name,
            capability=test.capability,
            kind=test.kind,
            checks=test.checks,
            expected=expected(test, roles),
            limit=suite.spec.limit(test),
            cases=0,
            failures=0,
            skipped=reason,
        )
    return judge(suite.spec, test, cases, answers, roles, examples=examples)


def _why_not(
    test: AnyTest, cases: Sequence[Case], roles: Roles, has_texts: bool
) -> str:
    """Says why a test cannot be run; empty: it can."""
    if not isinstance(test, InvarianceTest):
        keys = [test.label] if isinstance(test.label, str) else test.label
        if not any(key in roles for key in keys):
            return f"the model has no label for {' or '.join(keys)}"
    if cases:
        return ""
    if isinstance(test, ComparisonTest) and test.dev_texts and not has_texts:
        return "it needs texts of the run"
    return "its changes apply to none of the texts"
