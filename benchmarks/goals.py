"""Figures that goals are about, made of medians."""

from collections.abc import Callable

from benchmarks.records import Goal, Seen


def faster(
    text: str,
    case: str,
    pair: tuple[str, str],
    key: str,
    *,
    least: float | None = None,
    more_is_better: bool = False,
    why: str = "",
) -> Goal:
    """Returns the goal that the first of a pair is some times as good as the second.

    Args:
        text: The goal in words.
        case: Where.
        pair: Ours, and the other.
        key: The figure that is compared.
        least: The times wanted; None: stated only.
        more_is_better: Whether more of the figure is better.
        why: What is in the way where it is missed.
    """

    def value(seen: Seen) -> float | None:
        ours, theirs = (seen.median(case, name, key) for name in pair)
        if ours is None or theirs is None:
            return None
        return ours / theirs if more_is_better else theirs / ours

    return Goal(text, value, least=least, why=why)


def figure(case: str, name: str, key: str) -> Callable[[Seen], float | None]:
    """Returns what reads one median."""
    return lambda seen: seen.median(case, name, key)
