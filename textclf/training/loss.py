"""What training makes small."""

from collections.abc import Callable
from typing import Any

from keras import ops


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
