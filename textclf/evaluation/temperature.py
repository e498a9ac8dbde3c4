"""Temperature scaling: one number that makes probabilities believable."""

import numpy as np
import numpy.typing as npt

from textclf.evaluation.decision import LEAST_TEMPERATURE, MOST_TEMPERATURE
from textclf.evaluation.predictions import (
    BINARY,
    MULTICLASS,
    Floats,
    probabilities_from_logits,
)


def fit_temperature(logits: npt.ArrayLike, truth: npt.NDArray[np.int64]) -> float:
    """Returns the temperature with the least negative log-likelihood.

    The likelihood is concave in 1 / temperature, so there is one best value, and the
    sign of the derivative tells on which side it lies. Where the model errs in nothing
    there is none: any smaller one would be better; then the answer is 1.

    Args:
        logits: float[n, outputs] of texts that the model was not trained on.
        truth: Their labels as outputs: int[n] of a multiclass task with `outputs`
            columns, else {0, 1}[n, outputs].

    Returns:
        A number within the limits of `Decision.temperature`.
    """
    from scipy.optimize import brentq

    numbers = np.asarray(logits, dtype=np.float64)
    if not len(numbers) or _errs_in_nothing(numbers, truth):
        return 1.0

    def slope(log_scale: float) -> float:
        return _slope(numbers, truth, float(np.exp(log_scale)))

    low, high = -np.log(MOST_TEMPERATURE), -np.log(LEAST_TEMPERATURE)
    if slope(low) >= 0.0:
        return 1.0 if not numbers.any() else MOST_TEMPERATURE
    if slope(high) <= 0.0:
        return LEAST_TEMPERATURE
    return float(np.exp(-brentq(slope, low, high, xtol=1e-6)))


def as_outputs(truth: npt.NDArray[np.int64], task: str) -> npt.NDArray[np.int64]:
    """Returns targets in the shape of a model's outputs: binary ids as a column."""
    return truth[:, None] if task == BINARY else truth


def _errs_in_nothing(logits: Floats, truth: npt.NDArray[np.int64]) -> bool:
    if truth.ndim == 1:
        own = logits[np.arange(len(truth)), truth]
        return bool((logits.max(axis=1) <= own).all())
    return bool((np.where(truth > 0, logits, -logits) >= 0.0).all())


def _slope(logits: Floats, truth: npt.NDArray[np.int64], scale: float) -> float:
    """Returns the derivative of the mean loss by the scale, 1 / temperature."""
    if truth.ndim == 1:
        likely = probabilities_from_logits(scale * logits, MULTICLASS)
        own = logits[np.arange(len(truth)), truth]
        return float(np.mean((likely * logits).sum(axis=1) - own))
    likely = np.exp(-np.logaddexp(0.0, -scale * logits))
    return float(np.mean((likely - truth) * logits))
