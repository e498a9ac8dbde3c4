"""Effects side by side: differences, intervals, and the zone that counts as none."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from textclf.evaluation.canvas import (
    BLUE,
    FAINT,
    GREY,
    INK,
    ORANGE,
    entitle,
    new_figure,
    save_figure,
)
from textclf.study.analysis.effects import Effect
from textclf.study.report.conclusions import metric_name, unit, with_unit
from textclf.study.results import Results

_COLOURS = {"better": BLUE, "worse": ORANGE, "equivalent": GREY, "undecided": INK}
_ROW = 0.36


def forest(results: Results, effects: Sequence[Effect], path: Path) -> None:
    """Draws the difference of each level to its reference with its interval.

    Args:
        results: The study.
        effects: What is drawn, from top to bottom.
        path: The PNG.
    """
    figure, axes = new_figure(6.4, max(1.2, _ROW * len(effects) + 0.3))
    axes.axvspan(-results.rope, results.rope, color=FAINT, alpha=0.7, lw=0)
    axes.axvline(0, color=GREY, lw=1)
    edge = max([results.rope, *(abs(e.difference) for e in effects)]) * 4
    for place, effect in enumerate(effects):
        colour = _COLOURS[effect.verdict]
        span = np.clip([effect.low, effect.high], -edge, edge)
        hollow = "white" if effect.verdict == "undecided" else colour
        axes.plot(span, [place, place], color=colour, lw=2, solid_capstyle="round")
        axes.plot(
            effect.difference, place, "o", color=colour, mfc=hollow, ms=7, mew=1.5
        )
        axes.annotate(
            effect.verdict,
            (1.02, place),
            xycoords=("axes fraction", "data"),
            va="center",
            color=colour,
            size=9,
        )
    names = [f"{e.factor} {e.level} − {e.reference}" for e in effects]
    axes.set_yticks(range(len(effects)), names, color=INK)
    axes.set_ylim(len(effects) - 0.4, -0.6)
    name = with_unit(f"difference in {metric_name(results)}", results)
    axes.set_xlabel(name, color=GREY)
    axes.spines["bottom"].set_visible(True)
    told = f"paired by seed, 95 % intervals; grey: ±{results.rope:g}{unit(results)}"
    entitle(axes, "What each level changes", f"{told} count as no difference")
    save_figure(figure, path)
