"""Compiled: predicting and learning."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from textclf.backend.choice import is_tensorflow
from textclf.backend.local import (
    LocalBatch,
    LocalRows,
    hosted,
    local_batch,
    local_rows,
)


@dataclass(frozen=True)
class Step:
    """Learns from one batch: one step of all trainable weights.

    Attributes:
        prepare: Makes of int32[batch, width] ids and of float32[batch, outputs] targets
            and weights what `learn` takes; may run in another thread, ahead of it.
        learn: Gives the loss and the float32[batch, outputs] logits from before the
            update.
        rate: Sets the learning rate of the steps that follow.
    """

    prepare: Callable[[np.ndarray, np.ndarray, np.ndarray], Any]
    learn: Callable[[Any], tuple[float, np.ndarray]]
    rate: Callable[[float], None]

    def __call__(
        self, ids: np.ndarray, targets: np.ndarray, weights: np.ndarray
    ) -> tuple[float, np.ndarray]:
        """Prepares a batch and learns from it."""
        return self.learn(self.prepare(ids, targets, weights))


def compiled_forward(model: Any) -> Callable[..., Any]:
    """Returns a function int32[batch, width] -> NumPy float32[batch, outputs].

    Its second argument, float32[g, dim] or None, are rows for the ids that follow those
    of the tables. On TensorFlow it is traced once for all shapes.

    Args:
        model: As in `compiled_step`.
    """
    if not is_tensorflow():
        return lambda ids, guests=None: _answer(model, ids, guests)
    import tensorflow as tf

    def forward(batch: LocalBatch, guests: Any = None) -> Any:
        with local_rows(LocalRows(batch, guests=guests)):
            return model(batch.places, training=False)

    floats = tf.TensorSpec([None, None], tf.float32)
    alone = tf.function(forward, [_batch_signature()])
    hosting = tf.function(forward, [_batch_signature(), floats])

    def run(ids: np.ndarray, guests: np.ndarray | None = None) -> np.ndarray:
        batch = local_batch(ids)
        answer = alone(batch) if guests is None else hosting(batch, guests)
        result: np.ndarray = answer.numpy()
        return result

    return run


def _answer(model: Any, ids: np.ndarray, guests: np.ndarray | None) -> Any:
    from keras import ops

    with hosted(guests):
        return ops.convert_to_numpy(model(ids, training=False))


def compiled_step(
    model: Any,
    optimizer: Any,
    loss: Callable[..., Any],
    *,
    clip_norm: float | None = None,
) -> Step:
    """Compiles the step of a model.

    Args:
        model: A Keras model of int32[batch, width] padded ids. It may use them only as
            rows of tables, through `word_vectors` and `pooled_vectors`, and as padding.
        optimizer: A Keras optimiser, not yet built.
        loss: Takes float32[batch, outputs] targets, logits and weights.
        clip_norm: Bound on the norm of all gradients together (Pascanu et al. 2013).
    """
    optimizer.build(model.trainable_variables)
    if is_tensorflow():
        return _tensorflow_step(model, optimizer, loss, clip_norm)
    optimizer.global_clipnorm = clip_norm
    return _keras_step(model, optimizer, loss)


def _rate_of(optimizer: Any) -> Callable[[float], None]:
    def rate(value: float) -> None:
        optimizer.learning_rate = value

    return rate


def _tensorflow_step(
    model: Any, optimizer: Any, loss: Callable[..., Any], clip_norm: float | None
) -> Step:
    import tensorflow as tf

    variables = model.trainable_variables
    floats = tf.TensorSpec([None, model.output_shape[-1]], tf.float32)

    def learn(batch: LocalBatch, targets: Any, weights: Any) -> tuple[Any, Any]:
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch([variable.value for variable in variables])
            rows = LocalRows(batch, tape=tape)
            with local_rows(rows):
                logits = model(batch.places, training=True)
            total = loss(targets, logits, weights) + sum(model.losses)
        found = tape.gradient(total, [rows.source(variable) for variable in variables])
        if clip_norm is not None:
            found, _ = tf.clip_by_global_norm(found, clip_norm)
        pairs = zip(variables, found, strict=True)
        optimizer.apply([rows.gradient(*pair) for pair in pairs], variables)
        return total, logits

    whole = tf.function(learn, [_batch_signature(), floats, floats])
    # Called by what it was traced to: to look that up takes a tenth of a small step.
    step = whole.get_concrete_function()

    def run(prepared: Any) -> tuple[float, np.ndarray]:
        total, logits = step(*prepared)
        return float(total), logits.numpy()

    def prepare(ids: np.ndarray, targets: np.ndarray, weights: np.ndarray) -> Any:
        batch = LocalBatch(*map(tf.constant, local_batch(ids)))
        return batch, tf.constant(targets), tf.constant(weights)

    return Step(prepare, run, _rate_of(optimizer))


def _batch_signature() -> LocalBatch:
    import tensorflow as tf

    lists = [tf.TensorSpec([None], tf.int32)] * (len(LocalBatch._fields) - 1)
    return LocalBatch(tf.TensorSpec([None, None], tf.int32), *lists)


def _keras_step(model: Any, optimizer: Any, loss: Callable[..., Any]) -> Step:
    """The same step by `train_on_batch`; weights travel beside the targets."""
    from keras import ops

    def packed_loss(packed: Any, logits: Any) -> Any:
        targets, weights = ops.split(packed, 2, axis=-1)
        return loss(targets, logits, weights)

    model.compile(optimizer=optimizer, loss=packed_loss)

    def run(prepared: Any) -> tuple[float, np.ndarray]:
        ids, packed = prepared
        logits = ops.convert_to_numpy(model(ids, training=False))
        return float(model.train_on_batch(ids, packed)), logits

    def prepare(ids: np.ndarray, targets: np.ndarray, weights: np.ndarray) -> Any:
        return ids, np.concatenate([targets, weights], axis=-1)

    return Step(prepare, run, _rate_of(optimizer))
