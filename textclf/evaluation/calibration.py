"""How far probabilities can be believed."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from textclf.evaluation.predictions import MULTILABEL, Floats, Predictions

BINS = 15


@dataclass(frozen=True)
class Calibration:
    """Two measures of probabilities; 0 is best for both.

    Attributes:
        brier: Mean squared distance between probabilities and truth (Brier 1950),
            summed over labels, for multi-label averaged.
        ece: Expected calibration error (Naeini, Cooper and Hauskrecht 2015): the mean
            gap between confidence and accuracy over 15 equal bins of confidence.
    """

    brier: float
    ece: float


@dataclass(frozen=True, eq=False)
class Reliability:
    """Confidence beside accuracy, bin by bin; NaN where a bin is empty.

    Attributes:
        confidence: float64[bins], mean confidence.
        accuracy: float64[bins], share of right answers.
        count: int64[bins], answers; of a multi-label task an answer a label.
    """

    confidence: Floats
    accuracy: Floats
    count: npt.NDArray[np.int64]


def calibration(predictions: Predictions, targets: npt.ArrayLike) -> Calibration:
    """Measures predictions against label ids int[n], or a {0, 1}[n, k] multi-hot."""
    truth = np.asarray(targets)
    n = max(len(truth), 1)
    gaps = calibration_gaps(predictions, truth).sum(axis=0)
    brier = float(brier_terms(predictions, truth).sum() / n)
    return Calibration(brier, float(np.abs(gaps).sum() / n))


def reliability(predictions: Predictions, targets: npt.ArrayLike) -> Reliability:
    """Returns the reliability diagram of predictions; see `calibration`."""
    sure, right = _answers(predictions, np.asarray(targets))
    sure, right = sure.ravel(), right.ravel()
    bins = _bins(sure)
    count = np.bincount(bins, minlength=BINS)
    sums = [np.bincount(bins, weights=part, minlength=BINS) for part in (sure, right)]
    means = [np.where(count, part / np.maximum(count, 1), np.nan) for part in sums]
    return Reliability(means[0], means[1], count)


def brier_terms(predictions: Predictions, truth: npt.NDArray[Any]) -> Floats:
    """Returns float64[n], what each text adds to n times the Brier score."""
    given = predictions.probabilities
    if predictions.task == MULTILABEL:
        return np.asarray(((given - truth) ** 2).mean(axis=1))
    own = given[np.arange(len(truth)), truth]
    return np.asarray((given**2).sum(axis=1) + (1.0 - own) ** 2 - own**2)


def calibration_gaps(predictions: Predictions, truth: npt.NDArray[Any]) -> Floats:
    """Returns float64[n, bins]: accuracy minus confidence that a text adds to a bin.

    The calibration error is the sum of the absolute sums of the columns, divided by n.
    """
    sure, right = _answers(predictions, truth)
    n, each = sure.shape
    places = np.arange(n)[:, None] * BINS + _bins(sure)
    gaps = ((right - sure) / each).ravel()
    sums = np.bincount(places.ravel(), weights=gaps, minlength=n * BINS)
    return np.asarray(sums, dtype=np.float64).reshape(n, BINS)


def _answers(
    predictions: Predictions, truth: npt.NDArray[Any]
) -> tuple[Floats, npt.NDArray[np.bool_]]:
    """Returns how sure each answer is and whether it is right: [n, 1], or [n, k]."""
    given = predictions.probabilities
    if predictions.task == MULTILABEL:
        yes = given >= 0.5
        return np.where(yes, given, 1.0 - given), yes == (truth > 0)
    right = given.argmax(axis=1) == truth
    return given.max(axis=1)[:, None], right[:, None]


def _bins(sure: Floats) -> npt.NDArray[np.int64]:
    return np.clip((sure * BINS).astype(np.int64), 0, BINS - 1)
