"""Intervals: how far a score would move with other texts of the same kind."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from textclf.errors import DataError
from textclf.evaluation.metrics import checked_targets
from textclf.evaluation.predictions import MULTILABEL, Predictions

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

RESAMPLES = 1_000
LEVEL = 0.95
_DRAWN_AT_ONCE = 2_000_000  # counts in memory at a time
_STREAM = 4_200

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Interval:
    """The range that holds 95 % of a score's values over resampled texts."""

    low: float
    high: float

    def __post_init__(self) -> None:
        if not 0.0 <= self.low <= self.high <= 1.0:
            problem = f"got an interval from {self.low} to {self.high}"
            raise DataError(f"{problem}, expected 0 <= low <= high <= 1")


@dataclass(frozen=True)
class _Cells:
    """The distinct pairs of truth and prediction, and how many texts each has.

    `truth`, `chosen` and `both` are {0, 1} [cells, k]; `right` tells where a text of
    the cell counts as correct.
    """

    sizes: npt.NDArray[np.int64]
    truth: "csr_matrix"
    chosen: "csr_matrix"
    both: "csr_matrix"
    right: npt.NDArray[np.bool_]


def bootstrap(
    predictions: Predictions,
    targets: npt.ArrayLike,
    *,
    seed: int,
    resamples: int = RESAMPLES,
) -> dict[str, Interval]:
    """Returns the percentile bootstrap intervals of accuracy and macro F1.

    A multi-label task has micro F1 besides. n texts are drawn with replacement
    `resamples` times (Efron & Tibshirani 1993, chapter 13). A score depends only on how
    many texts fall on each pair of truth and prediction; those counts follow a
    multinomial law, so they are drawn at once instead of the texts one by one.

    Raises:
        DataError: There are no texts, or the targets do not fit the predictions.
    """
    k, n, task = len(predictions.labels), len(predictions), predictions.task
    truth = checked_targets(targets, n=n, k=k, task=task)
    cells = _cells(truth, predictions.chosen(), k)
    generator = np.random.default_rng([seed, _STREAM])
    step = max(1, _DRAWN_AT_ONCE // max(len(cells.sizes), k))
    parts = []
    for first in range(0, resamples, step):
        size = min(step, resamples - first)
        draws = generator.multinomial(n, cells.sizes / n, size=size)
        parts.append(_resampled(draws.astype(np.float64), cells))
    names = ("accuracy", "macro_f1", "micro_f1")[: 3 if task == MULTILABEL else 2]
    return {
        name: _percentiles(np.concatenate([part[name] for part in parts]))
        for name in names
    }


def _percentiles(values: Floats) -> Interval:
    outside = (1.0 - LEVEL) / 2.0
    low, high = np.quantile(values, [outside, 1.0 - outside])
    return Interval(float(low), float(high))


def _cells(truth: npt.NDArray[Any], chosen: npt.NDArray[Any], k: int) -> _Cells:
    from scipy.sparse import csr_matrix

    if truth.ndim == 1:
        codes, sizes = np.unique(truth * k + chosen, return_counts=True)
        truth_sets = _one_hot(codes // k, k)
        chosen_sets = _one_hot(codes % k, k)
        right = codes // k == codes % k
    else:
        pairs = np.packbits(np.concatenate([truth, chosen], axis=1), axis=1)
        _, firsts, sizes = np.unique(
            pairs, axis=0, return_index=True, return_counts=True
        )
        truth, chosen = truth[firsts], chosen[firsts]
        truth_sets = csr_matrix(truth, dtype=np.float64)
        chosen_sets = csr_matrix(chosen, dtype=np.float64)
        right = (truth == chosen).all(axis=1)
    both = truth_sets.multiply(chosen_sets).tocsr()
    return _Cells(sizes, truth_sets, chosen_sets, both, right)


def _one_hot(ids: npt.NDArray[np.int64], k: int) -> "csr_matrix":
    from scipy.sparse import csr_matrix

    ends = np.arange(len(ids) + 1)
    return csr_matrix((np.ones(len(ids)), ids, ends), shape=(len(ids), k))


def _resampled(draws: Floats, cells: _Cells) -> dict[str, Floats]:
    """Returns the scores of each row of `draws`, cell counts [resamples, cells].

    As in `metrics`, macro F1 averages over the labels that occur in the resample, and
    F1 is 2 tp / (support + predicted).
    """
    found = draws @ cells.both
    cases = draws @ cells.truth + draws @ cells.chosen
    f1 = 2.0 * found / np.maximum(cases, 1.0)
    occurring = (cases > 0).sum(axis=1)
    all_cases = cases.sum(axis=1)
    return {
        "accuracy": draws @ cells.right / draws.sum(axis=1),
        "macro_f1": f1.sum(axis=1) / np.maximum(occurring, 1),
        "micro_f1": 2.0 * found.sum(axis=1) / np.maximum(all_cases, 1.0),
    }
