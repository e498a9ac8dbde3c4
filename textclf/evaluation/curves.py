"""Curves: what thresholds and abstention cost, and how far probabilities hold."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from textclf.errors import printable
from textclf.evaluation.calibration import BINS, calibration, reliability
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
from textclf.evaluation.coverage import RiskCoverage
from textclf.evaluation.decision import NEUTRAL
from textclf.evaluation.predictions import (
    BINARY,
    MULTICLASS,
    Floats,
    Predictions,
    probabilities_from_logits,
)
from textclf.evaluation.ranking import label_columns

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_NAMED = 6  # most labels with a colour and a name each
_COLOURS = (BLUE, ORANGE, "#2a9d8f", "#8e44ad", "#7f8c8d", "#c0392b")
_SIDE = 4.2
_GRID = np.linspace(0.0, 1.0, 201)


def curve_plots(
    predictions: Predictions, targets: npt.ArrayLike, folder: Path, *, suffix: str
) -> None:
    """Writes `curves`, `reliability` and `coverage` + suffix + `.png` into a folder.

    Raises:
        ResourceError: A file cannot be written.
    """
    truth = np.asarray(targets)
    ranking_plot(predictions, truth, folder / f"curves{suffix}.png")
    reliability_plot(predictions, truth, folder / f"reliability{suffix}.png")
    coverage_plot(predictions, truth, folder / f"coverage{suffix}.png")


def ranking_plot(
    predictions: Predictions, truth: npt.NDArray[Any], path: Path, *, title: str = ""
) -> None:
    """Draws the ROC and the precision-recall curve of labels against the rest, as PNG.

    A binary task has those of its second label. Beyond six labels all are faint and
    their mean is drawn.

    Raises:
        ResourceError: The file cannot be written.
    """
    figure, panels = new_figure(2 * _SIDE + 1.0, _SIDE, columns=2)
    columns = list(label_columns(predictions, truth))
    names = [printable(name, limit=NAME_LIMIT) for name, _, _ in columns]
    curves = [_curves(likely, own) for _, likely, own in columns]
    for place, (panel, labels) in enumerate(zip(panels, _PANELS, strict=True)):
        _draw_labels(panel, [curve[place] for curve in curves], names, roc=place == 0)
        _square(panel, *labels[1:])
        entitle(panel, title if place == 0 else "", labels[0])
    save_figure(figure, path)


_PANELS = (
    ("ROC", "false positives, share", "found, share (recall)"),
    ("precision and recall", "found, share (recall)", "right of those, share"),
)


def reliability_plot(
    predictions: Predictions, truth: npt.NDArray[Any], path: Path, *, title: str = ""
) -> None:
    """Draws the share of right answers over the confidence in them, as PNG.

    The bars below are the shares of answers. Where a temperature was fitted, the faint
    line is the model without it.

    Raises:
        ResourceError: The file cannot be written.
    """
    figure, axes = new_figure(_SIDE, _SIDE)
    axes.plot([0, 1], [0, 1], color=FAINT, linewidth=1.2, zorder=0)
    told = f"calibration error {100 * calibration(predictions, truth).ece:.1f} %"
    if predictions.decision.temperature != 1.0:
        plain = without_temperature(predictions)
        _draw_reliability(axes, plain, truth, colour="#b8c2cc", label="as trained")
        before = 100 * calibration(plain, truth).ece
        told += f", as trained {before:.1f} %"
    _draw_reliability(axes, predictions, truth, colour=BLUE, label="as answered")
    counts = reliability(predictions, truth).count
    middles = (np.arange(BINS) + 0.5) / BINS
    shares = counts / max(counts.sum(), 1)
    axes.bar(middles, 0.25 * shares, width=0.8 / BINS, color=FAINT, zorder=0)
    _square(axes, "confidence", "right, share")
    if len(axes.lines) > 2:
        axes.legend(frameon=False, labelcolor=INK, loc="upper left")
    entitle(axes, title, told)
    save_figure(figure, path)


def coverage_plot(
    predictions: Predictions, truth: npt.NDArray[Any], path: Path, *, title: str = ""
) -> None:
    """Draws the accuracy of the surest answers over how many they are, as PNG.

    Raises:
        ResourceError: The file cannot be written.
    """
    figure, axes = new_figure(_SIDE * 1.4, _SIDE)
    curve = RiskCoverage.of(predictions, truth)
    axes.plot(curve.coverage, curve.accuracy, color=BLUE, linewidth=2.0)
    told = f"accuracy {100 * curve.accuracy[-1]:.1f} % of all texts"
    if predictions.decision.abstain is not None:
        answered = float(np.mean(~predictions.abstained))
        at = int(np.searchsorted(curve.coverage, answered - 1e-12))
        if answered > 0:
            right = curve.accuracy[at]
            axes.plot(answered, right, "o", color=ORANGE, markersize=8)
            told += f"; {100 * right:.1f} % of the {100 * answered:.1f} % answered"
    axes.set_xlim(0.0, 1.0)
    axes.set_ylim(max(0.0, float(curve.accuracy.min()) - 0.05), 1.005)
    _labelled(axes, "texts answered, surest first, share", "right of those, share")
    entitle(axes, title, told)
    save_figure(figure, path)


def without_temperature(predictions: Predictions) -> Predictions:
    """Returns the probabilities that the model gives at temperature 1."""
    task, likely = predictions.task, predictions.probabilities
    temperature = predictions.decision.temperature
    with np.errstate(divide="ignore"):
        logits = np.maximum(np.log(likely), -700.0)
        if task != MULTICLASS:
            logits = logits - np.maximum(np.log1p(-np.minimum(likely, 1.0)), -700.0)
    if task == BINARY:
        logits = logits[:, 1:]
    plain = probabilities_from_logits(temperature * logits, task)
    return replace(predictions, probabilities=plain, decision=NEUTRAL)


def _curves(probabilities: Floats, truth: npt.NDArray[np.bool_]) -> list[Any]:
    """Returns (x, y) of the ROC and of the precision-recall curve."""
    from sklearn.metrics import precision_recall_curve, roc_curve

    wrong, found, _ = roc_curve(truth, probabilities)
    precision, recall, _ = precision_recall_curve(truth, probabilities)
    return [(wrong, found), (recall[::-1], precision[::-1])]


def _draw_labels(
    axes: "Axes", curves: Sequence[Any], names: Sequence[str], *, roc: bool
) -> None:
    if roc:
        axes.plot([0, 1], [0, 1], color=FAINT, linewidth=1.2, zorder=0)
    many = len(curves) > _NAMED
    drawn: dict[str, Any] = {} if roc else {"drawstyle": "steps-pre"}
    for place, ((x, y), name) in enumerate(zip(curves, names, strict=True)):
        drawn["color"] = "#c9d3dd" if many else _COLOURS[place]
        drawn["linewidth"] = 0.8 if many else 1.8
        axes.plot(x, y, label=None if many else name, **drawn)
    if many:
        mean = np.mean([np.interp(_GRID, *curve) for curve in curves], axis=0)
        axes.plot(_GRID, mean, color=BLUE, linewidth=2.2, label="mean of labels")
    if curves:
        looks: dict[str, Any] = {"loc": "lower right" if roc else "lower left"}
        shown = axes.legend(frameon=False, labelcolor=INK, fontsize=9, **looks)
        for text in shown.get_texts():
            text.set_parse_math(False)


def _draw_reliability(
    axes: "Axes",
    predictions: Predictions,
    truth: npt.NDArray[Any],
    *,
    colour: str,
    label: str,
) -> None:
    found = reliability(predictions, truth)
    known = found.count > 0
    axes.plot(
        found.confidence[known],
        found.accuracy[known],
        color=colour,
        marker="o",
        markersize=4.0,
        linewidth=1.8,
        label=label,
    )


def _square(axes: "Axes", below: str, beside: str) -> None:
    axes.set_xlim(-0.01, 1.01)
    axes.set_ylim(-0.01, 1.01)
    _labelled(axes, below, beside)


def _labelled(axes: "Axes", below: str, beside: str) -> None:
    axes.set_xlabel(below, color=GREY)
    axes.set_ylabel(beside, color=GREY)
    axes.grid(color=FAINT, linewidth=0.6)
    axes.set_axisbelow(True)
    axes.spines["bottom"].set_visible(True)
