"""Plots: a confusion matrix, scores by label, and a training history, as PNG files."""

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from textclf.errors import DataError, printable
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
from textclf.evaluation.metrics import Scores
from textclf.evaluation.predictions import MULTILABEL

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis
    from matplotlib.figure import Figure

_COUNTED = 20  # most labels whose cells hold their counts
_ZEROS = 10  # most labels whose cells say 0
_TICKS = 160  # most labels that are named at an axis
_WIDEST = 20.0  # inches of a figure
_LINE: dict[str, Any] = {"linewidth": 2.0, "marker": "o", "markersize": 4.0}

Floats = npt.NDArray[np.float64]


def scores_plot(scores: Scores, path: Path, *, title: str = "") -> None:
    """Draws the confusion matrix, or F1 by label of a multi-label task, as PNG.

    Raises:
        ResourceError: The file cannot be written.
    """
    draw = label_plot if scores.task == MULTILABEL else confusion_plot
    draw(scores, path, title=title)


def confusion_plot(scores: Scores, path: Path, *, title: str = "") -> None:
    """Draws a confusion matrix whose colours are shares of the true label's texts.

    Up to 20 labels the cells hold their counts.

    Raises:
        DataError: The task is multi-label and has no such matrix.
        ResourceError: The file cannot be written.
    """
    if scores.task == MULTILABEL:
        raise DataError("got a multi-label task, expected one label a text")
    from matplotlib.colors import PowerNorm

    counts, k = scores.counts(), len(scores.labels)
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    side = max(2.4, 0.62 * k) if k <= _COUNTED else min(_WIDEST, 5.0 + 0.12 * k)
    figure, axes = new_figure(side, side)
    # Without counts in the cells, small shares need the stronger colour to be seen.
    norm = PowerNorm(1.0 if k <= _COUNTED else 0.5, vmin=0.0, vmax=1.0)
    image = axes.imshow(shares, cmap="Blues", norm=norm)
    size = 10.0 if k <= _COUNTED else min(9.0, 52.0 * side / min(k, _TICKS))
    _name_axis(axes.xaxis, scores.labels, size=size)
    _name_axis(axes.yaxis, scores.labels, size=size)
    # A sign is about 0.65 of its size wide, an inch has 72 points.
    wide = max(map(len, scores.labels)) * 0.65 * size > 72.0 * side / k
    axes.tick_params(axis="x", rotation=90 if wide else 0)
    axes.set_xlabel("predicted label", color=GREY, labelpad=8, size=max(10.0, side))
    axes.set_ylabel("true label", color=GREY, labelpad=8, size=max(10.0, side))
    _part_cells(axes, k)
    if k <= _COUNTED:
        _write_counts(axes, counts, shares)
    _add_scale(figure, axes, image, side)
    told = f"accuracy {100 * scores.accuracy:.1f} % of {scores.n:,} texts"
    entitle(axes, title, told, size=max(10.0, side))
    save_figure(figure, path)


def label_plot(scores: Scores, path: Path, *, title: str = "") -> None:
    """Draws the F1 of each label as bars, best first, with the number of its texts.

    Raises:
        ResourceError: The file cannot be written.
    """
    order = sorted(
        zip(scores.labels, scores.per_label, strict=True),
        key=lambda row: (-row[1].f1, row[0]),
    )
    names, rows = [name for name, _ in order], [row for _, row in order]
    k = len(rows)
    step = min(0.3, _WIDEST / k)
    figure, axes = new_figure(6.0, step * k + 0.2)
    values, places = np.array([row.f1 for row in rows]), np.arange(k)
    size = min(10.0, 40.0 * step * math.ceil(k / _TICKS))
    axes.barh(places, values, height=0.72, color=BLUE)
    for place, row in zip(places[:_TICKS], rows, strict=False):
        told = {"va": "center", "color": GREY, "size": size}
        axes.text(1.09, place, f"{100 * row.f1:.1f} %", ha="right", **told)
        axes.text(1.13, place, f"{row.support:,} texts", ha="left", **told)
    axes.axvline(scores.macro_f1, color=ORANGE, linewidth=1.4)
    axes.set_xlim(0.0, 1.0)
    axes.set_ylim(k - 0.5, -0.5)
    axes.set_xlabel("F1 (line: macro F1)", color=GREY, labelpad=8)
    _name_axis(axes.yaxis, names, size=size)
    entitle(axes, title, f"macro F1 {100 * scores.macro_f1:.1f} % of {k} labels")
    save_figure(figure, path)


