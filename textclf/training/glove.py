"""GloVe: vectors whose products tell how often words meet (Pennington et al. 2014)."""

import math
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import keras
import numpy as np
from keras import ops

from textclf import backend
from textclf.backend.step import Step
from textclf.config.word_vectors import VectorTraining
from textclf.errors import DivergedError
from textclf.progress import SILENT, Progress, Task
from textclf.text.vocabulary import PAD, RESERVED
from textclf.training.batches import ahead
from textclf.training.optimisers import SparseAdagrad
from textclf.vectors.cooccurrence import Cells, Cooccurrences, cooccurrences
from textclf.vectors.sentences import Sentences
from textclf.vectors.table import Vectors

_CEILING, _POWER = 100.0, 0.75  # of the weights; section 3, equation 9
_BATCH = 1 << 14
_FIRST_SUM = 1.0  # what Adagrad's sums begin with in the authors' program
_SIDES = 2

Batch = tuple[np.ndarray, np.ndarray, np.ndarray]
"""int32[n, 2] ids, float32[n, 1] logarithms and float32[n, 1] weights."""


def learn_glove(
    sentences: Sentences, settings: VectorTraining, *, progress: Progress = SILENT
) -> Vectors:
    """Learns vectors by weighted least squares on the logarithms of meetings.

    A word's vector is the sum of its two, as in section 4.2. Batches of cells take the
    place of the authors' single cells; the rule stays Adagrad, row by row.

    Args:
        sentences: The texts.
        settings: `method` is `glove`.
        progress: Hears how far it is, and the loss of each pass.

    Raises:
        DivergedError: The loss is not finite.
        ResourceError: The disk is full.
    """
    with cooccurrences(sentences, window=settings.reach, progress=progress) as counted:
        tables = _learn(counted, len(sentences.vocabulary), settings, progress)
    matrix = np.sum([table[len(RESERVED) :, : settings.dim] for table in tables], 0)
    return Vectors(sentences.vocabulary.tokens[len(RESERVED) :], matrix)


class _Products(keras.layers.Layer):
    """Multiplies a word's vector with another's context vector, and adds both biases.

    The last column of each table is the bias.

    Call arguments:
        ids: int32[batch, 2].

    Returns:
        float32[batch, 1].
    """

    def __init__(self, rows: int, dim: int, *, seed: int) -> None:
        super().__init__(name="products")
        self.rows, self.dim, self.seed = rows, dim, seed

    def build(self, input_shape: Any) -> None:
        bound = 0.5 / self.dim
        self.tables = [
            self.add_weight(
                name=f"side_{side}",
                shape=(self.rows, self.dim + 1),
                initializer=keras.initializers.RandomUniform(
                    -bound, bound, seed=self.seed + side
                ),
            )
            for side in range(_SIDES)
        ]

    def call(self, ids: Any) -> Any:
        sides = [self._side(ids, side) for side in range(_SIDES)]
        products = sides[0][:, : self.dim] * sides[1][:, : self.dim]
        biases = sides[0][:, self.dim :] + sides[1][:, self.dim :]
        return ops.sum(products, axis=1, keepdims=True) + biases

    def _side(self, ids: Any, side: int) -> Any:
        column = ops.arange(_SIDES, dtype="int32") == side
        table = self.tables[side]
        return backend.pooled_vectors(table, ops.where(column, ids, PAD), power=0.0)


def _loss(targets: Any, products: Any, weights: Any) -> Any:
    return 0.5 * ops.sum(weights * ops.square(products - targets))


def _learn(
    counted: Cooccurrences, rows: int, settings: VectorTraining, progress: Progress
) -> list[np.ndarray]:
    ids = keras.Input((_SIDES,), dtype="int32", name="ids")
    layer = _Products(rows, settings.dim, seed=settings.seed)
    model = keras.Model(ids, layer(ids))
    rule = SparseAdagrad(
        learning_rate=settings.rate, initial_accumulator_value=_FIRST_SUM
    )
    step = backend.compiled_step(model, rule, _loss)
    for number in range(settings.passes):
        rng = np.random.default_rng([settings.seed, number])
        with progress.task(f"pass {number + 1}", counted.shards) as task:
            loss = _pass(step, counted, rng, task)
        if not math.isfinite(loss):
            raise DivergedError(f"got a loss of {loss:g} in pass {number + 1}")
        progress.say(f"pass {number + 1:3d}  loss {loss:.4f}")
    return [table.numpy() for table in layer.tables]


def _pass(
    step: Step, counted: Cooccurrences, rng: np.random.Generator, task: Task
) -> float:
    """Learns from every cell from both sides; returns the mean loss of a cell."""
    total, cells = 0.0, 0
    for number in rng.permutation(counted.shards).tolist():
        shard = counted.shard(number)
        orders = _orders(len(shard), rng)

        def batch(order: np.ndarray, shard: Cells = shard) -> Any:
            return step.prepare(*_batch(shard, order))

        with closing(ahead(batch, orders)) as prepared:
            for one in prepared:
                total += step.learn(one)[0]
        cells += _SIDES * len(shard)
        task.advance()
    return total / max(cells, 1)


def _orders(count: int, rng: np.random.Generator) -> Iterator[np.ndarray]:
    order = rng.permutation(count)
    for start in range(0, count, _BATCH):
        yield order[start : start + _BATCH]


def _batch(cells: Cells, order: np.ndarray) -> Batch:
    """Returns some cells, from both sides."""
    pair = np.stack([cells.first[order], cells.second[order]], axis=1)
    ids = np.concatenate([pair, pair[:, ::-1]])
    met = np.tile(cells.weights[order], _SIDES)[:, None]
    weights = np.minimum(met / _CEILING, 1.0) ** _POWER
    return ids, np.log(met), weights.astype(np.float32)
