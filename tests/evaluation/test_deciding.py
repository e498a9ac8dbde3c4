"""The decision: each part against a slow plain search, and from the dev texts only."""

import itertools
from functools import partial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from textclf.config.decision import AbstainConfig, DecisionConfig
from textclf.errors import ArtefactError, ConfigError, DataError
from textclf.evaluation.calibration import calibration
from textclf.evaluation.coverage import RiskCoverage
from textclf.evaluation.deciding import decide
from textclf.evaluation.decision import NEUTRAL, Decision
from textclf.evaluation.predictions import (
    BINARY,
    MULTICLASS,
    MULTILABEL,
    TASKS,
    Predictions,
    concatenate,
    probabilities_from_logits,
)
from textclf.evaluation.temperature import as_outputs, fit_temperature
from textclf.evaluation.thresholds import (
    Cuts,
    binary_threshold,
    label_thresholds,
    steady,
)

LABELS = {BINARY: ("no", "yes"), MULTICLASS: tuple("abcd"), MULTILABEL: tuple("abc")}
tasks = pytest.mark.parametrize("task", TASKS)


def drawn(task, n, *, seed, sharpness=1.0):
    """Logits that are `sharpness` times too large, and labels drawn as they say."""
    rng = np.random.default_rng(seed)
    outputs = 1 if task == BINARY else len(LABELS[task])
    honest = rng.normal(0.0, 1.5, (n, outputs))
    likely = probabilities_from_logits(honest, task)
    if task == MULTILABEL:
        truth = (rng.random(likely.shape) < likely).astype(np.int64)
    else:
        cumulated = likely.cumsum(axis=1)
        truth = (rng.random((n, 1)) > cumulated).sum(axis=1)
        truth = np.minimum(truth, likely.shape[1] - 1)
    return honest * sharpness, truth


def predicted(logits, task, decision=NEUTRAL):
    likely = probabilities_from_logits(decision.tempered(logits), task)
    n = len(likely)
    marks, shares = np.zeros(n, dtype=bool), np.zeros(n)
    return Predictions(
        LABELS[task], task, likely, marks, marks, shares, shares, decision=decision
    )


def decided(logits, truth, task, **asked):
    wanted = DecisionConfig(**asked)
    return decide(
        logits, truth, labels=LABELS[task], task=task, settings=wanted, seed=7
    )


def loss(logits, truth, task, temperature):
    likely = predicted(logits, task, Decision(float(temperature))).probabilities
    if task == MULTILABEL:
        given = np.where(truth > 0, likely, 1 - likely)
    else:
        given = likely[np.arange(len(truth)), truth]
    return float(-np.log(np.maximum(given, 1e-300)).mean())


class TestTemperature:
    @tasks
    @settings(max_examples=25)
    @given(
        n=st.integers(2, 40), seed=st.integers(0, 999), sharpness=st.floats(0.1, 9.0)
    )
    def test_no_other_has_less_loss(self, task, n, seed, sharpness):
        logits, truth = drawn(task, n, seed=seed, sharpness=sharpness)
        fitted = fit_temperature(logits, as_outputs(truth, task))
        best = loss(logits, truth, task, fitted)
        if (predicted(logits, task).chosen() == truth).all():
            assert fitted == 1.0
            return
        for other in np.geomspace(0.05, 20.0, 15):
            assert best <= loss(logits, truth, task, other) + 1e-9

    @tasks
    @pytest.mark.parametrize("sharpness", [0.4, 1.0, 3.0])
    def test_finds_by_how_much_logits_are_too_large(self, task, sharpness):
        logits, truth = drawn(task, 20_000, seed=1, sharpness=sharpness)
        fitted = fit_temperature(logits, as_outputs(truth, task))
        assert fitted == pytest.approx(sharpness, rel=0.05)

    @tasks
    def test_calibrated_probabilities_can_be_believed(self, task):
        logits, truth = drawn(task, 20_000, seed=2, sharpness=4.0)
        decision = decided(logits, truth, task, metric="none").decision
        fresh, fresh_truth = drawn(task, 20_000, seed=3, sharpness=4.0)
        before = calibration(predicted(fresh, task), fresh_truth).ece
        after = calibration(predicted(fresh, task, decision), fresh_truth).ece
        assert before > 0.08
        assert after < 0.015

    @given(
        seed=st.integers(0, 999),
        temperature=st.floats(0.05, 20.0),
        k=st.integers(2, 6),
    )
    def test_the_likeliest_label_never_changes(self, seed, temperature, k):
        logits = np.random.default_rng(seed).normal(0, 20, (50, k)).astype(np.float32)
        decision = Decision(temperature)
        plain = probabilities_from_logits(logits, MULTICLASS).argmax(axis=1)
        warm = probabilities_from_logits(decision.tempered(logits), MULTICLASS)
        assert np.array_equal(warm.argmax(axis=1), plain)

    @pytest.mark.parametrize("logits", [np.zeros((3, 2)), np.zeros((0, 2))])
    def test_nothing_to_learn_leaves_the_logits_alone(self, logits):
        truth = np.zeros(len(logits), dtype=np.int64)
        assert fit_temperature(logits, truth) == 1.0

    def test_a_model_that_is_always_wrong_is_made_as_unsure_as_may_be(self):
        assert fit_temperature([[9.0, 0.0], [8.0, 0.0]], np.array([1, 1])) == 20.0


