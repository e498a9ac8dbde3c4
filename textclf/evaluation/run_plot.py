"""A picture of runs: their scores with intervals, beside the floor."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from textclf.errors import printable
from textclf.evaluation.canvas import (
    BLUE,
    FAINT,
    GREY,
    INK,
    NAME_LIMIT,
    ORANGE,
    entitle,
    new_figure,
    save_figure,
)
from textclf.evaluation.intervals import Interval

_ROW = 0.5  # inches


@dataclass(frozen=True)
class Mark:
    """A score with its interval."""

    score: float
    interval: Interval


@dataclass(frozen=True)
class Bar:
    """A run: its scores on test and dev, and the floor, each where it is known."""

    name: str
    test: Mark | None
    dev: Mark | None
    floor: float | None


def run_plot(bars: Sequence[Bar], path: Path, *, measure: str) -> None:
    """Draws a row a run as PNG: points with 95 % intervals, the floor as a tick.

    Args:
        bars: The runs, from top to bottom.
        path: The file.
        measure: What the scores are called.

    Raises:
        ResourceError: The file cannot be written.
    """
    figure, axes = new_figure(6.5, _ROW * len(bars) + 0.3)
    for place, bar in enumerate(bars):
        sides = ((bar.dev, ORANGE, 0.14, "dev"), (bar.test, BLUE, -0.14, "test"))
        for mark, colour, off, label in sides:
            if mark is not None:
                _draw(axes, mark, place + off, colour, label if place == 0 else None)
        if bar.floor is not None:
            tick: dict[str, Any] = {"color": GREY, "linewidth": 1.4}
            tick["label"] = "floor" if place == 0 else None
            axes.vlines(bar.floor, place - 0.32, place + 0.32, **tick)
    names = [printable(bar.name, limit=NAME_LIMIT) for bar in bars]
    axes.set_yticks(range(len(bars)), labels=names)
    for text in axes.get_yticklabels():
        text.set(parse_math=False, color=INK)
    axes.set_ylim(len(bars) - 0.5, -0.5)
    axes.set_xlabel(measure, color=GREY)
    axes.grid(axis="x", color=FAINT, linewidth=0.6)
    axes.set_axisbelow(True)
    axes.spines["bottom"].set_visible(True)
    axes.legend(
        frameon=False, labelcolor=INK, loc="upper left", bbox_to_anchor=(1.02, 1.0)
    )
    entitle(axes, "", "score and 95 % interval")
    save_figure(figure, path)


def _draw(axes: Any, mark: Mark, place: float, colour: str, label: str | None) -> None:
    ends = (mark.interval.low, mark.interval.high)
    axes.hlines(place, *ends, color=colour, linewidth=2.4)
    axes.plot(mark.score, place, "o", color=colour, markersize=6, label=label)
