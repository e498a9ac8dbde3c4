"""What an epoch brought where texts count differently."""

import numpy as np
import numpy.typing as npt

from textclf.evaluation.metrics import checked_targets
from textclf.evaluation.predictions import Predictions

_TINY = float(np.finfo(np.float64).eps)


def weighted_scores(
    predictions: Predictions, targets: npt.ArrayLike, weights: np.ndarray
) -> dict[str, float]:
    """Returns `log_loss`, `accuracy` and `macro_f1` of texts with weights.

    With equal weights they are those of `metrics.score`.

    Args:
        predictions: Of n texts.
        targets: int[n] label ids, or a {0, 1}[n, k] multi-hot.
        weights: [n], not all 0.

    Raises:
        DataError: The targets do not fit the predictions.
    """
    from sklearn.metrics import f1_score

    n, k = len(predictions), len(predictions.labels)
    truth = checked_targets(targets, n=n, k=k, task=predictions.task)
    chosen, many = predictions.chosen(), truth.ndim == 2
    right = (chosen == truth).all(axis=1) if many else chosen == truth
    hot = truth if many else np.eye(k, dtype=bool)[truth]
    picked = chosen if many else np.eye(k, dtype=bool)[chosen]
    seen = np.flatnonzero((hot | picked).any(axis=0))
    macro = 0.0
    if len(seen):
        options = {"labels": seen, "average": "macro", "zero_division": 0}
        macro = f1_score(truth, chosen, sample_weight=weights, **options)
    return {
        "log_loss": float(np.average(_losses(predictions, hot), weights=weights)),
        "accuracy": float(np.average(right, weights=weights)),
        "macro_f1": float(macro),
    }


def _losses(predictions: Predictions, hot: np.ndarray) -> np.ndarray:
    """Returns float64[n], the loss of each text in nats; a mean over several labels."""
    chances = np.clip(predictions.probabilities, _TINY, 1 - _TINY)
    if predictions.task != "multilabel":
        return np.asarray(-np.log(chances[hot]))
    return np.asarray(-np.log(np.where(hot, chances, 1 - chances)).mean(axis=1))
