"""How trials learn, and how much more they know of what they have seen."""

from pathlib import Path
from typing import Any

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
from textclf.study.design import Factor
from textclf.study.results import Results

_PANELS, _ACROSS = 6, 3
_LEAST_SHARE = 0.5
"""Of the trials must still run for an epoch to be drawn."""


def curves(results: Results, factor: Factor, path: Path) -> None:
    """Draws loss by epoch, a panel a level: training and dev, means with bands.

    Bands hold the middle 80 % of the trials. An epoch that less than half of them
    reached is left out, because those that stop early are not like the others.

    Args:
        results: The study.
        factor: Whose levels are the panels; at most six, evenly chosen.
        path: The PNG.
    """
    levels = _some(factor.levels)
    done = results.frame[results.frame["status"] == "done"]
    columns = min(len(levels), _ACROSS)
    rows_of_panels = -(-len(levels) // columns)
    figure, axes = new_figure(
        2.9 * columns, 2.6 * rows_of_panels, rows=rows_of_panels, columns=columns
    )
    panels = np.atleast_1d(axes).ravel()
    for empty in panels[len(levels) :]:
        empty.set_visible(False)
    panels = panels[: len(levels)]
    for panel, level in zip(panels, levels, strict=True):
        rows = done[done[factor.name] == level]
        for name, colour in (("train_loss", ORANGE), ("dev_loss", BLUE)):
            _draw(panel, rows, name, colour)
        panel.set_xlabel("epoch", color=GREY)
        panel.grid(axis="y", color=FAINT, lw=0.8)
        panel.set_title(f"{factor.name} {level}", color=INK, size=10, loc="left")
        panel.xaxis.get_major_locator().set_params(integer=True)
    _share_scale(panels, columns)
    told = "loss in nats: training (orange, with dropout) and dev (blue)"
    panels[0].annotate(
        told,
        (0, 1),
        xytext=(0, 26),
        xycoords="axes fraction",
        textcoords="offset points",
        color=GREY,
        size=10,
    )
    save_figure(figure, path)


def gap_plot(results: Results, cells: pd.DataFrame, factor: Factor, path: Path) -> None:
    """Draws accuracy on training texts less that on dev texts, for each level."""
    figure, axes = new_figure(max(3.2, 0.75 * len(factor.levels)), 2.6)
    for place, level in enumerate(factor.levels):
        gaps = cells.loc[cells[factor.name] == level, "gap"].to_numpy(dtype=float)
        axes.plot([place] * len(gaps), gaps, "o", color=BLUE, alpha=0.35, ms=5, mew=0)
        if np.isfinite(gaps).any():
            mean = float(np.nanmean(gaps))
            axes.plot([place - 0.25, place + 0.25], [mean, mean], color=INK, lw=2)
    axes.set_xticks(range(len(factor.levels)), factor.levels, color=INK)
    axes.set_xlabel(factor.name, color=GREY)
    axes.grid(axis="y", color=FAINT, lw=0.8)
    axes.set_axisbelow(True)
    entitle(
        axes, "Generalisation gap", "points of accuracy, training − dev; a dot a cell"
    )
    save_figure(figure, path)


def _draw(panel: Any, rows: pd.DataFrame, name: str, colour: str) -> None:
    values = _by_epoch([[epoch[name] for epoch in curve] for curve in rows["curve"]])
    if not values.size:
        return
    epochs = np.arange(1, values.shape[1] + 1)
    low, high = np.nanquantile(values, [0.1, 0.9], axis=0)
    panel.fill_between(epochs, low, high, color=colour, alpha=0.18, lw=0)
    panel.plot(epochs, np.nanmean(values, axis=0), color=colour, lw=2)


def _by_epoch(curves_: list[list[float]]) -> np.ndarray:
    """Returns float64[trials, epochs], NaN after the end of a trial."""
    longest = max(map(len, curves_), default=0)
    values = np.full((len(curves_), longest), np.nan)
    for row, curve in enumerate(curves_):
        values[row, : len(curve)] = curve
    running = np.isfinite(values).mean(axis=0) if longest else np.zeros(0)
    return values[:, : int((running >= _LEAST_SHARE).sum())]


def _share_scale(panels: np.ndarray, columns: int) -> None:
    limits = [panel.get_ylim() for panel in panels]
    low, high = min(limits)[0], max(end for _, end in limits)
    for place, panel in enumerate(panels):
        panel.set_ylim(low, high)
        if place % columns:
            panel.set_yticklabels([])


def _some(levels: tuple[str, ...]) -> list[str]:
    if len(levels) <= _PANELS:
        return list(levels)
    places = np.linspace(0, len(levels) - 1, _PANELS).round().astype(int)
    return [levels[place] for place in places]
