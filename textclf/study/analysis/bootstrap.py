"""Intervals by resampling, honest for the few seeds of a study."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import stats

RESAMPLES = 4000
LEVEL = 0.95


@dataclass(frozen=True)
class Interval:
    """From `low` to `high`; infinite where nothing is known."""

    low: float
    high: float

    @property
    def half_width(self) -> float:
        """Half of its length."""
        return (self.high - self.low) / 2

    def inside(self, bound: float) -> bool:
        """Tells whether it lies within ± bound."""
        return -bound <= self.low and self.high <= bound


UNKNOWN = Interval(-math.inf, math.inf)


def interval(
    values: np.ndarray, *, rng: np.random.Generator, level: float = LEVEL
) -> Interval:
    """Returns the expanded percentile interval of a mean.

    Plain percentiles are too narrow for few values, because a resample varies by
    (n - 1) / n of the variance and because quantiles are those of the normal
    distribution. Both are put right by taking wider percentiles (Hesterberg 2015, "What
    Teachers Should Know about the Bootstrap", section 5.3).

    Args:
        values: float64[n], one a seed.
        rng: Resamples are drawn from it.
        level: Share of such intervals that hold the truth.

    Returns:
        The interval; without bounds for fewer than two values.
    """
    n = len(values)
    if n < 2:
        return UNKNOWN
    means = values[rng.integers(0, n, (RESAMPLES, n))].mean(axis=1)
    share = _expanded((1 - level) / 2, n)
    low, high = np.quantile(means, [share, 1 - share])
    return Interval(float(low), float(high))


def percentiles(
    values: np.ndarray,
    statistic: Callable[[np.ndarray], np.ndarray],
    *,
    rng: np.random.Generator,
    level: float = LEVEL,
) -> Interval:
    """Returns the plain percentile interval of any statistic.

    Args:
        values: float64[n].
        statistic: Of float64[resamples, n], along the last axis.
        rng: Resamples are drawn from it.
        level: Share of such intervals that hold the truth, for many values.
    """
    n = len(values)
    if n < 2:
        return UNKNOWN
    found = statistic(values[rng.integers(0, n, (RESAMPLES, n))])
    low, high = np.quantile(found, [(1 - level) / 2, (1 + level) / 2])
    return Interval(float(low), float(high))


def _expanded(share: float, n: int) -> float:
    quantile = math.sqrt(n / (n - 1)) * stats.t.ppf(share, n - 1)
    return float(stats.norm.cdf(quantile))
