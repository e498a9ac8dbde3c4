"""Risk and coverage: what a model gains by not answering the texts it is unsure of."""

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from textclf.evaluation.predictions import MULTILABEL, Floats, Predictions


@dataclass(frozen=True, eq=False)
class RiskCoverage:
    """The accuracy of the answered texts at each least confidence that can be asked.

    El-Yaniv and Wiener 2010, "On the Foundations of Noise-free Selective
    Classification".

    Attributes:
        confidence: float64[steps], falling: the least confidence of an answer.
        coverage: The share of texts that are answered then.
        accuracy: The share of the answered ones that are right; of a multi-label task
            the whole set has to be right.
    """

    confidence: Floats
    coverage: Floats
    accuracy: Floats

    @classmethod
    def of(cls, predictions: Predictions, truth: npt.NDArray[Any]) -> Self:
        """Measures n ≥ 1 texts against label ids int[n] or sets {0, 1}[n, k]."""
        confidence, right = predictions.confidence(), rightness(predictions, truth)
        order = np.argsort(-confidence, kind="stable")
        falling = confidence[order]
        ends = np.flatnonzero(np.append(falling[1:] < falling[:-1], True))
        answered = ends + 1.0
        hits = np.cumsum(right[order])[ends]
        return cls(falling[ends], answered / len(right), hits / answered)

    def at_coverage(self, share: float) -> float:
        """Returns the greatest least confidence that answers this share of texts."""
        # A share that was written as a decimal number is met by its nearest count.
        step = int(np.argmax(self.coverage >= share - 1e-9))
        return float(self.confidence[step])

    def at_accuracy(self, accuracy: float) -> float | None:
        """Returns the least confidence that answers most and is right this often.

        None: no confidence is enough.
        """
        steps = np.flatnonzero(self.accuracy >= accuracy - 1e-9)
        return float(self.confidence[steps[-1]]) if len(steps) else None

    def area(self) -> float:
        """Returns the mean risk over all coverages: 0 is best."""
        widths = np.diff(self.coverage, prepend=0.0)
        return float(np.sum(widths * (1.0 - self.accuracy)))


def rightness(
    predictions: Predictions, truth: npt.NDArray[Any]
) -> npt.NDArray[np.bool_]:
    """Returns bool[n], whether the whole answer is right."""
    same = predictions.chosen() == truth
    return np.asarray(same.all(axis=1) if predictions.task == MULTILABEL else same)
