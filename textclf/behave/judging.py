"""What a model's answers say of a test: which cases fail, and which are the worst."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from textclf.behave.cases import Case
from textclf.behave.outcome import Answer, Example, TestResult
from textclf.behave.spec import (
    AnyTest,
    ComparisonTest,
    DirectionTest,
    InvarianceTest,
    MinimumTest,
    SuiteSpec,
)
from textclf.evaluation.predictions import MULTILABEL, Predictions

SAME = 1e-6  # probabilities this close are the same: batches round differently

Roles = Mapping[str, str]
_Rows = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Answers:
    """The answers to all texts of a suite, found by text."""

    predictions: Predictions
    rows: Mapping[str, int]

    def of(self, texts: Sequence[str]) -> _Rows:
        """Returns the rows of texts, int64[n]."""
        return np.array([self.rows[text] for text in texts], dtype=np.int64)

    @cached_property
    def chosen(self) -> npt.NDArray[Any]:
        """The chosen ids int64[n], or label sets bool[n, k]."""
        return self.predictions.chosen()

    def id_of(self, label: str) -> int:
        """Returns the column of a label."""
        return self.predictions.labels.index(label)

    def answer(self, row: int, watched: int) -> Answer:
        """Returns what the model said of a text, and the probability of one label."""
        predictions = self.predictions
        chosen = self.chosen[row]
        labels = predictions.labels
        if predictions.task == MULTILABEL:
            named = [labels[place] for place in np.flatnonzero(chosen)]
            label = ", ".join(named) or "(no label)"
        else:
            label = labels[int(chosen)]
        value = float(predictions.probabilities[row, watched])
        return Answer(label, labels[watched], value)


@dataclass(frozen=True, eq=False)
class _Steps:
    """The steps from before to after of all cases, one after the other.

    `case`, `before`, `after` are int64 [steps]; `badness` is float64 [steps], above 0
    where a step fails; `watched` is the column that moved, int64 [steps].
    """

    case: _Rows
    before: _Rows
    after: _Rows
    badness: npt.NDArray[np.float64]
    watched: _Rows


def judge(
    spec: SuiteSpec,
    test: AnyTest,
    cases: Sequence[Case],
    answers: Answers,
    roles: Roles,
    *,
    examples: int,
) -> TestResult:
    """Returns how many cases of a test fail, and the worst of them.

    Args:
        spec: The suite.
        test: One of its tests.
        cases: Its texts; at least one case.
        answers: What the model says of them.
        roles: What the model calls each label of the suite.
        examples: Most cases that are shown.
    """
    if isinstance(test, MinimumTest):
        steps = _minimum(test, cases, answers, roles)
    elif isinstance(test, InvarianceTest):
        steps = _invariance(test, cases, answers)
    else:
        steps = _direction(test, cases, answers, roles)
    # The worst step speaks for its case.
    order = np.lexsort((-steps.badness, steps.case))
    first = order[np.unique(steps.case[order], return_index=True)[1]]
    failed = first[steps.badness[first] > 0]
    worst = failed[np.argsort(-steps.badness[failed], kind="stable")][:examples]
    return TestResult(
        name=test.name,
        capability=test.capability,
        kind=test.kind,
        checks=test.checks,
        expected=expected(test, roles),
        limit=spec.limit(test),
        cases=len(cases),
        failures=len(failed),
        worst=tuple(_example(int(step), steps, cases, answers) for step in worst),
    )


def expected(test: AnyTest, roles: Roles) -> str:
    """Says what has to hold, with the model's names of labels."""
    if isinstance(test, MinimumTest):
        return " or ".join(roles[key] for key in test.label if key in roles)
    if isinstance(test, InvarianceTest):
        within = "" if test.margin is None else f", within {test.margin:g}"
        return f"the same label{within}"
    label, margin = roles.get(test.label, test.label), test.margin
    if margin > 0:
        return f"{label} must {test.expect} by {margin:g}"
    other = "fall" if test.expect == "rise" else "rise"
    return f"{label} must not {other}" + (f" by {-margin:g}" if margin < 0 else "")


def _minimum(
    test: MinimumTest, cases: Sequence[Case], answers: Answers, roles: Roles
) -> _Steps:
    rows = answers.of([case.before for case in cases])
    right = [answers.id_of(roles[key]) for key in test.label if key in roles]
    predictions = answers.predictions
    chosen = answers.chosen[rows]
    if predictions.task == MULTILABEL:
        good = chosen[:, right].any(axis=1)
        watched = np.full(len(rows), right[0])
    else:
        good, watched = np.isin(chosen, right), chosen
    missing = 1.0 - predictions.probabilities[rows][:, right].max(axis=1)
    badness = np.where(good, 0.0, np.maximum(missing, SAME))
    return _Steps(np.arange(len(rows)), rows, rows, badness, watched)


def _invariance(
    test: InvarianceTest, cases: Sequence[Case], answers: Answers
) -> _Steps:
    case, before, after = _pairs(test, cases, answers)
    predictions = answers.predictions
    values, chosen = predictions.probabilities, answers.chosen
    moved = np.abs(values[after] - values[before])
    most = moved.max(axis=1)
    differs = chosen[after] != chosen[before]
    if differs.ndim == 2:
        differs, watched = differs.any(axis=1), moved.argmax(axis=1)
    else:
        watched = chosen[before]
    too_far = most > (np.inf if test.margin is None else test.margin + SAME)
    # Another label is worse than any move.
    badness = np.where(differs | too_far, np.maximum(most, SAME) + differs, 0.0)
    return _Steps(case, before, after, badness, watched)


def _direction(
    test: DirectionTest, cases: Sequence[Case], answers: Answers, roles: Roles
) -> _Steps:
    case, before, after = _pairs(test, cases, answers)
    label = answers.id_of(roles[test.label])
    values = answers.predictions.probabilities[:, label]
    sign = 1.0 if test.expect == "rise" else -1.0
    short = test.margin - sign * (values[after] - values[before])
    badness = np.where(short > SAME, short, 0.0)
    return _Steps(case, before, after, badness, np.full(len(case), label))


def _pairs(
    test: ComparisonTest, cases: Sequence[Case], answers: Answers
) -> tuple[_Rows, _Rows, _Rows]:
    sizes = [len(case.afters) for case in cases]
    case = np.repeat(np.arange(len(cases)), sizes)
    before = np.repeat(answers.of([case.before for case in cases]), sizes)
    after = answers.of([text for case in cases for text in case.afters])
    return case, before, after


def _example(
    step: int, steps: _Steps, cases: Sequence[Case], answers: Answers
) -> Example:
    case, watched = cases[int(steps.case[step])], int(steps.watched[step])
    before, after = int(steps.before[step]), int(steps.after[step])
    if not case.afters:
        return Example(case.before, answers.answer(before, watched))
    changed = next(text for text in case.afters if answers.rows[text] == after)
    return Example(
        case.before,
        answers.answer(before, watched),
        changed,
        answers.answer(after, watched),
    )
