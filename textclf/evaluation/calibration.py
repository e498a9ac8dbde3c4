"""How far probabilities can be believed."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from textclf.evaluation.predictions import MULTILABEL, Predictions

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


def calibration(predictions: Predictions, targets: npt.ArrayLike) -> Calibration:
    """Measures predictions against label ids int[n], or a {0, 1}[n, k] multi-hot."""
    truth, given = np.asarray(targets), predictions.probabilities
    if predictions.task == MULTILABEL:
        confidence, right = _sides(given.ravel(), truth.ravel() > 0)
        return Calibration(
            float(np.mean((given - truth) ** 2)), _ece(confidence, right)
        )
    hot = np.zeros_like(given)
    hot[np.arange(len(truth)), truth] = 1.0
    brier = float(np.mean(np.sum((given - hot) ** 2, axis=1)))
    return Calibration(brier, _ece(given.max(axis=1), given.argmax(axis=1) == truth))


def _sides(
    given: npt.NDArray[np.float64], truth: npt.NDArray[np.bool_]
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.bool_]]:
    """Returns how sure a yes or no is, and whether it is right."""
    yes = given >= 0.5
    return np.where(yes, given, 1 - given), yes == truth


def _ece(confidence: npt.NDArray[np.float64], right: npt.NDArray[np.bool_]) -> float:
    bins = np.minimum((confidence * BINS).astype(np.int64), BINS - 1)
    gaps = np.bincount(bins, weights=right - confidence, minlength=BINS)
    return float(np.abs(gaps).sum() / max(len(right), 1))
