"""Scores: of every seed, against cost, by share of variance, of the best of n."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

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
from textclf.study.analysis.anova import CHANCE
from textclf.study.analysis.cells import level_means
from textclf.study.analysis.expected_max import ExpectedMax
from textclf.study.design import Factor
from textclf.study.report.conclusions import metric_name, with_unit
from textclf.study.results import Results
from textclf.study.spec import LOWER_IS_BETTER

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_COSTS = {"megabytes": "megabytes of weights", "latency_p50_ms": "ms for one text"}
_NAMED = 8


def level_plot(
    results: Results,
    factor: Factor,
    path: Path,
    *,
    bands: Mapping[str, tuple[float, float]] | None = None,
) -> None:
    """Draws the mean of each level, a thin line a seed; dots where numbers were drawn.

    Args:
        results: The study.
        factor: A factor; its numbers stand on a logarithmic axis if they can.
        path: The PNG.
        bands: For dimensions, the range that PIP loss names, by matrix.
    """
    means = level_means(results, factor)
    wide = 5.6 if factor.drawn else max(3.6, 0.7 * len(factor.levels))
    figure, axes = new_figure(wide, 3.0)
    for low, high in (bands or {}).values():
        axes.axvspan(low, high, color=ORANGE, alpha=0.10, lw=0)
    thin = (_dots if factor.drawn else _lines)(axes, means, factor)
    axes.set_xlabel(factor.name, color=GREY)
    axes.grid(axis="y", color=FAINT, lw=0.8)
    told = f"{with_unit(metric_name(results), results)}; {thin}: one seed"
    more = "\norange: where PIP loss sees dimensions, a band and never a verdict"
    entitle(axes, f"By {factor.name}", told)
    if bands:
        axes.annotate(
            more.strip(),
            (0, 0),
            xytext=(0, -44),
            xycoords="axes fraction",
            textcoords="offset points",
            color=GREY,
            size=9,
        )
    save_figure(figure, path)


def _lines(axes: "Axes", means: pd.DataFrame, factor: Factor) -> str:
    """Joins levels that were written; says what is drawn of a seed."""
    count = len(factor.levels)
    places = np.arange(count) if factor.numeric is None else np.array(factor.numeric)
    if factor.numeric is not None and min(places) > 0:
        axes.set_xscale("log")
    for _, row in means.iterrows():
        axes.plot(places, row, color=BLUE, alpha=0.25, lw=1)
    axes.plot(places, means.mean(), color=INK, lw=2, marker="o", ms=5)
    axes.set_xticks(places, factor.levels, color=INK)
    axes.minorticks_off()
    return "thin"


def _dots(axes: "Axes", means: pd.DataFrame, factor: Factor) -> str:
    """Draws cells whose numbers were drawn: other factors differ from dot to dot."""
    places = np.array(factor.numeric)
    for _, row in means.iterrows():
        axes.plot(places, row, "o", color=BLUE, alpha=0.3, ms=4, mew=0)
    axes.plot(places, means.mean(), "o", color=INK, ms=5, mew=0)
    if factor.drawn == "log":
        _log_scale(axes)
    return "light"


def pareto_plot(results: Results, cells: pd.DataFrame, path: Path) -> None:
    """Draws every cell by its score and what it costs; the front is numbered."""
    figure, axes = new_figure(8.6, 3.0, columns=2)
    known = cells.dropna(subset=["mean"])
    front = known[known["on_front"]].sort_values("mean", ascending=False).head(_NAMED)
    for panel, (cost, label) in zip(axes, _COSTS.items(), strict=True):
        panel.plot(known[cost], known["mean"], "o", color=BLUE, alpha=0.35, mew=0)
        panel.plot(front[cost], front["mean"], "o", color=ORANGE, ms=13, mew=0)
        for number, (_, row) in enumerate(front.iterrows(), start=1):
            where = (row[cost], row["mean"])
            panel.annotate(
                f"{number}", where, ha="center", va="center", size=8, color="white"
            )
        _log_scale(panel)
        panel.set_xlabel(label, color=GREY)
        panel.grid(color=FAINT, lw=0.8)
        panel.set_axisbelow(True)
    for number, cell in enumerate(front["cell"], start=1):
        axes[1].annotate(
            f"{number}  {cell}",
            (1.04, 1.02 - 0.09 * number),
            xycoords="axes fraction",
            size=9,
            color=INK,
        ).set_parse_math(False)
    told = "orange: no cell is better in score, size and latency at once"
    name = with_unit(metric_name(results), results)
    entitle(axes[0], "Score against cost", f"{name}; {told}")
    save_figure(figure, path)


def _log_scale(panel: "Axes") -> None:
    """Makes the lower axis logarithmic, with numbers as people write them."""
    from matplotlib.ticker import LogLocator, NullFormatter, StrMethodFormatter

    panel.set_xscale("log")
    low, high = panel.get_xlim()
    few = high / low < 30
    panel.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5) if few else (1,)))
    panel.xaxis.set_major_formatter(StrMethodFormatter("{x:g}"))
    panel.xaxis.set_minor_formatter(NullFormatter())
    panel.tick_params(which="both", length=0, colors=GREY)


def importance_plot(shares: Mapping[str, float], path: Path) -> None:
    """Draws the share of the variation of each factor, each pair, and chance."""
    figure, axes = new_figure(5.2, max(0.9, 0.4 * len(shares)))
    names = list(shares)
    axes.barh(
        range(len(names)),
        [100 * shares[name] for name in names],
        color=[GREY if name == CHANCE else BLUE for name in names],
        height=0.6,
    )
    for place, name in enumerate(names):
        axes.text(100 * shares[name] + 1, place, f"{shares[name]:.0%}", va="center")
    axes.set_yticks(range(len(names)), names, color=INK)
    axes.invert_yaxis()
    axes.set_xticks([])
    told = "share of the variation, seeds apart; grey: what nothing explains"
    entitle(axes, "What explains the scores", told)
    save_figure(figure, path)


def expected_max_plot(results: Results, curve: ExpectedMax, path: Path) -> None:
    """Draws the expected score of the best of n random cells."""
    figure, axes = new_figure(4.6, 2.8)
    sign = -1.0 if results.metric in LOWER_IS_BETTER else 1.0
    axes.fill_between(
        curve.trials, sign * curve.low, sign * curve.high, color=BLUE, alpha=0.18, lw=0
    )
    axes.plot(curve.trials, sign * curve.mean, color=BLUE, lw=2)
    axes.set_xlabel("random cells tried", color=GREY)
    axes.grid(axis="y", color=FAINT, lw=0.8)
    axes.xaxis.get_major_locator().set_params(integer=True)
    name = with_unit(metric_name(results), results)
    told = f"expected {name}, with a band of 95 %"
    entitle(axes, "The best of n", told)
    save_figure(figure, path)
