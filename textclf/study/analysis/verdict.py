"""Four words for a difference: better, worse, equivalent, undecided."""

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
from scipy import stats

from textclf.study.analysis.bootstrap import Interval

Word = Literal["better", "worse", "equivalent", "undecided"]
SIGNIFICANT = 0.05
LEAST_SEEDS = 5
"""Fewer pairs decide nothing: that they lie close together may be luck."""
_MOST_MORE = 1000
_NOISE = 1e-9
"""Of sums in floating point: what is no larger counts as zero."""

Seeds = int | npt.NDArray[np.int64]


@dataclass(frozen=True)
class Verdict:
    """A word, and how many more seeds an undecided difference may need.

    Attributes:
        word: The word.
        more_seeds: None where it is decided or cannot be told; below `LEAST_SEEDS` at
            least what is missing to them.
    """

    word: Word
    more_seeds: int | None = None


def judge(
    mean: float,
    interval: Interval,
    *,
    corrected: float,
    rope: float,
    sd: float,
    seeds: int,
    overlap: float = 0.0,
    tests: float = 1.0,
    lower_is_better: bool = False,
) -> Verdict:
    """Judges a difference.

    An interval inside ± rope is equivalent, even if it excludes zero: the difference is
    there and does not matter (Kruschke 2018). Better or worse needs an interval without
    zero, a corrected p-value below 0.05, and a mean beyond the rope. Everything else is
    undecided, and so is all that rests on fewer than `LEAST_SEEDS` pairs.

    Args:
        mean: The difference.
        interval: Of the mean.
        corrected: The p-value, corrected for the number of comparisons.
        rope: What counts as no difference.
        sd: Standard deviation of the paired differences.
        seeds: How many there are.
        overlap: See `p_value`.
        tests: What the p-value was multiplied with to correct it.
        lower_is_better: Whether a smaller metric is the better one.
    """
    more = _more(mean, sd=sd, rope=rope, seeds=seeds, overlap=overlap, tests=tests)
    if seeds < LEAST_SEEDS:
        return Verdict("undecided", max(LEAST_SEEDS - seeds, more or 0))
    if interval.inside(rope):
        return Verdict("equivalent")
    excludes_zero = interval.low > _NOISE or interval.high < -_NOISE
    if excludes_zero and corrected < SIGNIFICANT and abs(mean) >= rope:
        return Verdict("worse" if (mean < 0) != lower_is_better else "better")
    return Verdict("undecided", more)


def p_value(mean: float, sd: float, seeds: Seeds, *, overlap: float) -> Any:
    """Returns the two-sided p-value of a mean of paired differences.

    A t-test whose variance is sd² (1 / n + overlap), because training texts that seeds
    share make their differences alike (Nadeau and Bengio 2003, section 4).

    Args:
        mean: Of the differences.
        sd: Their standard deviation, above 0.
        seeds: How many, at least two; a number or an array.
        overlap: Judged texts per text trained on, where seeds share texts; else 0.
    """
    t = abs(mean) / (sd * np.sqrt(1 / seeds + overlap))
    return 2 * stats.t.sf(t, seeds - 1)


def _more(
    mean: float, *, sd: float, rope: float, seeds: int, overlap: float, tests: float
) -> int | None:
    """Returns the seeds still needed, if the mean and the spread stay as they are."""
    if seeds < 2 or not sd > 0:
        return None
    numbers = np.arange(seeds + 1, seeds + _MOST_MORE)
    half = stats.t.ppf(0.975, numbers - 1) * sd / np.sqrt(numbers)
    if abs(mean) < rope:
        decided = abs(mean) + half <= rope
    else:
        corrected = tests * p_value(mean, sd, numbers, overlap=overlap)
        decided = (half < abs(mean)) & (corrected < SIGNIFICANT)
    return int(decided.argmax()) + 1 if decided.any() else None
