"""Measures equal scikit-learn's."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import (
    average_precision_score,
    balanced_accuracy_score,
    brier_score_loss,
    matthews_corrcoef,
    roc_auc_score,
)

from tests.evaluation.samples import drawn
from textclf.evaluation.calibration import BINS, calibration, reliability
from textclf.evaluation.intervals import Interval
from textclf.evaluation.measures import LOWER_IS_BETTER, NAMES, shown, shown_range
from textclf.evaluation.metrics import score
from textclf.evaluation.predictions import BINARY, MULTICLASS, MULTILABEL, TASKS


def case(task, n, k, seed, *, decimals):
    """Predictions with ties, and targets that need not hold every label."""
    k = 2 if task == BINARY else k
    predictions = drawn(n, k, task, seed)
    rng = np.random.default_rng(seed)
    likely = predictions.probabilities.round(decimals)
    if task != MULTILABEL:
        likely = likely + 10.0**-decimals
        likely = likely / likely.sum(axis=1, keepdims=True)
    predictions = replace(predictions, probabilities=likely)
    if task == MULTILABEL:
        return predictions, (rng.random((n, k)) < 0.3).astype(int)
    return predictions, rng.integers(0, k, n)


def columns(predictions, truth):
    """The labels that can be ranked, as scikit-learn takes them."""
    task, k = predictions.task, len(predictions.labels)
    for place in [1] if task == BINARY else range(k):
        own = truth[:, place] if task == MULTILABEL else (truth == place).astype(int)
        if 0 < own.sum() < len(own):
            yield own, predictions.probabilities[:, place]


cases = given(
    task=st.sampled_from(TASKS),
    n=st.integers(1, 40),
    k=st.integers(2, 5),
    seed=st.integers(0, 999),
    decimals=st.sampled_from([1, 2, 8]),
)


@cases
def test_rankings_are_means_over_labels(task, n, k, seed, decimals):
    predictions, truth = case(task, n, k, seed, decimals=decimals)
    scores, pairs = score(predictions, truth), list(columns(predictions, truth))
    if not pairs:
        assert scores.roc_auc is None and scores.average_precision is None
        return
    area = np.mean([roc_auc_score(*pair) for pair in pairs])
    precision = np.mean([average_precision_score(*pair) for pair in pairs])
    assert scores.roc_auc == pytest.approx(area)
    assert scores.average_precision == pytest.approx(precision)


@pytest.mark.filterwarnings("ignore::UserWarning")
@cases
def test_balance_and_correlation(task, n, k, seed, decimals):
    predictions, truth = case(task, n, k, seed, decimals=decimals)
    scores, chosen = score(predictions, truth), predictions.chosen()
    if task != MULTILABEL:
        balanced = balanced_accuracy_score(truth, chosen)
        assert scores.balanced_accuracy == pytest.approx(balanced)
        assert scores.mcc == pytest.approx(plain_mcc(truth, chosen), abs=1e-9)
        return
    both = [at for at in range(k) if 0 < truth[:, at].sum() < n]
    if not both:
        assert scores.balanced_accuracy is None and scores.mcc is None
        return
    pairs = [(truth[:, at], chosen[:, at].astype(int)) for at in both]
    balanced = np.mean([balanced_accuracy_score(*pair) for pair in pairs])
    assert scores.balanced_accuracy == pytest.approx(balanced)
    correlation = np.mean([plain_mcc(*pair) for pair in pairs])
    assert scores.mcc == pytest.approx(correlation, abs=1e-9)


def plain_mcc(truth, chosen):
    alone = len(set(truth.tolist())) == 1 or len(set(chosen.tolist())) == 1
    return 0.0 if alone else matthews_corrcoef(truth, chosen)


@cases
def test_probabilities_are_measured_as_defined(task, n, k, seed, decimals):
    predictions, truth = case(task, n, k, seed, decimals=decimals)
    scores, likely = score(predictions, truth), predictions.probabilities
    found = calibration(predictions, truth)
    assert (scores.brier, scores.ece) == pytest.approx((found.brier, found.ece))
    if task == BINARY:
        # Ours counts both labels, scikit-learn the second one.
        once = brier_score_loss(truth, likely[:, 1])
        assert scores.brier == pytest.approx(2 * once)
    if task == MULTILABEL:
        sure = np.maximum(likely, 1 - likely).ravel()
        right = ((likely >= 0.5) == (truth > 0)).ravel()
    else:
        sure, right = likely.max(axis=1), likely.argmax(axis=1) == truth
    gap, counted = 0.0, 0
    for low in range(BINS):
        inside = np.minimum((sure * BINS).astype(int), BINS - 1) == low
        counted += inside.sum()
        if inside.any():
            gap += inside.mean() * abs(right[inside].mean() - sure[inside].mean())
    assert counted == sure.size
    assert scores.ece == pytest.approx(gap)
    diagram = reliability(predictions, truth)
    known = diagram.count > 0
    shares = diagram.count[known] / diagram.count.sum()
    gaps = np.abs(diagram.accuracy - diagram.confidence)[known]
    assert (shares * gaps).sum() == pytest.approx(gap)


def test_too_many_labels_are_not_ranked(monkeypatch):
    predictions, truth = case(MULTICLASS, 50, 4, 1, decimals=8)
    assert score(predictions, truth).roc_auc is not None
    monkeypatch.setattr("textclf.evaluation.tally._RANKED", 199)
    scores = score(predictions, truth)
    assert scores.roc_auc is None and scores.mcc is not None


def test_names_are_those_of_scores():
    scores = score(*case(BINARY, 30, 2, 1, decimals=8))
    assert all(hasattr(scores, name) for name in NAMES)
    assert set(LOWER_IS_BETTER) < set(NAMES)
    assert shown("accuracy", 0.5) == "50.0 %" and shown("mcc", -0.25) == "-0.250"
    assert shown_range("ece", Interval(0.01, 0.02)) == "[1.0, 2.0]"
    assert shown_range("brier", Interval(0.01, 0.02)) == "[0.010, 0.020]"
