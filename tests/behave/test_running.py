"""A suite finds the faults a model has, and no others."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.behave.planted import FAULTS, SUITE, answered, model
from textclf.behave import open_suite, run_suite
from textclf.errors import ConfigError, DataError
from textclf.evaluation.predictions import Predictions


@pytest.mark.parametrize("fault", ["", *FAULTS])
def test_a_planted_fault_fails_its_tests_and_no_others(fault):
    result = run_suite(SUITE, model(fault))
    assert {test.name for test in result.failed} == FAULTS.get(fault, set())
    assert all(test.cases for test in result.tests)


def test_every_test_of_the_planted_suite_is_failed_by_some_fault_or_is_plain():
    names = {test["name"] for test in SUITE["tests"]}
    assert set().union(*FAULTS.values()) == names - {"fine_words", "handle"}


def test_the_model_is_asked_once_and_about_each_text_once():
    asked = []

    def predict(texts):
        asked.append(list(texts))
        return model()(texts)

    result = run_suite(SUITE, predict)
    (texts,) = asked
    assert len(texts) == len(set(texts)) == result.texts


def test_the_same_suite_finds_the_same():
    assert run_suite(SUITE, model()).to_json() == run_suite(SUITE, model()).to_json()


def test_another_test_does_not_move_what_a_test_draws():
    alone = {**SUITE, "tests": [t for t in SUITE["tests"] if t["name"] == "numbers"]}
    both = run_suite(SUITE, model("counts_digits"))
    (found,) = run_suite(alone, model("counts_digits")).tests
    assert found in both.tests and found.worst


def test_the_worst_cases_come_first_and_are_bounded():
    result = run_suite(SUITE, model("deaf_to_not"), examples=4)
    test = next(test for test in result.tests if test.name == "not_good")
    assert (test.cases, test.failures, len(test.worst)) == (9, 9, 4)
    example = test.worst[0]
    assert example.answer.label == "pos" and "not" in example.before
    moved = next(test for test in result.tests if test.name == "negated").worst[0]
    assert moved.after == moved.before.replace(" was ", " was not ")
    assert moved.answer_after.of == "pos"


PAIRS = {
    "suite": "pairs",
    "labels": {"up": "pos"},
    "tests": [
        {"name": kind, "kind": kind, "capability": "c", "checks": "c",
         "pairs": [[f"a{n}", f"b{n}"] for n in range(8)], "margin": 0.2, **more}
        for kind, more in (
            ("invariance", {}),
            ("direction", {"label": "up", "expect": "rise"}),
        )
    ],
}  # fmt: skip


@given(st.lists(st.floats(0, 1), min_size=16, max_size=16))
def test_verdicts_are_those_of_a_slow_reference(values):
    good = dict(zip([f"{s}{n}" for s in "ab" for n in range(8)], values, strict=True))
    result = run_suite(
        PAIRS, lambda texts: answered(np.array([good[t] for t in texts]))
    )
    same, rise = result.tests
    moves = [(good[f"a{n}"], good[f"b{n}"]) for n in range(8)]
    # Both columns of a tie are equal, and then the first label is taken.
    fails = [(a > 0.5) != (b > 0.5) or abs(a - b) > 0.2 + 1e-6 for a, b in moves]
    assert same.failures == sum(fails)
    assert rise.failures == sum(0.2 - (b - a) > 1e-6 for a, b in moves)
    far = [abs(example.answer.probability - example.answer_after.probability)
           for example in same.worst
           if example.answer.label == example.answer_after.label]  # fmt: skip
    assert far == sorted(far, reverse=True)


def multilabel(texts) -> Predictions:
    rows = [[0.9 if "x" in t else 0.2, 0.8 if "y" in t else 0.1] for t in texts]
    n = len(rows)
    zeros = np.zeros(n)
    return Predictions(
        ("ex", "why"),
        "multilabel",
        np.array(rows),
        zeros == 1,
        zeros == 1,
        zeros,
        zeros,
    )


def test_label_sets_are_compared_whole():
    suite = {
        "suite": "sets",
        "labels": {"a": "ex", "b": "why"},
        "tests": [
            {"name": "has", "kind": "minimum", "capability": "c", "checks": "c",
             "label": "b", "texts": ["x y", "x"]},
            {"name": "same", "kind": "invariance", "capability": "c", "checks": "c",
             "margin": None, "pairs": [["x y", "y x"], ["x y", "x"]]},
        ],
    }  # fmt: skip
    has, same = run_suite(suite, multilabel).tests
    assert (has.failures, same.failures) == (1, 1)
    assert same.worst[0].answer.label == "ex, why"
    assert same.worst[0].answer_after.told() == "ex (why 0.10)"


class TestLabels:
    def suite(self, **more):
        test = {"name": "t", "kind": "minimum", "capability": "c", "checks": "c"}
        return {"suite": "s", "tests": [test | {"label": "up", "texts": ["a"]}], **more}

    @pytest.mark.parametrize("names", ["pos", "POS", ["yes", "Pos"], ["x", "pos"]])
    def test_a_name_counts_in_any_case(self, names):
        result = run_suite(self.suite(labels={"up": names}), model())
        assert result.roles == {"up": "pos"}

    def test_a_label_the_model_lacks_is_told(self):
        with pytest.raises(
            ConfigError, match="got no label good, the model|--label up"
        ):
            run_suite(self.suite(labels={"up": "good"}), model())

    def test_a_given_name_goes_before_those_of_the_suite(self):
        suite = self.suite(labels={"up": "pos"})
        assert run_suite(suite, model(), labels={"up": "neg"}).roles == {"up": "neg"}
        with pytest.raises(ConfigError, match="got no label sad"):
            run_suite(suite, model(), labels={"up": "sad"})
        with pytest.raises(ConfigError, match="did you mean `up`"):
            run_suite(suite, model(), labels={"upp": "neg"})

    def test_tests_of_an_optional_label_are_left_out(self):
        suite = self.suite(labels={"up": "nil"}, optional_labels=["up"])
        result = run_suite(suite, model())
        (test,) = result.tests
        assert (test.verdict, test.cases) == ("skipped", 0)
        assert "no label for up" in test.skipped and result.passed


class TestTextsOfTheRun:
    suite = {
        "suite": "own",
        "tests": [
            {"name": "own", "kind": "invariance", "capability": "c", "checks": "c",
             "dev_texts": 5, "changes": ["lower_case"]}
        ],
    }  # fmt: skip

    def test_they_are_drawn_and_changed(self):
        texts = [f"GOOD number {n}" for n in range(50)]
        result = run_suite(self.suite, model("case_matters"), texts=texts)
        assert (result.tests[0].cases, result.tests[0].failures) == (5, 5)
        assert result.texts == 10

    def test_without_them_the_test_is_left_out(self):
        (test,) = run_suite(self.suite, model()).tests
        assert "needs texts" in test.skipped
        (test,) = run_suite(self.suite, model(), texts=["small"]).tests
        assert "apply to none" in test.skipped


def test_a_model_that_answers_too_few_texts_is_refused():
    with pytest.raises(DataError, match="answers to"):
        run_suite(SUITE, lambda texts: model()(texts[:-1]))


def test_a_suite_of_too_many_texts_is_refused_before_the_model_is_asked(monkeypatch):
    monkeypatch.setattr("textclf.behave.cases.MOST_TEXTS", 60)
    with pytest.raises(ConfigError, match="got more than 60 texts up to the test"):
        run_suite(SUITE, lambda texts: pytest.fail("asked"))


def test_open_suite_takes_a_suite_as_it_is():
    suite = open_suite(SUITE)
    assert open_suite(suite) is suite
