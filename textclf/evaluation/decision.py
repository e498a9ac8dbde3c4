"""The decision: how the outputs of a model become answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from textclf.errors import ArtefactError, DataError

LEAST_TEMPERATURE, MOST_TEMPERATURE = 0.05, 20.0
_KEYS = ("temperature", "thresholds", "abstain")


@dataclass(frozen=True)
class Decision:
    """What was fitted on the dev texts, and is kept with the model.

    Attributes:
        temperature: What logits are divided by (Guo et al. 2017, "On Calibration of
            Modern Neural Networks"); 1 leaves them as they are.
        thresholds: The probability from which on a label of a multi-label task is
            chosen, for each label; of a binary task that of the second label; empty:
            0.5 for all.
        abstain: The least confidence (see `Predictions.confidence`) of an answer; None:
            every text is answered.

    Raises:
        DataError: A number is out of its range.
    """

    temperature: float = 1.0
    thresholds: tuple[float, ...] = ()
    abstain: float | None = None

    def __post_init__(self) -> None:
        least, most = LEAST_TEMPERATURE, MOST_TEMPERATURE
        _check("a temperature", self.temperature, least, most)
        for threshold in self.thresholds:
            _check("a threshold", threshold, 0.0, 1.0)
        if self.abstain is not None:
            _check("a least confidence", self.abstain, 0.0, 1.0)

    def check(self, task: str, k: int) -> None:
        """Checks that there are as many thresholds as the task needs, or none.

        Raises:
            DataError: There are not.
        """
        wanted = {"binary": 1, "multilabel": k}.get(task, 0)
        if len(self.thresholds) not in (0, wanted):
            raise DataError(
                f"got {len(self.thresholds)} thresholds for a {task} task of {k} "
                f"labels, expected {wanted or 'none'}"
            )

    def tempered(self, logits: npt.ArrayLike) -> npt.NDArray[np.float64]:
        """Returns logits divided by the temperature, in float64."""
        return np.asarray(logits, dtype=np.float64) / self.temperature

    def to_json(self) -> dict[str, Any]:
        """Returns the decision as what JSON can hold."""
        thresholds = list(self.thresholds) or None
        values: tuple[Any, ...] = (self.temperature, thresholds, self.abstain)
        return dict(zip(_KEYS, values, strict=True))

    @classmethod
    def from_json(cls, values: Any) -> Self:
        """Reads what `to_json` wrote.

        Raises:
            ArtefactError: It is something else.
        """
        if not isinstance(values, Mapping) or set(values) != set(_KEYS):
            raise ArtefactError("got no decision: temperature, thresholds and abstain")
        thresholds = values["thresholds"]
        if thresholds is not None and (type(thresholds) is not list or not thresholds):
            raise ArtefactError("got no list of thresholds")
        try:
            return cls(
                values["temperature"], tuple(thresholds or ()), values["abstain"]
            )
        except DataError as fault:
            raise ArtefactError(fault.problem) from fault


def _check(what: str, value: Any, least: float, most: float) -> None:
    # Written so that a NaN fails too; a bool is no number here.
    if type(value) not in (int, float) or not least <= value <= most:
        raise DataError(f"got {value!r} as {what}, expected {least:g} to {most:g}")


NEUTRAL = Decision()
"""Probabilities as the model gives them, 0.5 everywhere, an answer to every text."""
