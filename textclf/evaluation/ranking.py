"""How well probabilities rank texts: area under the ROC curve, average precision."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from textclf.evaluation.predictions import BINARY, MULTILABEL, Floats, Predictions

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix


@dataclass(frozen=True, eq=False)
class Ranking:
    """The texts in the order of one label's probability, for any weights of the texts.

    Only groups of equal probability that hold a positive matter; each matrix has one
    row for such a group, from the most probable, and a column a text.

    Attributes:
        since: 1 for the texts from the group before (without it) to this one.
        positives: 1 for the positives of the group.
        tied: 1 for its negatives.
        truth: bool[n].
    """

    since: "csr_matrix"
    positives: "csr_matrix"
    tied: "csr_matrix"
    truth: npt.NDArray[np.bool_]

    @classmethod
    def of(cls, probabilities: Floats, truth: npt.NDArray[np.bool_]) -> "Ranking":
        """Sorts n texts."""
        order = np.argsort(-probabilities, kind="stable")
        falling, hits = probabilities[order], truth[order]
        starts = np.flatnonzero(np.append(True, falling[1:] < falling[:-1]))
        group = np.cumsum(np.append(True, falling[1:] < falling[:-1])) - 1
        with_hits = np.flatnonzero(np.add.reduceat(hits, starts) > 0)
        ends = np.append(starts, len(order))[with_hits + 1]
        since = np.append(0, ends)
        inside = np.isin(group, with_hits)
        row = np.searchsorted(with_hits, group)
        hit, miss = inside & hits, inside & ~hits
        rows, n = len(with_hits), len(order)
        return cls(
            _ones(order[: since[-1]], since, n),
            _ones(order[hit], _bounds(row[hit], rows), n),
            _ones(order[miss], _bounds(row[miss], rows), n),
            truth,
        )

    def __call__(self, times: Floats) -> tuple[Floats, Floats]:
        """Returns the two areas in each sample, NaN where one is not defined.

        Args:
            times: float64[n, samples], how often a text is in each sample.
        """
        own = self.positives @ times
        reached = np.cumsum(self.since @ times, axis=0)
        found = np.cumsum(own, axis=0)
        positives = self.truth.astype(np.float64) @ times
        negatives = times.sum(axis=0) - positives
        before = reached - found - (self.tied @ times) / 2.0
        with np.errstate(divide="ignore", invalid="ignore"):
            pairs = positives * negatives
            area = ((negatives - before) * own).sum(axis=0) / pairs
            precision = found / np.maximum(reached, 1.0)
            average = (precision * own).sum(axis=0) / positives
        known = pairs > 0
        return np.where(known, area, np.nan), np.where(known, average, np.nan)


def rankings(predictions: Predictions, truth: npt.NDArray[np.int64]) -> list[Ranking]:
    """Returns the ranking of each label; of a binary task that of the second.

    Labels that no text has, or every text, are left out.
    """
    return [
        Ranking.of(column, own) for _, column, own in label_columns(predictions, truth)
    ]


def label_columns(
    predictions: Predictions, truth: npt.NDArray[Any]
) -> Iterator[tuple[str, Floats, npt.NDArray[np.bool_]]]:
    """Yields name, probability and truth of each label that some texts have, not all.

    Of a binary task it is the second label only.
    """
    k = len(predictions.labels)
    for place in [1] if predictions.task == BINARY else range(k):
        many = predictions.task == MULTILABEL
        own = truth[:, place] > 0 if many else truth == place
        if own.any() and not own.all():
            yield predictions.labels[place], predictions.probabilities[:, place], own


def _ones(
    columns: npt.NDArray[np.int64], bounds: npt.NDArray[np.int64], n: int
) -> "csr_matrix":
    from scipy.sparse import csr_matrix

    ones = np.ones(len(columns))
    return csr_matrix((ones, columns, bounds), shape=(len(bounds) - 1, n))


def _bounds(row: npt.NDArray[np.int64], rows: int) -> npt.NDArray[np.int64]:
    return np.append(0, np.cumsum(np.bincount(row, minlength=rows)))