def history_plot(
    history: Sequence[Mapping[str, Any]], path: Path, *, best: int | None = None
) -> None:
    """Draws loss and accuracy by epoch, on training and dev texts, as PNG.

    A record is a line of the history: `epoch`, `train_loss`, `train_accuracy`,
    `dev_loss`, `dev_accuracy`, and `best`, true where the epoch was the best so far. A
    value that is missing or not finite leaves a gap. `best` is the epoch to mark, by
    default the last that was the best, or else the one with the least dev loss.

    Raises:
        DataError: The history has no epochs.
        ResourceError: The file cannot be written.
    """
    if not history:
        raise DataError("got a history without epochs, expected at least one")
    epochs = [
        int(row.get("epoch", place)) for place, row in enumerate(history, start=1)
    ]
    best = _best_epoch(epochs, history) if best is None else best
    figure, axes = new_figure(9.0, 3.2, columns=2)
    for panel, measure in zip(axes, ("loss", "accuracy"), strict=True):
        for part, colour in (("train", BLUE), ("dev", ORANGE)):
            values = _series(history, f"{part}_{measure}")
            if np.isfinite(values).any():
                panel.plot(epochs, values, color=colour, label=part, **_LINE)
        _finish_panel(panel, epochs, best)
        told = f"best epoch: {best}" if best in epochs else ""
        entitle(panel, measure, told)
    save_figure(figure, path)


def _series(history: Sequence[Mapping[str, Any]], key: str) -> Floats:
    """Returns the values under a key, NaN where there is no finite number."""
    values = [row.get(key) for row in history]
    column = [value if isinstance(value, int | float) else math.nan for value in values]
    return np.where(np.isfinite(column), column, math.nan)


def _best_epoch(
    epochs: Sequence[int], history: Sequence[Mapping[str, Any]]
) -> int | None:
    marked = [e for e, row in zip(epochs, history, strict=True) if row.get("best")]
    if marked:
        return marked[-1]
    losses = _series(history, "dev_loss")
    return epochs[int(np.nanargmin(losses))] if np.isfinite(losses).any() else None


def _finish_panel(axes: "Axes", epochs: Sequence[int], best: int | None) -> None:
    from matplotlib.ticker import MaxNLocator

    if best is not None and best in epochs:
        axes.axvline(best, color=GREY, linewidth=1.0, linestyle=(0, (3, 3)), zorder=0)
    low, high = min(epochs), max(epochs)
    axes.set_xlim(low - 0.5, high + 0.5)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
    axes.set_xlabel("epoch", color=GREY)
    axes.grid(axis="y", color=FAINT, linewidth=0.8)
    axes.set_axisbelow(True)
    axes.spines["bottom"].set_visible(True)
    if axes.lines and axes.get_legend_handles_labels()[0]:
        axes.legend(frameon=False, labelcolor=INK)


def _name_axis(axis: "Axis", labels: Sequence[str], *, size: float) -> None:
    """Puts label names at an axis, as they are: no `$` starts a formula."""
    step = math.ceil(len(labels) / _TICKS)
    shown = [printable(label, limit=NAME_LIMIT) for label in labels[::step]]
    axis.set_ticks(range(0, len(labels), step), labels=shown)
    for text in axis.get_ticklabels():
        text.set(parse_math=False, color=INK, size=size)


def _part_cells(axes: "Axes", k: int) -> None:
    """Draws white lines between the cells, thinner the more there are."""
    edges = np.arange(k + 1) - 0.5
    width = 1.5 if k <= _COUNTED else 0.4
    drawn: dict[str, Any] = {"color": "white", "linewidth": width}
    if k <= _TICKS:
        axes.hlines(edges, -0.5, k - 0.5, **drawn)
        axes.vlines(edges, -0.5, k - 0.5, **drawn)
    for spine in axes.spines.values():
        spine.set_visible(k > _COUNTED)


def _write_counts(axes: "Axes", counts: npt.NDArray[np.int64], shares: Floats) -> None:
    longest = len(f"{counts.max():,}")
    size = min(11.0, 46.0 / longest)
    for (row, column), count in np.ndenumerate(counts):
        if not count and len(counts) > _ZEROS:
            continue
        colour = "white" if shares[row, column] > 0.55 else INK
        colour = colour if count else "#a9b4bf"
        placed: dict[str, Any] = {"ha": "center", "va": "center", "size": size}
        axes.text(column, row, f"{count:,}", color=colour, **placed)


def _add_scale(figure: "Figure", axes: "Axes", image: Any, side: float) -> None:
    """Adds the colour scale at the upper right, of the same inches at any size."""
    height = min(1.0, 3.5 / side)
    beside = axes.inset_axes((1.0 + 0.2 / side, 1.0 - height, 0.14 / side, height))
    bar = figure.colorbar(image, cax=beside, ticks=[0.0, 0.25, 0.5, 0.75, 1.0])
    bar.ax.set_yticklabels(["0 %", "25 %", "50 %", "75 %", "100 %"])
    bar.ax.set_ylabel("share of the true label", color=GREY, labelpad=6)
    bar.ax.tick_params(length=0, colors=GREY, labelsize=8)
    for spine in bar.ax.spines.values():
        spine.set_visible(False)
