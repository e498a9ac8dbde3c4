"""Means of the weights along the way, which often judge better than the last ones."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from keras import ops

from textclf.config.training import TrainingConfig


class Averaged:
    """Keeps a mean of the weights that training moves.

    `ema` decays step by step (Polyak and Juditsky 1992; the decay begins low, so that
    the first weights are soon forgotten); `swa` is the plain mean of the weights at the
    ends of epochs, from half of the epochs on (Izmailov et al. 2018).

    Args:
        model: The model that is trained.
        training: The settings.
        epochs: How many there will be at most.
    """

    def __init__(self, model: Any, training: TrainingConfig, *, epochs: int) -> None:
        self._how, self._decay = training.average, training.average_decay
        self._variables = model.trainable_variables
        self._means: list[Any] = []
        self._seen, self._left = 0, epochs // 2

    def after_step(self) -> None:
        """Takes the weights in as they are after a step."""
        if self._how == "ema":
            decay = min(self._decay, (1 + self._seen) / (10 + self._seen))
            self._take(1.0 - decay)

    def after_epoch(self) -> None:
        """Takes the weights in as they are after an epoch."""
        if self._how != "swa":
            return
        if self._left > 0:
            self._left -= 1
        else:
            self._take(1.0 / (self._seen + 1))

    @contextmanager
    def in_force(self) -> Iterator[None]:
        """Lets the model have the means inside, and its own weights again after."""
        if not self._means:
            yield
            return
        own = [ops.copy(variable) for variable in self._variables]
        self._assign(self._means)
        try:
            yield
        finally:
            self._assign(own)

    def keep(self) -> None:
        """Gives the model the means for good."""
        if self._means:
            self._assign(self._means)

    def _take(self, share: float) -> None:
        self._seen += 1
        if not self._means:
            self._means = [ops.copy(variable) for variable in self._variables]
            return
        self._means = [
            mean + share * (variable - mean)
            for mean, variable in zip(self._means, self._variables, strict=True)
        ]

    def _assign(self, values: list[Any]) -> None:
        for variable, value in zip(self._variables, values, strict=True):
            variable.assign(value)