def slow_best(probabilities, truth, measure):
    """The best value of any cut that chooses a text."""
    return max(measure(truth, probabilities >= cut) for cut in set(probabilities))


def f1(truth, chosen):
    cases = truth.sum() + chosen.sum()
    return 2 * (truth & chosen).sum() / cases if cases else 0.0


def macro_f1(truth, chosen):
    return (f1(truth, chosen) + f1(~truth, ~chosen)) / 2


def mcc(truth, chosen):
    constant = truth.all() or chosen.all() or not truth.any() or not chosen.any()
    return 0.0 if constant else np.corrcoef(truth, chosen)[0, 1]


def balanced(truth, chosen):
    """Recall without cases counts as 0, where scikit-learn leaves it out."""
    recalls = [
        np.mean(chosen[truth == c] == c) if (truth == c).any() else 0.0
        for c in (False, True)
    ]
    return float(np.mean(recalls))


class TestThresholds:
    @pytest.mark.parametrize(
        ("metric", "measure"),
        [
            ("f1", f1),
            ("macro_f1", macro_f1),
            ("balanced_accuracy", balanced),
            ("mcc", mcc),
        ],
    )
    @given(data=st.data())
    def test_the_best_is_as_good_as_any_cut(self, metric, measure, data):
        probabilities, truth = column(data)
        (threshold,) = Cuts.of(probabilities, truth).best(metric)
        got = measure(truth, probabilities >= threshold)
        assert got == pytest.approx(slow_best(probabilities, truth, measure), abs=1e-9)

    @given(data=st.data(), seed=st.integers(0, 99))
    def test_samples_are_as_if_their_texts_were_written_out(self, data, seed):
        probabilities, truth = column(data)
        n = len(truth)
        rows = np.random.default_rng(seed).integers(0, n, (4, n))
        times = np.stack([np.bincount(sample, minlength=n) for sample in rows], axis=1)
        got = Cuts.of(probabilities, truth, times).best("f1")
        for sample, threshold in zip(rows, got, strict=True):
            value = f1(truth[sample], probabilities[sample] >= threshold)
            best = slow_best(probabilities[sample], truth[sample], f1)
            assert value == pytest.approx(best, abs=1e-9)

    def test_steady_is_the_mean_of_log_odds(self):
        likely = np.array([0.1, 0.4, 0.35, 0.8, 0.7, 0.2])
        truth = np.array([0, 0, 1, 1, 1, 0]) > 0
        times = np.random.default_rng(1).integers(0, 3, (6, 9))
        cuts = Cuts.of(likely, truth, times)
        odds = [np.log(t / (1 - t)) for t in np.clip(cuts.best("f1"), 1e-6, 1 - 1e-6)]
        assert np.log(1 / (1 / steady(cuts, "f1") - 1)) == pytest.approx(np.mean(odds))

    def test_rare_labels_share_the_threshold_that_is_best_for_all(self):
        rng = np.random.default_rng(0)
        truth = rng.random((200, 4)) < [0.4, 0.3, 0.02, 0.99]
        likely = np.clip(0.3 * truth + 0.5 * rng.random((200, 4)), 0, 1)
        of = partial(label_thresholds, likely, truth, metric="f1", seed=1)
        found = of(min_texts=10)
        (shared,) = Cuts.of(likely.ravel(), truth.ravel()).best("f1")
        assert found[2] == found[3] == shared
        assert shared not in found[:2]
        assert set(of(min_texts=101)) == {shared}

    @pytest.mark.parametrize("metric", ["f1", "mcc", "balanced_accuracy"])
    def test_raises_what_it_is_chosen_for_on_other_texts(self, metric):
        """Probabilities that are too low for a rare label."""
        rng, measure = np.random.default_rng(2), {"f1": macro_f1, "mcc": mcc}
        truth = rng.random(4000) < 0.1
        likely = 1 / (1 + np.exp(4.0 - 3.0 * truth - rng.normal(0, 1, 4000)))
        dev, test = slice(0, 2000), slice(2000, None)
        threshold = binary_threshold(likely[dev], truth[dev], metric=metric, seed=1)
        value = measure.get(metric, balanced)
        got = value(truth[test], likely[test] >= threshold)
        assert got > value(truth[test], likely[test] >= 0.5) + 0.03

    def test_of_equally_good_cuts_the_nearest_to_one_half(self):
        cuts = Cuts.of(np.array([0.9, 0.8, 0.3, 0.1]), np.array([1, 1, 0, 0]) > 0)
        assert cuts.best("f1") == pytest.approx(0.55)

    @tasks
    def test_only_what_is_asked_for_is_chosen(self, task):
        logits, truth = drawn(task, 300, seed=5)
        assert decided(logits, truth, task, metric="none").decision.thresholds == ()
        chosen = decided(logits, truth, task).decision.thresholds
        assert len(chosen) == (3 if task == MULTILABEL else 0)
        if task == MULTICLASS:
            with pytest.raises(ConfigError, match="multiclass"):
                decided(logits, truth, task, metric="mcc")
        else:
            stated = decided(logits, truth, task, metric="mcc").decision.thresholds
            assert len(stated) == (3 if task == MULTILABEL else 1)

    def test_a_label_without_texts_gets_a_number(self):
        likely = np.full((20, 2), 0.2)
        nothing = np.zeros((20, 2), dtype=bool)
        assert label_thresholds(likely, nothing, metric="f1", min_texts=10, seed=1) == (
            0.5,
            0.5,
        )


