"""What an epoch brought, also where texts count differently."""

import numpy as np
import numpy.typing as npt

from textclf.evaluation.metrics import checked_targets
from textclf.evaluation.predictions import Predictions

_TINY = float(np.finfo(np.float64).eps)


def weighted_scores(
    predictions: Predictions, targets: npt.ArrayLike, weights: np.ndarray | None
) -> dict[str, float]:
    """Returns `log_loss`, `accuracy` and `macro_f1` of texts with weights.

    With equal weights they are those of `metrics.score`, at a tenth of its cost.

    Args:
        predictions: Of n texts.
        targets: int[n] label ids, or a {0, 1}[n, k] multi-hot.
        weights: [n], not all 0; None: equal.

    Raises:
        DataError: The targets do not fit the predictions.
    """
    n, k = len(predictions), len(predictions.labels)
    truth = checked_targets(targets, n=n, k=k, task=predictions.task)
    chosen, many = predictions.chosen(), truth.ndim == 2
    right = (chosen == truth).all(axis=1) if many else chosen == truth
    hot = truth if many else np.eye(k, dtype=bool)[truth]
    picked = chosen if many else np.eye(k, dtype=bool)[chosen]
    counts = np.ones(n) if weights is None else np.asarray(weights, dtype=np.float64)
    return {
        "log_loss": float(np.average(_losses(predictions, hot), weights=counts)),
        "accuracy": float(np.average(right, weights=counts)),
        "macro_f1": _macro_f1(hot, picked, counts),
    }


def _macro_f1(hot: np.ndarray, picked: np.ndarray, counts: np.ndarray) -> float:
    """Returns the mean F1 of the labels that occur; F1 without cases is 0."""
    seen = (hot | picked).any(axis=0)
    if not seen.any():  # a multi-label task in which nothing is or was predicted
        return 0.0
    both = counts @ (hot & picked)
    either = counts @ hot + counts @ picked
    f1 = np.divide(2 * both, either, out=np.zeros_like(both), where=either > 0)
    return float(f1[seen].mean())


def _losses(predictions: Predictions, hot: np.ndarray) -> np.ndarray:
    """Returns float64[n], the loss of each text in nats; a mean over several labels."""
    chances = np.clip(predictions.probabilities, _TINY, 1 - _TINY)
    if predictions.task != "multilabel":
        return np.asarray(-np.log(chances[hot]))
    return np.asarray(-np.log(np.where(hot, chances, 1 - chances)).mean(axis=1))
