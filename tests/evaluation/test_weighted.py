"""Scores where texts count differently."""

import numpy as np
import pytest

from textclf.evaluation.metrics import score
from textclf.evaluation.predictions import Predictions, concatenate
from textclf.evaluation.weighted import weighted_scores

NAMES = ("log_loss", "accuracy", "macro_f1")


def drawn(task: str, n: int) -> tuple[Predictions, np.ndarray]:
    rng = np.random.default_rng(5)
    k = 2 if task == "binary" else 3
    chances = rng.random((n, k))
    targets = rng.integers(0, 2, (n, k))
    if task != "multilabel":
        chances /= chances.sum(axis=1, keepdims=True)
        targets = rng.integers(0, k, n)
    flags = np.zeros(n)
    labels = ("a", "b", "c")[:k]
    return Predictions(labels, task, chances, flags, flags, flags, flags), targets


@pytest.mark.parametrize("task", ["binary", "multiclass", "multilabel"])
def test_a_weight_counts_as_so_many_copies(task):
    predictions, targets = drawn(task, 20)
    weights = np.random.default_rng(6).integers(1, 4, 20)
    rows = np.repeat(np.arange(20), weights)
    columns = ("probabilities", "empty", "truncated", "unknown", "built")
    copied = Predictions(
        predictions.labels,
        task,
        *(getattr(predictions, name)[rows] for name in columns),
    )
    expected = score(copied, targets[rows])
    got = weighted_scores(predictions, targets, weights)
    assert got == {name: pytest.approx(getattr(expected, name)) for name in NAMES}


@pytest.mark.parametrize("task", ["binary", "multiclass", "multilabel"])
def test_without_weights_they_are_the_scores_of_reports(task):
    predictions, targets = drawn(task, 50)
    expected = score(predictions, targets)
    got = weighted_scores(predictions, targets, None)
    assert got == {name: pytest.approx(getattr(expected, name)) for name in NAMES}


def test_one_sure_mistake_is_no_infinite_loss():
    predictions, _ = drawn("binary", 1)
    sure = Predictions(
        ("a", "b"), "binary", np.array([[0.0, 1.0]]), *([np.zeros(1)] * 4)
    )
    both = concatenate([predictions, sure])
    found = weighted_scores(both, np.array([0, 0]), np.array([1.0, 1.0]))
    assert np.isfinite(found["log_loss"])