def column(data, n=None):
    """Probabilities with ties, and a truth."""
    n = n or data.draw(st.integers(1, 25))
    grid = st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.6, 0.9, 1.0])
    probabilities = data.draw(st.lists(grid, min_size=n, max_size=n))
    truth = data.draw(st.lists(st.booleans(), min_size=n, max_size=n))
    return np.array(probabilities), np.array(truth)


class TestAbstention:
    @tasks
    @given(n=st.integers(1, 40), seed=st.integers(0, 99), share=st.floats(0.01, 1.0))
    def test_coverage_is_met_and_no_text_more(self, task, n, seed, share):
        logits, truth = drawn(task, n, seed=seed)
        target = AbstainConfig(coverage=share)
        decision = decided(logits, truth, task, abstain=target).decision
        answered = ~predicted(logits, task, decision).abstained
        assert answered.mean() >= share - 1e-9
        confidence = predicted(logits, task, decision).confidence()
        unsure = confidence == confidence[answered].min()
        assert (answered & ~unsure).mean() < share

    @tasks
    @given(n=st.integers(1, 40), seed=st.integers(0, 99), wanted=st.floats(0.3, 1.0))
    def test_no_other_confidence_answers_more_as_well(self, task, n, seed, wanted):
        logits, truth = drawn(task, n, seed=seed)
        got = decided(logits, truth, task, abstain=AbstainConfig(accuracy=wanted))
        made = predicted(logits, task, got.decision)
        right = made.chosen() == truth
        right = right.all(axis=1) if task == MULTILABEL else right
        confidence = made.confidence()
        enough = [
            (confidence >= least).mean()
            for least in confidence
            if right[confidence >= least].mean() >= wanted - 1e-9
        ]
        if not enough:
            assert got.decision.abstain is None
            assert "answers every text" in got.notes[0]
        else:
            assert (~made.abstained).mean() == max(enough)
            assert right[~made.abstained].mean() >= wanted - 1e-9

    def test_the_curve_is_that_of_a_plain_count(self):
        logits, truth = drawn(MULTICLASS, 60, seed=4)
        made = predicted(logits, MULTICLASS)
        curve = RiskCoverage.of(made, truth)
        right, confidence = made.chosen() == truth, made.confidence()
        for least, coverage, accuracy in zip(
            curve.confidence, curve.coverage, curve.accuracy, strict=True
        ):
            answered = confidence >= least
            assert coverage == pytest.approx(answered.mean())
            assert accuracy == pytest.approx(right[answered].mean())
        assert curve.coverage[-1] == 1.0
        assert 0.0 <= curve.area() <= 1.0 - right.mean() + 0.2

    def test_a_label_set_is_as_sure_as_all_its_parts(self):
        decision = Decision(1.0, (0.1, 0.5, 0.5))
        made = predicted([[0.0, 0.0, 2.0]], MULTILABEL, decision)
        a, b, c = made.probabilities[0]
        assert made.chosen().tolist() == [[True, True, True]]
        assert made.confidence()[0] == pytest.approx(a * b * c)


