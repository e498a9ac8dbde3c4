"""Bootstrap intervals equal a slow plain bootstrap and are numbers for any data."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from textclf.errors import DataError
from textclf.evaluation.intervals import Interval, _cells, _resampled, bootstrap
from textclf.evaluation.metrics import agreement, score
from textclf.evaluation.predictions import MULTICLASS, MULTILABEL, Predictions


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
@given(n=st.integers(1, 30), k=st.integers(2, 5), seed=st.integers(0, 999))
def test_scores_of_a_resample_equal_those_of_its_texts(task, n, k, seed):
    """The counts of cells hold all that the scores of resampled texts need."""
    predictions, targets = case(n, k, task, seed)
    chosen = predictions.chosen()
    targets = targets.astype(chosen.dtype)
    cells = _cells(targets, chosen, k)
    one_hot = np.eye(k, dtype=int)
    sets = (
        (targets, chosen) if task == MULTILABEL else (one_hot[targets], one_hot[chosen])
    )
    pairs = [tuple(row) for row in np.concatenate(sets, axis=1).astype(int)]
    both = np.concatenate([cells.truth.toarray(), cells.chosen.toarray()], axis=1)
    keys = [tuple(row) for row in both.astype(int)]
    assert dict(zip(keys, cells.sizes, strict=True)) == Counter(pairs)
    drawn = np.random.default_rng(seed).integers(0, n, n)
    tally = Counter(pairs[row] for row in drawn)
    counts = np.array([[float(tally[key]) for key in keys]])
    got = _resampled(counts, cells)
    for name, value in agreement(chosen[drawn], targets[drawn], task=task).items():
        assert got[name][0] == pytest.approx(value)


@tasks
def test_equals_a_slow_plain_bootstrap(task):
    predictions, targets = case(120, 4, task, seed=3)
    chosen, rng = predictions.chosen(), np.random.default_rng(5)
    slow = [
        agreement(chosen[rows], targets[rows].astype(chosen.dtype), task=task)
        for rows in rng.integers(0, 120, (300, 120))
    ]
    got = bootstrap(predictions, targets, seed=7, resamples=4000)
    assert set(got) == set(slow[0])
    for name, interval in got.items():
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
        assert 0.0 <= interval.low <= interval.high <= 1.0


def test_nothing_true_and_nothing_predicted_gives_numbers():
    rows, marks = np.zeros((2, 3)), np.zeros(2, dtype=bool)
    names = ("a", "b", "c")
    empty = Predictions(names, MULTILABEL, rows, marks, marks, *np.zeros((2, 2)))
    got = bootstrap(empty, np.zeros((2, 3), dtype=int), seed=1)
    assert got["accuracy"] == Interval(1.0, 1.0)
    assert got["macro_f1"] == got["micro_f1"] == Interval(0.0, 0.0)


@tasks
def test_the_seed_and_nothing_else_decides(task, monkeypatch):
    predictions, targets = case(60, 4, task, seed=2)
    first = bootstrap(predictions, targets, seed=1)
    monkeypatch.setattr("textclf.evaluation.intervals._DRAWN_AT_ONCE", 100)
    assert bootstrap(predictions, targets, seed=1) == first
    assert bootstrap(predictions, targets, seed=2) != first


def test_refuses_no_texts_and_a_crossed_interval():
    predictions, targets = case(0, 2, MULTICLASS, seed=1)
    with pytest.raises(DataError, match="no texts"):
        bootstrap(predictions, targets, seed=1)
    with pytest.raises(DataError, match="low <= high"):
        Interval(0.6, 0.5)
    with pytest.raises(DataError, match="low <= high"):
        Interval(float("nan"), 0.5)
