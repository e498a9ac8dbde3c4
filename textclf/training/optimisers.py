"""Optimisers whose step costs what a batch touches, not what the vocabulary holds.

Stock Keras optimisers do not add up the parts of a row-sparse gradient that belong to
one row: a word that stands twice in a batch moves its row by another amount than the
equal dense gradient would. All rules here add up first. `SparseSgd` and `SparseAdagrad`
then equal the dense rule exactly, because a row without gradient does not move in it.
Adam moves every row in every step; `DenseAdam` does so, `LazyAdam` leaves untouched
rows alone and is therefore another rule (as TensorFlow's LazyAdam).
"""

from typing import Any

import keras
from keras import ops

from textclf import backend
from textclf.config.schema import TrainingConfig


class _TableRate:
    """Scales the learning rate of one variable, the embedding table."""

    _table: Any = None
    _table_rate = 1.0

    def scale_table(self, table: Any, rate: float) -> None:
        """Sets the share of the learning rate that `table` moves by."""
        self._table, self._table_rate = self._var_key(table), rate

    def _rate(self, variable: Any, learning_rate: Any) -> Any:
        if self._var_key(variable) == self._table:
            return learning_rate * self._table_rate
        return learning_rate

    def _var_key(self, variable: Any) -> Any:
        return super()._var_key(variable)  # type: ignore[misc]


class SparseSgd(_TableRate, keras.optimizers.SGD):
    """Stochastic gradient descent that writes only the touched rows."""

    def update_step(self, gradient: Any, variable: Any, learning_rate: Any) -> None:
        rate = self._rate(variable, learning_rate)
        if not backend.is_row_sparse(gradient):
            super().update_step(gradient, variable, rate)
            return
        sums, rows = backend.merge_rows(gradient)
        backend.subtract_rows(variable, rows, rate * sums)


class SparseAdagrad(_TableRate, keras.optimizers.Adagrad):
    """Adagrad (Duchi et al. 2011) that writes only the touched rows."""

    def update_step(self, gradient: Any, variable: Any, learning_rate: Any) -> None:
        rate = self._rate(variable, learning_rate)
        if not backend.is_row_sparse(gradient):
            super().update_step(gradient, variable, rate)
            return
        sums, rows = backend.merge_rows(gradient)
        slot = self._accumulators[self._get_variable_index(variable)]
        total = backend.read_rows(slot, rows) + ops.square(sums)
        backend.write_rows(slot, rows, total)
        step = rate * sums / ops.sqrt(total + self.epsilon)
        backend.subtract_rows(variable, rows, step)


class DenseAdam(_TableRate, keras.optimizers.Adam):
    """Adam (Kingma and Ba 2015) as published: every row moves in every step."""

    def update_step(self, gradient: Any, variable: Any, learning_rate: Any) -> None:
        if backend.is_row_sparse(gradient):
            gradient = backend.densify(gradient)
        super().update_step(gradient, variable, self._rate(variable, learning_rate))


class LazyAdam(_TableRate, keras.optimizers.Adam):
    """Adam whose moments and rows move only when a batch touches them.

    Not the published rule: a row that a batch does not touch keeps its moments
    undecayed and stays where it is. The bias correction counts all steps.
    """

    def update_step(self, gradient: Any, variable: Any, learning_rate: Any) -> None:
        rate = self._rate(variable, learning_rate)
        if not backend.is_row_sparse(gradient):
            super().update_step(gradient, variable, rate)
            return
        sums, rows = backend.merge_rows(gradient)
        place = self._get_variable_index(variable)
        mean = self._decayed(self._momentums[place], rows, sums, self.beta_1)
        square = self._decayed(
            self._velocities[place], rows, ops.square(sums), self.beta_2
        )
        step = ops.cast(self.iterations + 1, variable.dtype)
        corrected = ops.sqrt(1 - ops.power(self.beta_2, step)) / (
            1 - ops.power(self.beta_1, step)
        )
        change = rate * corrected * mean / (ops.sqrt(square) + self.epsilon)
        backend.subtract_rows(variable, rows, change)

    @staticmethod
    def _decayed(slot: Any, rows: Any, values: Any, decay: float) -> Any:
        moved = decay * backend.read_rows(slot, rows) + (1 - decay) * values
        backend.write_rows(slot, rows, moved)
        return moved


OPTIMISERS: dict[str, type[keras.optimizers.Optimizer]] = {
    "adam": DenseAdam,
    "lazy_adam": LazyAdam,
    "adagrad": SparseAdagrad,
    "sgd": SparseSgd,
}


def optimiser(settings: TrainingConfig) -> Any:
    """Returns a fresh optimiser of the configured rule and rate."""
    return OPTIMISERS[settings.optimizer](learning_rate=settings.learning_rate)
