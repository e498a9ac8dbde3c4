"""When there are seeds enough."""

from textclf.study.results import Results


def is_precise(results: Results, half_width: float) -> bool:
    """Tells whether the interval of every effect is narrow enough.

    To stop by the width of intervals, and not by what they say, favours no result.

    Args:
        results: What is known so far.
        half_width: Points, or units of a loss.
    """
    from textclf.study.analysis.effects import effects

    widths = [(effect.high - effect.low) / 2 for effect in effects(results)]
    return bool(widths) and max(widths) <= half_width
