"""What training makes small."""

from collections.abc import Callable
from typing import Any

from keras import ops

Loss = Callable[[Any, Any, Any], Any]
"""Takes float32[batch, outputs] targets, logits and weights; returns one number."""
MARGIN = 8.0
"""How far a logit keeps from 0, on its label's side, before it costs nothing.

The slope at 0 is 1 whatever the margin is, so rates mean what they mean for a
cross-entropy. Of 2 to 32, 8 was best on held-out questions of TREC; on short opinions 4
was better (benchmarks/NOTES.md).
"""


def cross_entropy(task: str, *, smoothing: float) -> Loss:
    """Returns the weighted cross-entropy of a task.

    One softmax decides for multiclass; binary and multi-label outputs decide for
    themselves. The loss is the mean over texts and, for multi-label, labels, in nats.

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


def squared_hinge(task: str) -> Loss:
    """Returns the weighted squared hinge loss of every label against all others.

    A logit that is `MARGIN` or more on the side of its target costs nothing, others
    cost the square of what they lack: the loss of linear support vectors (Fan et al.
    2008, section 2), each label a machine of its own (Rifkin and Klautau 2004). The
    loss is the mean over texts and, for multi-label, labels; for multiclass the sum
    over labels.

    Args:
        task: `binary`, `multiclass` or `multilabel`.
    """

    def loss(targets: Any, logits: Any, weights: Any) -> Any:
        lacking = ops.relu(1 - (2 * targets - 1) * logits / MARGIN)
        losses = weights * MARGIN / 2 * ops.square(lacking)
        if task == "multiclass":
            losses = ops.sum(losses, axis=-1)
        return ops.mean(losses)

    return loss
