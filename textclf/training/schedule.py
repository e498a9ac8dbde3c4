"""How the learning rate changes from step to step."""

import math
from dataclasses import dataclass

from textclf.config.training import TrainingConfig

_CUT = 0.5
"""What an epoch without improvement leaves of the rate, under `plateau`."""


@dataclass
class Schedule:
    """Gives the share of the learning rate that a step moves by.

    The rate rises in a straight line over the first steps (warm-up), then stays
    (`constant`), falls in a straight line or along half a cosine wave to nothing
    (Loshchilov and Hutter 2017, section 3, without restarts), or is halved after every
    epoch that brings no improvement (`plateau`).

    Attributes:
        kind: One of the four.
        steps: How many there will be.
        rising: How many of them warm up.
    """

    kind: str
    steps: int
    rising: int
    _cut: float = 1.0

    @classmethod
    def of(cls, training: TrainingConfig, *, epochs: int, texts: int) -> "Schedule":
        """Returns the schedule of a stage over so many epochs of so many texts."""
        steps = epochs * -(-texts // training.batch_size)
        return cls(training.schedule, steps, round(training.warmup * steps))

    @property
    def moves(self) -> bool:
        """Whether the rate ever changes."""
        return self.kind != "constant" or self.rising > 0

    def share(self, step: int) -> float:
        """Returns the share of the learning rate of a step, counted from 0."""
        if step < self.rising:
            return (step + 1) / self.rising
        gone = (step - self.rising) / max(self.steps - self.rising, 1)
        if self.kind == "linear":
            return max(1.0 - gone, 0.0)
        if self.kind == "cosine":
            return (1.0 + math.cos(math.pi * min(gone, 1.0))) / 2.0
        return self._cut

    def see(self, *, improved: bool) -> None:
        """Notes how an epoch went."""
        if self.kind == "plateau" and not improved:
            self._cut *= _CUT
