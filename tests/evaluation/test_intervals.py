"""Bootstrap intervals equal a slow plain bootstrap and are numbers for any data."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint

from textclf.errors import DataError
from textclf.evaluation.intervals import (
    Interval,
    bootstrap,
    drawn_times,
    resample,
)
from textclf.evaluation.metrics import agreement, checked_targets, score
from textclf.evaluation.predictions import (
    BINARY,
    MULTICLASS,
    MULTILABEL,
    Predictions,
    probabilities_from_logits,
)
from textclf.evaluation.tally import Tally


def case(n: int, k: int, task: str, seed: int, accuracy: float = 0.7):
    rng = np.random.default_rng(seed)
    marks = np.zeros(n, dtype=bool)
    if task == MULTILABEL:
        targets = rng.random((n, k)) < 0.3
        right = rng.random((n, k)) < accuracy
        rows = np.where(targets == right, 0.9, 0.1)
    else:
        targets = np.minimum(rng.geometric(0.4, n) - 1, k - 1)
        chosen = np.where(rng.random(n) < accuracy, targets, rng.integers(0, k, n))
        rows = np.full((n, k), 0.1 / k)
        rows[np.arange(n), chosen] += 0.9
    names = tuple(map(str, range(k)))
    return Predictions(names, task, rows, marks, marks, *np.zeros((2, n))), targets


tasks = pytest.mark.parametrize("task", [MULTICLASS, MULTILABEL])


@tasks
def test_equals_a_slow_plain_bootstrap(task):
    predictions, targets = case(120, 4, task, seed=3)
    chosen, rng = predictions.chosen(), np.random.default_rng(5)
    slow = [
        agreement(chosen[rows], targets[rows].astype(chosen.dtype), task=task)
        for rows in rng.integers(0, 120, (300, 120))
    ]
    got = bootstrap(predictions, targets, seed=7, resamples=2000)
    assert set(got) >= set(slow[0])
    for name in slow[0]:
        interval = got[name]
        values = [row[name] for row in slow]
        # Some four standard errors of the quantiles of 300 values.
        slack = 0.6 * float(np.std(values))
        low, high = np.quantile(values, [0.025, 0.975])
        assert interval.low == pytest.approx(low, abs=slack)
        assert interval.high == pytest.approx(high, abs=slack)


def test_width_is_that_of_the_binomial_law():
    predictions, targets = case(2000, 2, MULTICLASS, seed=1, accuracy=0.6)
    interval = bootstrap(predictions, targets, seed=1)["accuracy"]
    accuracy = score(predictions, targets).accuracy
    sigma = (accuracy * (1 - accuracy) / 2000) ** 0.5
    assert interval.high - interval.low == pytest.approx(2 * 1.96 * sigma, rel=0.1)
    assert interval.low < accuracy < interval.high


@tasks
@given(n=st.integers(1, 4), k=st.integers(2, 4), seed=st.integers(0, 99))
def test_tiny_data_gives_numbers(task, n, k, seed):
    predictions, targets = case(n, k, task, seed)
    for interval in bootstrap(predictions, targets, seed=seed, resamples=50).values():
        assert -1.0 <= interval.low <= interval.high


def test_nothing_true_and_nothing_predicted_gives_numbers():
    rows, marks = np.zeros((2, 3)), np.zeros(2, dtype=bool)
    names = ("a", "b", "c")
    empty = Predictions(names, MULTILABEL, rows, marks, marks, *np.zeros((2, 2)))
    got = bootstrap(empty, np.zeros((2, 3), dtype=int), seed=1)
    assert got["accuracy"] == Interval.wilson(1.0, 2)
    assert got["micro_f1"] == Interval.wilson(0.0, 2)
    assert got["macro_f1"] == Interval(0.0, 1.0)  # of no text at all


@tasks
@given(n=st.integers(1, 30), k=st.integers(2, 5), seed=st.integers(0, 999))
def test_measures_of_a_sample_equal_those_of_its_texts(task, n, k, seed):
    """Sums over texts hold all that the scores of drawn texts need."""
    predictions, targets = case(n, k, task, seed)
    rng = np.random.default_rng(seed)
    likely = rng.random((n, k)).round(1)  # with ties
    if task == MULTICLASS:
        likely = (likely + 0.01) / (likely + 0.01).sum(axis=1, keepdims=True)
    predictions = replace(predictions, probabilities=likely)
    truth = checked_targets(targets, n=n, k=k, task=task)
    rows = rng.integers(0, n, n)
    times = np.bincount(rows, minlength=n)[:, None].astype(float)
    got = Tally.of(predictions, truth)(times)
    flags = (np.zeros(n, dtype=bool),) * 2 + (np.zeros(n),) * 2
    drawn = Predictions(predictions.labels, task, likely[rows], *flags)
    scores = score(drawn, truth[rows])
    for name, values in got.measures.items():
        expected = getattr(scores, name)
        if expected is None:
            assert np.isnan(values[0])
        else:
            assert values[0] == pytest.approx(expected, abs=1e-9), name
    for name, values in got.per_label.items():
        expected = [getattr(row, name) for row in scores.per_label]
        assert values[:, 0] == pytest.approx(expected)


@given(n=st.integers(1, 3000), share=st.floats(0, 1))
def test_the_interval_of_a_share_is_that_of_wilson(n, share):
    got = Interval.wilson(share, n)
    expected = proportion_confint(share * n, n, method="wilson")
    assert (got.low, got.high) == pytest.approx(expected, abs=1e-9)
    assert 0.0 <= got.low <= share <= got.high <= 1.0


@tasks
@pytest.mark.parametrize("accuracy", [0.0, 1.0])
def test_all_right_or_all_wrong_is_not_certain(task, accuracy):
    """All samples have one score then; the interval is still that of so few texts."""
    marks, n = np.zeros(12, dtype=bool), 12
    targets = np.arange(n) % 2
    rows = np.eye(2)[targets if accuracy else 1 - targets] * 0.8 + 0.1
    parts = (marks, marks, *np.zeros((2, n)))
    predictions = Predictions(("a", "b"), task, rows, *parts)
    if task == MULTILABEL:
        targets = np.eye(2, dtype=int)[targets]
    drawn = resample(predictions, targets, seed=1)
    expected = proportion_confint(accuracy * n, n, method="wilson")
    found = drawn.intervals()
    for name in ("accuracy", "macro_f1", "weighted_f1"):
        got = (found[name].low, found[name].high)
        assert got == pytest.approx(expected), name
    certain = {"mcc", "roc_auc", "average_precision", "brier"}  # no share of texts
    assert certain <= set(drawn.measures) and not certain & set(found)
    of_label = proportion_confint(accuracy * 6, 6, method="wilson")
    for own in drawn.label_intervals():
        assert (own["recall"].low, own["recall"].high) == pytest.approx(of_label)


def test_a_mean_over_labels_is_no_surer_than_its_rare_label():
    marks = np.zeros(40, dtype=bool)
    targets = np.array([1] + [0] * 39)
    parts = (marks, marks, *np.zeros((2, 40)))
    rows = np.eye(2)[targets] * 0.8 + 0.1
    found = bootstrap(Predictions(("a", "b"), BINARY, rows, *parts), targets, seed=1)
    assert found["balanced_accuracy"].low < 0.6 < 0.9 < found["accuracy"].low


def test_samples_are_texts_drawn_with_replacement():
    times = np.concatenate(list(drawn_times(40, seed=3, resamples=500)), axis=1)
    assert times.shape == (40, 500)
    assert (times.sum(axis=0) == 40).all()
    assert times.mean() == 1.0
    assert times.var() == pytest.approx(1 - 1 / 40, rel=0.05)


def test_two_models_are_resampled_alike():
    """Where they give the same answers, they have the same scores in each sample."""
    one, targets = case(50, 3, MULTICLASS, seed=1)
    turned = replace(one, labels=("x", "y", "z"))
    other, _ = case(50, 3, MULTICLASS, seed=8)
    first, again, alien = (
        resample(made, targets, seed=5).measures["accuracy"]
        for made in (one, turned, other)
    )
    assert np.array_equal(first, again)
    assert not np.array_equal(first, alien)


@pytest.mark.parametrize("name", ["accuracy", "log_loss", "roc_auc", "ece", "mcc"])
def test_intervals_hold_the_value_of_all_texts_as_often_as_they_say(name):
    """A world of many texts, of which each model sees 300."""
    rng = np.random.default_rng(7)
    logits = rng.normal(0, 1.2, (60_000, 1))
    truth = (rng.random(60_000) < 1 / (1 + np.exp(-0.7 * logits[:, 0]))).astype(int)
    likely = probabilities_from_logits(logits, BINARY)
    marks, shares = np.zeros(60_000, dtype=bool), np.zeros(60_000)
    parts = (marks, marks, shares, shares)
    world = Predictions(("no", "yes"), BINARY, likely, *parts)
    value, held = getattr(score(world, truth), name), 0
    for start in range(0, 60_000, 1500):
        some = slice(start, start + 300)
        cut = [part[some] for part in parts]
        seen = Predictions(("no", "yes"), BINARY, likely[some], *cut)
        interval = bootstrap(seen, truth[some], seed=start, resamples=200)[name]
        held += interval.low <= value <= interval.high
    assert held >= (30 if name == "ece" else 34)  # of 40


@tasks
def test_labels_have_intervals_of_their_own(task):
    predictions, targets = case(300, 4, task, seed=9)
    found = resample(predictions, targets, seed=1).label_intervals()
    rows = score(predictions, targets).per_label
    assert len(found) == 4
    for own, row in zip(found, rows, strict=True):
        for name, interval in own.items():
            assert interval.low <= getattr(row, name) <= interval.high
            assert interval.high - interval.low < 0.5


@tasks
def test_the_seed_and_nothing_else_decides(task, monkeypatch):
    predictions, targets = case(60, 4, task, seed=2)
    first = bootstrap(predictions, targets, seed=1)
    monkeypatch.setattr("textclf.evaluation.intervals._DRAWN_AT_ONCE", 100)
    again = bootstrap(predictions, targets, seed=1)
    assert set(again) == set(first)
    for name, interval in again.items():
        assert interval.low == pytest.approx(first[name].low, abs=1e-12)
        assert interval.high == pytest.approx(first[name].high, abs=1e-12)
    assert bootstrap(predictions, targets, seed=2) != first


def test_refuses_no_texts_and_a_crossed_interval():
    predictions, targets = case(0, 2, MULTICLASS, seed=1)
    with pytest.raises(DataError, match="no texts"):
        bootstrap(predictions, targets, seed=1)
    with pytest.raises(DataError, match="low <= high"):
        Interval(0.6, 0.5)
    with pytest.raises(DataError, match="low <= high"):
        Interval(float("nan"), 0.5)
