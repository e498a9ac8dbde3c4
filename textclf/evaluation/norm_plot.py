"""A plot of row norms, before and after training."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from textclf.errors import DataError
from textclf.evaluation.canvas import (
    FAINT,
    GREY,
    INK,
    ORANGE,
    entitle,
    new_figure,
    save_figure,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_BINS = 60
_OUTLYING, _FAR = 0.999, 1.15  # norms so far above this quantile stand in the last bin
_WIDE = 8.0  # so many times longer than the shortest, and lengths are logarithms
_NEAREST = 1e-3  # shorter ones, as a share of the longest, stand in the first bin
_START = "#8fa7bf"


@dataclass(frozen=True, eq=False)
class Norms:
    """Row norms of some words.

    Attributes:
        after: float[n]; of a file: as they are.
        before: float[n], the same words before training; None: there was none.
    """

    after: np.ndarray
    before: np.ndarray | None = None


def norms_plot(groups: Mapping[str, Norms], path: Path, *, title: str = "") -> None:
    """Draws a histogram of row norms for each group of words, as PNG.

    All panels share the scale of norms. The rare norms beyond it stand in the last bin.

    Raises:
        DataError: There are no words.
        ResourceError: The file cannot be written.
    """
    groups = {name: norms for name, norms in groups.items() if len(norms.after)}
    if not groups:
        raise DataError("got no words, expected at least one")
    edges = _edges(groups)
    figure, axes = new_figure(5.2 * len(groups), 3.2, columns=len(groups))
    for place, (panel, (name, norms)) in enumerate(
        zip(np.atleast_1d(axes), groups.items(), strict=True)
    ):
        _draw(panel, norms, edges, legend=place == 0)
        entitle(panel, title if place == 0 else "", f"{name}: {len(norms.after):,}")
    np.atleast_1d(axes)[0].set_ylabel("words", color=GREY, labelpad=6)
    save_figure(figure, path)


def _edges(groups: Mapping[str, Norms]) -> np.ndarray:
    parts = [part for norms in groups.values() for part in (norms.before, norms.after)]
    every = np.concatenate([part for part in parts if part is not None])
    low, high = float(every.min()), float(every.max())
    high = min(high, _FAR * float(np.quantile(every, _OUTLYING)))
    low = max(low, high * _NEAREST)
    if high > _WIDE * low:
        return np.geomspace(low, high, _BINS + 1)
    if high - low < 0.05 * max(high, 1e-12):  # all but equal
        low, high = 0.5 * low, max(1.5 * high, 1e-6)
    return np.linspace(min(low, 0.6 * high), high, _BINS + 1)


def _scale(axes: "Axes", edges: np.ndarray) -> None:
    """Shows the range of the bins, as a logarithm where the bins grow."""
    if np.isclose(edges[1] - edges[0], edges[-1] - edges[-2]):
        axes.set_xlim(edges[0], edges[-1])
        return
    from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator

    axes.set_xscale("log")
    axes.set_xlim(edges[0], edges[-1])
    axes.xaxis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0)))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))


def _draw(axes: "Axes", norms: Norms, edges: np.ndarray, *, legend: bool) -> None:
    filled: dict[str, Any] = {"histtype": "stepfilled", "linewidth": 0.0}
    lined: dict[str, Any] = {"histtype": "step", "linewidth": 1.8}
    bins, first, label = edges.tolist(), norms.after, "norm of the row"
    if norms.before is not None:
        axes.hist(_within(norms.after, edges), bins, color=ORANGE, zorder=3, **lined)
        first, label = norms.before, "before training"
        axes.plot([], [], color=ORANGE, linewidth=1.8, label="after")
        _mark(axes, norms.after, ORANGE)
    axes.hist(_within(first, edges), bins, color=_START, label=label, **filled)
    _mark(axes, first, _START)
    _scale(axes, edges)
    beyond = "; last bar: and longer" if norms.after.max() > edges[-1] else ""
    axes.set_xlabel(f"norm (dotted: median{beyond})", color=GREY, labelpad=6)
    axes.grid(axis="y", color=FAINT, linewidth=0.8)
    axes.set_axisbelow(True)
    axes.spines["bottom"].set_visible(True)
    if legend and norms.before is not None:
        handles, names = axes.get_legend_handles_labels()
        axes.legend(handles[::-1], names[::-1], frameon=False, labelcolor=INK)


def _within(norms: np.ndarray, edges: np.ndarray) -> np.ndarray:
    return np.clip(norms, edges[0], edges[-1])


def _mark(axes: "Axes", norms: np.ndarray, colour: str) -> None:
    line: dict[str, Any] = {"linewidth": 1.2, "linestyle": (0, (1, 2)), "zorder": 4}
    axes.axvline(float(np.median(norms)), color=colour, **line)
