"""How the answer of a model changes with the vectors of single words."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

from textclf.backend.choice import prepare
from textclf.backend.given import GivenRows, Places, given_rows
from textclf.backend.made import MadeTable
from textclf.backend.rows import gather_rows

_FAR_BELOW = -1e9


class Question(NamedTuple):
    """Of which number of each text the slope is asked.

    The number is a sum of logits, less the log of the sum of powers of others.

    Attributes:
        picked: float32[batch, outputs], what each logit counts.
        rivals: float32[batch, outputs], 0 for those others and far below 0 for the
            rest; None: there are no others.
    """

    picked: np.ndarray
    rivals: np.ndarray | None


class Slopes(NamedTuple):
    """What a model answers for words at given vectors.

    Attributes:
        values: float32[batch], the number that was asked for.
        gradients: float32[1 + words, dim] for each table, by the vectors given.
    """

    values: np.ndarray
    gradients: list[np.ndarray]


class SlopeOf:
    """Takes the slopes of a model; on TensorFlow compiled once for all shapes.

    Args:
        model: A Keras model of int32[batch, width] padded ids, as in `compiled_step`.
    """

    def __init__(self, model: Any) -> None:
        self._model = model
        self.tables = _tables_of(model)
        dims = tuple(table.shape[1] for table in self.tables)
        shapes = _Shapes(dims, model.output_shape[-1])
        self._ask = _ASKING[prepare()](self._value, shapes)

    def rows(
        self, places: Places, guests: np.ndarray | None = None
    ) -> list[np.ndarray]:
        """Returns float32[1 + words, dim] of each table; padding has zeros."""
        return [_read(table, places.rows, guests) for table in self.tables]

    def __call__(
        self, places: Places, vectors: Sequence[np.ndarray], question: Question
    ) -> Slopes:
        """Answers for words that have these vectors.

        Args:
            places: The batch.
            vectors: float32[1 + words, dim] for each table.
            question: What is asked.
        """
        values, gradients = self._ask(places.places, places.rows, vectors, question)
        return Slopes(values, gradients)

    def _value(self, places: Any, rows: Any, vectors: Any, question: Question) -> Any:
        """Returns float[batch]; what it is given are tensors of the backend."""
        from keras import ops

        own = {id(t): v for t, v in zip(self.tables, vectors, strict=True)}
        with given_rows(GivenRows(rows, own)):
            logits = self._model(places, training=False)
        value = ops.sum(logits * question.picked, axis=-1)
        if question.rivals is None:
            return value
        return value - ops.logsumexp(logits + question.rivals, axis=-1)


def question_of(
    columns: np.ndarray, signs: np.ndarray, *, outputs: int, rivals: bool
) -> Question:
    """Asks one logit of each text, beside all others or alone.

    Args:
        columns: int64[batch], which logit.
        signs: float[batch], 1 or -1, what it counts.
        outputs: How many logits there are.
        rivals: Whether the others count against it.
    """
    picked = np.zeros((len(columns), outputs), dtype=np.float32)
    picked[np.arange(len(columns)), columns] = signs
    others = np.where(picked != 0, _FAR_BELOW, 0).astype(np.float32)
    return Question(picked, others if rivals else None)


def _tables_of(model: Any) -> list[Any]:
    """Returns the Keras variables that a model reads vectors from, by trying it."""
    from keras import ops

    noted = GivenRows(ops.convert_to_tensor(np.ones(2, dtype=np.int32)), None)
    with given_rows(noted):
        model(ops.convert_to_tensor(np.ones((1, 8), dtype=np.int32)), training=False)
    return noted.asked


def _read(table: Any, rows: np.ndarray, guests: np.ndarray | None) -> np.ndarray:
    from keras import ops

    if isinstance(table, MadeTable):
        made = table.rows(lambda part, more: _read(part, rows, more), guests)
        vectors = np.array(ops.convert_to_numpy(made))
    else:
        size = table.shape[0]
        known = np.where(rows < size, rows, 0)
        vectors = np.array(ops.convert_to_numpy(gather_rows(table, known)))
        others = np.flatnonzero(rows >= size)
        vectors[others] = 0 if guests is None else guests[rows[others] - size]
    vectors[0] = 0
    return vectors


class _Shapes(NamedTuple):
    dims: tuple[int, ...]  # of each table
    outputs: int


_Value = Callable[..., Any]
_Asking = Callable[..., tuple[np.ndarray, list[np.ndarray]]]


def _by_tensorflow(value: _Value, shapes: _Shapes) -> _Asking:
    import tensorflow as tf

    def ask(places: Any, rows: Any, vectors: Any, question: Question) -> Any:
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch(vectors)
            values = value(places, rows, vectors, question)
            total = tf.reduce_sum(values)
        zero = tf.UnconnectedGradients.ZERO
        found = tape.gradient(total, vectors, unconnected_gradients=zero)
        return values, [tf.convert_to_tensor(gradient) for gradient in found]

    def alone(places: Any, rows: Any, vectors: Any, picked: Any) -> Any:
        return ask(places, rows, vectors, Question(picked, None))

    def beside(places: Any, rows: Any, vectors: Any, picked: Any, rivals: Any) -> Any:
        return ask(places, rows, vectors, Question(picked, rivals))

    floats = tf.TensorSpec([None, shapes.outputs], tf.float32)
    words = [
        tf.TensorSpec([None, None], tf.int32),
        tf.TensorSpec([None], tf.int32),
        [tf.TensorSpec([None, dim], tf.float32) for dim in shapes.dims],
    ]
    traced = {
        1: tf.function(alone, [*words, floats]),
        2: tf.function(beside, [*words, floats, floats]),
    }

    def run(
        places: np.ndarray,
        rows: np.ndarray,
        vectors: Sequence[np.ndarray],
        question: Question,
    ) -> Any:
        tensors = [tf.constant(v) for v in vectors]
        asked = [tf.constant(part) for part in question if part is not None]
        given = (tf.constant(places), tf.constant(rows), tensors)
        values, found = traced[len(asked)](*given, *asked)
        return values.numpy(), [gradient.numpy() for gradient in found]

    return run


def _by_jax(value: _Value, shapes: _Shapes) -> _Asking:
    import jax

    def total(vectors: Any, places: Any, rows: Any, question: Question) -> Any:
        values = value(places, rows, vectors, question)
        return values.sum(), values

    slope = jax.grad(total, has_aux=True)

    def run(
        places: np.ndarray,
        rows: np.ndarray,
        vectors: Sequence[np.ndarray],
        question: Question,
    ) -> Any:
        tensors = [jax.numpy.asarray(v) for v in vectors]
        given = (jax.numpy.asarray(places), jax.numpy.asarray(rows))
        found, values = slope(tensors, *given, question)
        return np.asarray(values), [np.asarray(gradient) for gradient in found]

    return run


def _by_torch(value: _Value, shapes: _Shapes) -> _Asking:
    import torch
    from keras import ops

    def run(
        places: np.ndarray,
        rows: np.ndarray,
        vectors: Sequence[np.ndarray],
        question: Question,
    ) -> Any:
        tensors = [ops.convert_to_tensor(v).detach().requires_grad_() for v in vectors]
        given = (ops.convert_to_tensor(places), ops.convert_to_tensor(rows))
        picked, rivals = question
        others = None if rivals is None else ops.convert_to_tensor(rivals)
        asked = Question(ops.convert_to_tensor(picked), others)
        values = value(*given, tensors, asked)
        found = torch.autograd.grad(
            values.sum(), tensors, allow_unused=True, materialize_grads=True
        )
        return ops.convert_to_numpy(values), [ops.convert_to_numpy(g) for g in found]

    return run


_ASKING: dict[str, Callable[[_Value, _Shapes], _Asking]] = {
    "tensorflow": _by_tensorflow,
    "jax": _by_jax,
    "torch": _by_torch,
}
"""How each backend takes a gradient."""