class TestDecision:
    @given(
        temperature=st.floats(0.05, 20.0),
        thresholds=st.lists(st.floats(0, 1), max_size=4),
        abstain=st.none() | st.floats(0, 1),
    )
    def test_round_trip(self, temperature, thresholds, abstain):
        decision = Decision(temperature, tuple(thresholds), abstain)
        assert Decision.from_json(decision.to_json()) == decision

    @pytest.mark.parametrize("value", [0.0, -1.0, 21.0, float("nan"), "1", True, None])
    def test_a_temperature_has_limits(self, value):
        with pytest.raises(DataError, match="temperature"):
            Decision(value)
        with pytest.raises(ArtefactError, match="temperature"):
            Decision.from_json(
                {"temperature": value, "thresholds": None, "abstain": None}
            )

    @pytest.mark.parametrize("task", TASKS)
    def test_thresholds_are_as_many_as_the_task_needs(self, task):
        wanted = {BINARY: 1, MULTICLASS: 0, MULTILABEL: 3}[task]
        for number in range(5):
            decision = Decision(1.0, (0.5,) * number)
            if number in (0, wanted):
                decision.check(task, len(LABELS[task]))
            else:
                with pytest.raises(DataError, match="thresholds"):
                    decision.check(task, len(LABELS[task]))

    def test_records_say_who_abstains(self):
        logits = [[3.0], [0.1]]
        plain = list(predicted(logits, BINARY).records())
        assert all("abstained" not in record for record in plain)
        told = list(predicted(logits, BINARY, Decision(abstain=0.8)).records())
        assert [record["abstained"] for record in told] == [False, True]
        assert [record["label"] for record in told] == ["yes", "yes"]

    def test_a_binary_threshold_moves_the_label(self):
        decision = Decision(1.0, (0.3,))
        made = predicted([[-0.5], [-2.0], [0.5]], BINARY, decision)
        assert made.chosen().tolist() == [1, 0, 1]
        assert made.confidence() == pytest.approx(
            [
                made.probabilities[0, 1],
                made.probabilities[1, 0],
                made.probabilities[2, 1],
            ]
        )

    def test_parts_are_joined_with_their_decision(self):
        parts = [predicted([[-0.5]], BINARY, Decision(2.0, (0.3,))) for _ in range(2)]
        assert concatenate(parts).decision == Decision(2.0, (0.3,))
        with pytest.raises(DataError, match="different"):
            concatenate([parts[0], predicted([[-0.5]], BINARY)])


@pytest.mark.parametrize("target", [{}, {"coverage": 0.9, "accuracy": 0.9}])
def test_one_target_of_abstention_is_wanted(target):
    with pytest.raises(ValueError, match="one of coverage and accuracy"):
        AbstainConfig(**target)


def test_every_combination_of_settings_decides():
    for task, temperature, metric in itertools.product(
        TASKS, (True, False), ("auto", "none", "f1", "balanced_accuracy", "mcc")
    ):
        if task == MULTICLASS and metric not in ("auto", "none"):
            continue
        logits, truth = drawn(task, 60, seed=8, sharpness=3.0)
        got = decided(logits, truth, task, temperature=temperature, metric=metric)
        assert (got.decision.temperature != 1.0) == temperature
