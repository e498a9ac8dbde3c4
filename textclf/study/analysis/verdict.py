"""Four words for a difference: better, worse, equivalent, undecided."""

import math
from dataclasses import dataclass
from typing import Literal

from textclf.study.analysis.bootstrap import Interval

Word = Literal["better", "worse", "equivalent", "undecided"]
SIGNIFICANT = 0.05
_POWER = 7.85
"""(z of 0.975 + z of 0.8) squared: seeds for 80 % power (Cohen 1988, section 2.4)."""
_Z = 1.96
_MOST = 100_000


@dataclass(frozen=True)
class Verdict:
    """A word, and how many more seeds an undecided difference may need.

    Attributes:
        word: The word.
        more_seeds: None where it is decided or cannot be told.
    """

    word: Word
    more_seeds: int | None = None


def judge(
    mean: float,
    interval: Interval,
    *,
    p_value: float,
    rope: float,
    sd: float,
    seeds: int,
    lower_is_better: bool = False,
) -> Verdict:
    """Judges a difference.

    An interval inside ± rope is equivalent, even if it excludes zero: the difference is
    there and does not matter (Kruschke 2018). Better or worse needs an interval without
    zero, a corrected p-value below 0.05, and a mean beyond the rope. Everything else is
    undecided.

    Args:
        mean: The difference.
        interval: Of the mean.
        p_value: Corrected for the number of comparisons.
        rope: What counts as no difference.
        sd: Standard deviation of the paired differences.
        seeds: How many there are.
        lower_is_better: Whether a smaller metric is the better one.
    """
    if interval.inside(rope):
        return Verdict("equivalent")
    excludes_zero = interval.low > 0 or interval.high < 0
    if excludes_zero and p_value < SIGNIFICANT and abs(mean) >= rope:
        return Verdict("worse" if (mean < 0) != lower_is_better else "better")
    return Verdict("undecided", _more(mean, sd=sd, rope=rope, seeds=seeds))


def _more(mean: float, *, sd: float, rope: float, seeds: int) -> int | None:
    """Returns the seeds still needed, if the mean and the spread stay as they are."""
    if seeds < 2 or not math.isfinite(sd):
        return None
    size = abs(mean)
    if size >= rope:
        needed = _POWER * (sd / size) ** 2
    else:  # to bring the interval inside the rope
        needed = (_Z * sd / (rope - size)) ** 2
    return int(min(max(math.ceil(needed) - seeds, 1), _MOST))
