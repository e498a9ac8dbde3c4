"""Intervals: how far a score would move with other texts of the same kind."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

import numpy as np
import numpy.typing as npt

from textclf.errors import DataError
from textclf.evaluation.metrics import checked_targets
from textclf.evaluation.predictions import Floats, Predictions
from textclf.evaluation.tally import Tally

RESAMPLES = 1_000
LEVEL = 0.95
_DRAWN_AT_ONCE = 2_000_000  # counts in memory at a time
_STREAM = 4_200
_ROUNDING = 1e-9
_SHARES = (
    *("accuracy", "balanced_accuracy", "macro_f1", "micro_f1", "weighted_f1"),
    *("answered", "answered_accuracy"),
)
"""Measures that are shares of texts, or means of such shares."""


@dataclass(frozen=True)
class Interval:
    """The range that holds 95 % of a score's values over resampled texts."""

    low: float
    high: float

    def __post_init__(self) -> None:
        if not -math.inf < self.low <= self.high < math.inf:
            problem = f"got an interval from {self.low} to {self.high}"
            raise DataError(f"{problem}, expected numbers with low <= high")

    @classmethod
    def of(cls, values: Floats, *, level: float = LEVEL) -> "Interval | None":
        """Takes the middle of the values that are numbers; None where none is."""
        known = values[~np.isnan(values)]
        if not len(known):
            return None
        outside = (1.0 - level) / 2.0
        low, high = np.quantile(known, [outside, 1.0 - outside])
        return cls(float(low), float(high))

    @classmethod
    def of_share(cls, values: Floats, texts: float) -> "Interval | None":
        """Does as `of`; where samples agree, which tells nothing, as `wilson`.

        Args:
            values: A share of texts in each sample.
            texts: How many texts it is a share of.
        """
        found = cls.of(values)
        return found and found.widened(texts)

    @classmethod
    def wilson(cls, share: float, texts: float) -> "Interval":
        """Returns the score interval of a share of texts (Wilson 1927)."""
        if not texts > 0:
            return cls(0.0, 1.0)
        z = NormalDist().inv_cdf((1.0 + LEVEL) / 2.0)
        extra = z * z / texts
        centre = (share + extra / 2.0) / (1.0 + extra)
        spread = share * (1.0 - share) / texts + extra / texts / 4.0
        half = z * math.sqrt(spread) / (1.0 + extra)
        # Rounding must neither lose the share itself nor leave 0 to 1.
        low, high = min(share, centre - half), max(share, centre + half)
        return cls(max(low, 0.0), min(high, 1.0))

    def widened(self, texts: float) -> "Interval":
        """Returns itself, or the interval of Wilson where it has no width."""
        return self if self.low < self.high else self.wilson(self.low, texts)


@dataclass(frozen=True, eq=False)
class Resampled:
    """The measures of resampled texts.

    Attributes:
        measures: float64[resamples] by name.
        per_label: float64[k, resamples] of precision, recall and f1.
        texts: How many texts each measure that is a share of texts rests on.
        label_texts: float64[k] of the same for `per_label`.
    """

    measures: Mapping[str, Floats]
    per_label: Mapping[str, Floats]
    texts: Mapping[str, float]
    label_texts: Mapping[str, Floats]

    def intervals(self) -> dict[str, Interval]:
        """Returns the interval of each measure that has one.

        Where samples agree on what is no share of texts, they tell nothing of it.
        """
        found = {
            name: Interval.of_share(values, self.texts[name])
            if name in _SHARES
            else Interval.of(values)
            for name, values in self.measures.items()
        }
        return {
            name: interval
            for name, interval in found.items()
            if interval and interval.high - interval.low > _ROUNDING
        }

    def label_intervals(self) -> tuple[dict[str, Interval], ...]:
        """Returns the intervals of precision, recall and F1 of each label."""
        k = len(self.per_label["f1"])
        outside = (1.0 - LEVEL) / 2.0
        ends = {
            name: np.quantile(values, [outside, 1.0 - outside], axis=1).T.tolist()
            for name, values in self.per_label.items()
        }
        return tuple(
            {
                name: Interval(*pairs[label]).widened(self.label_texts[name][label])
                for name, pairs in ends.items()
            }
            for label in range(k)
        )


def resample(
    predictions: Predictions,
    targets: npt.ArrayLike,
    *,
    seed: int,
    resamples: int = RESAMPLES,
) -> Resampled:
    """Measures n texts that are drawn with replacement, many times over.

    All measures are of the same samples, and so are those of another model's
    predictions of as many texts with the same seed. A sample holds texts twice, which
    makes its calibration error larger than that of all texts; those values are moved by
    the difference of the means.

    Raises:
        DataError: There are no texts, or the targets do not fit the predictions.
    """
    k, n, task = len(predictions.labels), len(predictions), predictions.task
    truth = checked_targets(targets, n=n, k=k, task=task)
    tally = Tally.of(predictions, truth)
    parts = [
        tally(times) for times in drawn_times(n, k=k, seed=seed, resamples=resamples)
    ]
    measures = _joined([part.measures for part in parts])
    excess = measures["ece"].mean() - tally(np.ones((n, 1))).measures["ece"]
    measures["ece"] = np.maximum(measures["ece"] - excess, 0.0)
    per_label = _joined([part.per_label for part in parts])
    return Resampled(measures, per_label, *tally.texts())


def bootstrap(
    predictions: Predictions,
    targets: npt.ArrayLike,
    *,
    seed: int,
    resamples: int = RESAMPLES,
) -> dict[str, Interval]:
    """Returns the percentile bootstrap intervals of all measures.

    See Efron & Tibshirani 1993, chapter 13. Where all texts are right, or none is, all
    samples have one score, as if nothing else were possible; the interval of a share of
    texts is then that of Wilson 1927.

    Raises:
        DataError: There are no texts, or the targets do not fit the predictions.
    """
    found = resample(predictions, targets, seed=seed, resamples=resamples)
    return found.intervals()


def drawn_times(
    n: int, *, seed: int, k: int = 1, resamples: int = RESAMPLES
) -> Iterator[Floats]:
    """Yields [n, some] how often each text is in each sample, `resamples` in all.

    Args:
        n: The number of texts.
        seed: Decides the samples.
        k: How many numbers a text may stand for, which bounds memory.
        resamples: How many samples.
    """
    generator = np.random.default_rng([seed, _STREAM])
    step = max(1, _DRAWN_AT_ONCE // max(n, k))
    for first in range(0, resamples, step):
        size = min(step, resamples - first)
        # Rows of samples are drawn one after the other, however many at once.
        places = generator.integers(0, n, (size, n)) * size + np.arange(size)[:, None]
        times = np.bincount(places.ravel(), minlength=n * size)
        yield times.reshape(n, size).astype(np.float64)


def _joined(parts: list[Mapping[str, Any]]) -> dict[str, Floats]:
    return {
        name: np.concatenate([part[name] for part in parts], axis=-1)
        for name in parts[0]
    }
