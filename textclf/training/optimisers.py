"""Optimisers whose step costs what a batch touches, not what the vocabulary holds.

Stock Keras optimisers do not add up the parts of a row-sparse gradient that belong to
one row: a word that stands twice in a batch moves its row by another amount than the
equal dense gradient would. All rules here add up first. `SparseSgd` and `SparseAdagrad`
then equal the dense rule exactly, because a row without gradient does not move in it.
Adam moves every row in every step; `DenseAdam` does so, `LazyAdam` leaves untouched
rows alone and is therefore another rule (as TensorFlow's LazyAdam).
"""

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
from keras import ops

from textclf import backend
from textclf.backend.rows import RowGradient
from textclf.config.training import TrainingConfig


class _Rates:
    """Scales the learning rate of the embedding table, and of a bias."""

    _table: Any = None
    _table_rate = 1.0
    _shares: Any = None
    _bias: Any = None
    _bias_share = 1.0

    def scale_table(
        self, table: Any, rate: float, shares: np.ndarray | None = None
    ) -> None:
        """Sets the share of the learning rate that `table` moves by.

        Args:
            table: The variable, float32[rows, dim].
            rate: For all of it.
            shares: float32[rows, dim or 1], for each number beside that; None: one.
        """
        self._table, self._table_rate = self._var_key(table), rate
        self._shares = None if shares is None else ops.convert_to_tensor(shares)

    def scale_bias(self, bias: Any, share: float) -> None:
        """Sets the share of the learning rate that `bias`, float32[dim], moves by."""
        self._bias, self._bias_share = self._var_key(bias), share

    def update_step(self, gradient: Any, variable: Any, learning_rate: Any) -> None:
        """Moves one variable (what Keras calls for each of them)."""
        key = self._var_key(variable)
        if key == self._table:
            self._move_table(gradient, variable, learning_rate * self._table_rate)
        else:
            share = self._bias_share if key == self._bias else 1.0
            self._move(gradient, variable, learning_rate * share)

    def _move_table(self, gradient: Any, table: Any, rate: Any) -> None:
        if self._shares is None:
            self._move(gradient, table, rate)
            return
        before = ops.copy(table)
        self._move(gradient, table, rate)
        table.assign(before + self._shares * (table - before))

    def _all_reduce_sum_gradients(self, pairs: Any) -> Any:
        # Keras sums over replicas, of which there is one, and knows tensors only.
        return pairs

    def _move(self, gradient: Any, variable: Any, rate: Any) -> None:
        super().update_step(gradient, variable, rate)  # type: ignore[misc]

    def _var_key(self, variable: Any) -> Any:
        return super()._var_key(variable)  # type: ignore[misc]


class _RowSparse(_Rates):
    """Adds up the parts of each touched row, and writes no other row.

    A rule defines `_moved(gradient, variable, rate)`: what the rows become,
    float32[rows, dim]; it moves its own slots.
    """

    _moved: Callable[[RowGradient, Any, Any], Any]

    def _move(self, gradient: Any, variable: Any, rate: Any) -> None:
        if not backend.is_row_sparse(gradient):
            super()._move(gradient, variable, rate)
            return
        merged = backend.merge_rows(gradient, variable)
        after = self._moved(merged, variable, rate)
        backend.write_rows(variable, merged.indices, after)

    def _move_table(self, gradient: Any, table: Any, rate: Any) -> None:
        if self._shares is None or not backend.is_row_sparse(gradient):
            super()._move_table(gradient, table, rate)
            return
        merged = backend.merge_rows(gradient, table)
        way = self._moved(merged, table, rate) - merged.before
        shares = ops.take(self._shares, merged.indices, axis=0)
        after = merged.before + shares * way
        backend.write_rows(table, merged.indices, after)


class SparseSgd(_RowSparse, keras.optimizers.SGD):
    """Stochastic gradient descent that writes only the touched rows."""

    def _moved(self, gradient: RowGradient, variable: Any, rate: Any) -> Any:
        return gradient.before - rate * gradient.values


class SparseAdagrad(_RowSparse, keras.optimizers.Adagrad):
    """Adagrad (Duchi et al. 2011) that writes only the touched rows."""

    def _moved(self, gradient: RowGradient, variable: Any, rate: Any) -> Any:
        slot = self._accumulators[self._get_variable_index(variable)]
        squares = ops.square(gradient.values)
        total = backend.read_rows(slot, gradient.indices) + squares
        backend.write_rows(slot, gradient.indices, total)
        return gradient.before - rate * gradient.values / ops.sqrt(total + self.epsilon)


class DenseAdam(_Rates, keras.optimizers.Adam):
    """Adam (Kingma and Ba 2015) as published: every row moves in every step."""

    def _move(self, gradient: Any, variable: Any, rate: Any) -> None:
        if not backend.is_tensorflow():
            super()._move(gradient, variable, rate)
            return
        if backend.is_row_sparse(gradient):
            gradient = backend.densify(gradient)
        slots = self._slots(variable)
        backend.adam(variable, *slots, gradient, self._adam_step(variable, rate))

    def _slots(self, variable: Any) -> tuple[Any, Any]:
        place = self._get_variable_index(variable)
        return self._momentums[place], self._velocities[place]

    def _adam_step(self, variable: Any, rate: Any) -> backend.AdamStep:
        return backend.AdamStep(
            ops.cast(rate, variable.dtype),
            ops.cast(self.iterations + 1, variable.dtype),
            (self.beta_1, self.beta_2),
            self.epsilon,
        )


class LazyAdam(_RowSparse, DenseAdam):
    """Adam whose moments and rows move only when a batch touches them.

    Not the published rule: a row that a batch does not touch keeps its moments
    undecayed and stays where it is. The bias correction counts all steps.
    """

    def _moved(self, gradient: RowGradient, variable: Any, rate: Any) -> Any:
        slots, rows = self._slots(variable), gradient.indices
        mean, spread = (backend.read_rows(slot, rows) for slot in slots)
        state = (gradient.before, mean, spread)
        step = self._adam_step(variable, rate)
        after, *moments = backend.adam_rows(state, gradient.values, step)
        for slot, moment in zip(slots, moments, strict=True):
            backend.write_rows(slot, rows, moment)
        return after


OPTIMISERS: dict[str, type[keras.optimizers.Optimizer]] = {
    "adam": DenseAdam,
    "lazy_adam": LazyAdam,
    "adagrad": SparseAdagrad,
    "sgd": SparseSgd,
}


def optimiser(settings: TrainingConfig) -> Any:
    """Returns a fresh optimiser of the configured rule and rate."""
    return OPTIMISERS[settings.optimizer](learning_rate=settings.learning_rate)
