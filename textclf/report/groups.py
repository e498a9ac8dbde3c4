"""How often answers are right in groups of texts that differ in how they were read."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from textclf.evaluation.intervals import Interval
from textclf.report.answers import Answer

_Z = 1.959963984540054  # the normal quantile of 97.5 %

_GROUPS: tuple[tuple[str, Callable[[Answer], bool]], ...] = (
    ("all", lambda answer: True),
    ("read whole", lambda answer: not answer.truncated),
    ("read in part", lambda answer: answer.truncated),
    ("no unknown words", lambda answer: answer.unknown == 0),
    ("up to 10 % unknown", lambda answer: 0 < answer.unknown <= 0.1),
    ("more than 10 % unknown", lambda answer: answer.unknown > 0.1),
)


@dataclass(frozen=True)
class Group:
    """Some of the texts.

    Attributes:
        name: Which they are.
        n: How many.
        right: The share whose whole answer is right.
        interval: Of that share.
    """

    name: str
    n: int
    right: float
    interval: Interval


def groups_of(answers: Sequence[Answer]) -> list[Group]:
    """Returns the groups that have texts; none where there are no answers."""
    groups = []
    for name, belongs in _GROUPS:
        own = [answer.right for answer in answers if belongs(answer)]
        if own:
            share = sum(own) / len(own)
            groups.append(Group(name, len(own), share, wilson(sum(own), len(own))))
    return groups


def wilson(hits: int, n: int) -> Interval:
    """Returns the score interval of a share (Wilson 1927), which few texts suit too."""
    share, z2 = hits / n, _Z * _Z
    middle = (share + z2 / (2 * n)) / (1 + z2 / n)
    spread = _Z / (1 + z2 / n) * (share * (1 - share) / n + z2 / (4 * n * n)) ** 0.5
    return Interval(max(0.0, middle - spread), min(1.0, middle + spread))
