"""A picture of the losses at rising learning rates."""

from collections.abc import Sequence
from pathlib import Path

from textclf.evaluation.canvas import (
    BLUE,
    FAINT,
    GREY,
    ORANGE,
    entitle,
    new_figure,
    save_figure,
)


def rate_plot(
    rates: Sequence[float], losses: Sequence[float], path: Path, *, suggestion: float
) -> None:
    """Draws loss by learning rate as PNG, with a line at the suggested rate.

    Args:
        rates: Rising.
        losses: In nats, one a rate.
        path: The file.
        suggestion: The rate that is marked.

    Raises:
        ResourceError: The file cannot be written.
    """
    figure, axes = new_figure(6.5, 3.2)
    axes.plot(rates, losses, color=BLUE, linewidth=2.0)
    axes.axvline(suggestion, color=ORANGE, linewidth=1.4)
    axes.set_xscale("log")
    lowest, first = min(losses), losses[0]
    fall = (first - lowest) or 1.0
    axes.set_ylim(lowest - 0.1 * fall, first + 0.6 * fall)
    axes.set_xlabel("learning rate", color=GREY)
    axes.grid(color=FAINT, linewidth=0.6)
    entitle(axes, "", f"smoothed training loss; the line: {suggestion:.2g}")
    save_figure(figure, path)
