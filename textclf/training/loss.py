"""What training makes small, and what each example and label counts in it."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from keras import ops

from textclf.data.dataset import Dataset
from textclf.errors import ConfigError, nearest, one_of


def loss_function(task: str, *, smoothing: float) -> Callable[[Any, Any, Any], Any]:
    """Returns the weighted cross-entropy of a task.

    The function takes float32[batch, outputs] targets, logits and weights. One softmax
    decides for multiclass; binary and multi-label outputs decide for themselves. The
    loss is the mean over texts and, for multi-label, labels, in nats.

    Args:
        task: `binary`, `multiclass` or `multilabel`.
        smoothing: Share of each target spread evenly (Szegedy et al. 2016, section 7).
    """

    def softmax_loss(targets: Any, logits: Any, weights: Any) -> Any:
        targets = targets * (1 - smoothing) + smoothing / targets.shape[-1]
        losses = -ops.sum(targets * ops.log_softmax(logits, axis=-1), axis=-1)
        return ops.mean(weights[:, 0] * losses)

    def sigmoid_loss(targets: Any, logits: Any, weights: Any) -> Any:
        targets = targets * (1 - smoothing) + smoothing / 2
        losses = ops.softplus(logits) - targets * logits
        return ops.mean(weights * losses)

    return softmax_loss if task == "multiclass" else sigmoid_loss


def target_matrix(dataset: Dataset) -> np.ndarray:
    """Returns float32[n, outputs]: one column for binary, one a label otherwise."""
    targets, labels = dataset.targets, dataset.labels
    if labels.task == "binary":
        return targets[:, None].astype(np.float32)
    if labels.task == "multilabel":
        return targets.astype(np.float32)
    return np.eye(len(labels.names), dtype=np.float32)[targets]


def weight_matrix(
    dataset: Dataset, class_weight: str | Mapping[str, float] | None
) -> np.ndarray:
    """Returns float32[n, outputs]: what each example counts at each output.

    With `balanced`, every class adds up to the same weight; for multi-label, the texts
    with a label add up to those without it; such weights average 1 at each output.

    Raises:
        ConfigError: A named label does not exist, or every weight is zero.
    """
    targets = target_matrix(dataset)
    if class_weight is None:
        return np.ones_like(targets)
    if isinstance(class_weight, str):
        return _balanced(dataset, targets)
    return _by_name(dataset, targets, class_weight)


def _balanced(dataset: Dataset, targets: np.ndarray) -> np.ndarray:
    if dataset.labels.task == "multilabel":
        share = targets.mean(axis=0)
        # A label that all or no texts have weighs 1: there is nothing to balance.
        share = np.where((share > 0) & (share < 1), share, 0.5)
        return np.where(targets > 0, 0.5 / share, 0.5 / (1 - share)).astype(np.float32)
    counts = np.bincount(dataset.targets, minlength=len(dataset.labels.names))
    a_class = len(targets) / (np.count_nonzero(counts) * np.maximum(counts, 1))
    return _spread(a_class[dataset.targets], targets)


def _by_name(
    dataset: Dataset, targets: np.ndarray, class_weight: Mapping[str, float]
) -> np.ndarray:
    names = dataset.labels.names
    for name in class_weight:
        if name not in names:
            near = nearest(name, names)
            raise ConfigError(
                f"got the label {name!r}, the training data have {one_of(names)}",
                where="training.class_weight",
                fix=f"did you mean {near!r}?" if near else None,
            )
    weights = np.array([class_weight.get(name, 1.0) for name in names])
    if not weights.any():
        raise ConfigError("got only zeros", where="training.class_weight")
    if dataset.labels.task == "multilabel":
        return np.where(targets > 0, weights, 1.0).astype(np.float32)
    return _spread(weights[dataset.targets], targets)


def _spread(weights: np.ndarray, targets: np.ndarray) -> np.ndarray:
    return np.broadcast_to(weights[:, None], targets.shape).astype(np.float32)
