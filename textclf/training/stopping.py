"""Early stopping: watches one score and keeps the best weights."""

from typing import Any

import numpy as np


class Watch:
    """Remembers the weights of the best epoch and counts the epochs since.

    Args:
        model: The model that is trained.
        patience: Epochs without improvement before `exhausted`; None: never.
        rising: Whether the watched score is better the higher it is.
    """

    def __init__(self, model: Any, *, patience: int | None, rising: bool) -> None:
        self._model = model
        self._patience = patience
        self._sign = 1.0 if rising else -1.0
        self._best = -np.inf
        self._weights: list[np.ndarray] = []
        self._waited = 0

    def see(self, score: float) -> bool:
        """Notes the score of an epoch; returns whether it is the best so far."""
        if self._sign * score > self._best:
            self._best = self._sign * score
            self._weights = self._model.get_weights()
            self._waited = 0
            return True
        self._waited += 1
        return False

    def exhausted(self) -> bool:
        """Tells whether patience is at its end."""
        return self._patience is not None and self._waited >= self._patience

    def restart(self) -> None:
        """Gives new patience: another stage begins, from the best weights so far."""
        self._waited = 0
        self.restore()

    def restore(self) -> None:
        """Puts the best weights back into the model."""
        if self._weights:
            self._model.set_weights(self._weights)
