"""The learning-rate range test (Smith 2017, section 3.3)."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, count

import numpy as np

from textclf.progress import SILENT, Progress
from textclf.training.learn import Begun
from textclf.training.learner import Learner

_LOWEST, _HIGHEST = 1e-6, 10.0
_STEPS = 200
_SMOOTHING = 0.9
_EXPLODED = 4.0  # times the lowest smoothed loss
_BELOW_LOWEST = 10.0


@dataclass(frozen=True)
class RateCurve:
    """Losses of steps whose learning rate rises from one to the next.

    Attributes:
        rates: The rate of each step.
        losses: The smoothed loss after it, of the kind that training makes small.
    """

    rates: list[float]
    losses: list[float]

    @property
    def suggestion(self) -> float:
        """A tenth of the rate at which the loss was lowest."""
        return self.rates[int(np.argmin(self.losses))] / _BELOW_LOWEST

    def to_json(self) -> dict[str, object]:
        """Returns suggestion and curve."""
        points = [
            {"rate": rate, "loss": loss}
            for rate, loss in zip(self.rates, self.losses, strict=True)
        ]
        return {"suggestion": self.suggestion, "curve": points}


def find_rate(begun: Begun, *, progress: Progress = SILENT) -> RateCurve:
    """Learns with a rate that rises from step to step, until the loss explodes.

    Only training texts are used. The model is of no use afterwards.

    Args:
        begun: The model; changed in place.
        progress: Who listens.

    Raises:
        ConfigError: A class weight names a label that does not exist.
    """
    prepared = begun.prepared
    config, train = prepared.config, prepared.splits.train
    step = begun.steps(1.0)
    learner = Learner(train, prepared.encoded, config, step)
    rates, losses = _rates(), list[float]()
    step.rate(rates[0])
    with progress.task("learning rates", len(rates)) as task:
        for place, loss in enumerate(_smoothed(_losses(learner))):
            losses.append(loss)
            task.advance(1)
            done = place + 1 == len(rates)
            if done or not loss < _EXPLODED * max(min(losses), 1e-3):
                break
            step.rate(rates[place + 1])
    finite = [loss for loss in losses if math.isfinite(loss)]
    return RateCurve(rates[: len(finite)], finite)


def _rates() -> list[float]:
    return [float(rate) for rate in np.geomspace(_LOWEST, _HIGHEST, _STEPS)]


def _losses(learner: Learner) -> Iterator[float]:
    """Yields the losses of epoch after epoch."""
    epochs = (learner.steps(epoch) for epoch in count(1))
    return (learnt.loss for learnt in chain.from_iterable(epochs))


def _smoothed(losses: Iterator[float]) -> Iterator[float]:
    """Yields a decaying mean, corrected for its beginning at zero."""
    mean = 0.0
    for number, loss in enumerate(losses, start=1):
        mean = _SMOOTHING * mean + (1 - _SMOOTHING) * loss
        yield mean / (1 - _SMOOTHING**number)
