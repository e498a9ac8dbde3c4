"""Two factors at once: the mean of every cell, with its interval."""

from pathlib import Path

import numpy as np
import pandas as pd

from textclf.evaluation.canvas import GREY, INK, entitle, new_figure, save_figure
from textclf.study.design import Factor
from textclf.study.report.conclusions import metric_name, shown, with_unit
from textclf.study.results import Results
from textclf.study.spec import LOWER_IS_BETTER

_WIDE, _HIGH = 1.25, 0.72
_LEAST_ROPES = 3
"""Of the margin that the scale covers on either side, at least."""
_DARK = 0.68


def heat_map(
    results: Results, cells: pd.DataFrame, rows: Factor, columns: Factor, path: Path
) -> None:
    """Draws the mean of each cell, averaged over factors beside these two.

    Args:
        results: The study.
        cells: Of `cell_table`.
        rows: The factor that goes down.
        columns: The factor that goes across.
        path: The PNG.
    """
    means = grid_of(cells, "mean", rows, columns)
    lows, highs = (grid_of(cells, side, rows, columns) for side in ("low", "high"))
    width, height = len(columns.levels), len(rows.levels)
    figure, axes = new_figure(_WIDE * width, _HIGH * height)
    falling = results.metric in LOWER_IS_BETTER
    low, high = _colours(means, results)
    colours = "Blues_r" if falling else "Blues"
    axes.imshow(means, cmap=colours, aspect="auto", vmin=low, vmax=high)
    for down in range(height):
        for across in range(width):
            value = means[down, across]
            if np.isfinite(value):
                share = (value - low) / (high - low)
                dark = (1 - share if falling else share) > _DARK
                told = f"{shown(value, results)}"
                span = (lows[down, across], highs[down, across])
                _write(axes, across, down, told, _range(span, results), dark=dark)
    axes.set_xticks(range(width), columns.levels, color=INK)
    axes.set_yticks(range(height), rows.levels, color=INK)
    axes.set_xlabel(columns.name, color=GREY, labelpad=8)
    axes.set_ylabel(rows.name, color=GREY, labelpad=8)
    told = f"mean {with_unit(metric_name(results), results)} with 95 % interval"
    entitle(axes, f"{rows.name} × {columns.name}", told)
    save_figure(figure, path)


def grid_of(
    cells: pd.DataFrame, column: str, rows: Factor, columns: Factor
) -> np.ndarray:
    """Returns float64[rows, columns] means of a column of the cell table."""
    finite = cells.assign(**{column: cells[column].replace([np.inf, -np.inf], np.nan)})
    table = finite.pivot_table(column, rows.name, columns.name, aggfunc="mean")
    ordered = table.reindex(index=list(rows.levels), columns=list(columns.levels))
    return ordered.to_numpy(dtype=float)


def _colours(means: np.ndarray, results: Results) -> tuple[float, float]:
    """Returns the ends of the scale; what counts as no difference looks alike."""
    finite = means[np.isfinite(means)]
    low, high = (finite.min(), finite.max()) if finite.size else (0.0, 0.0)
    half = max((high - low) / 2, _LEAST_ROPES * results.rope)
    return float((low + high) / 2 - half), float((low + high) / 2 + half)


def _range(span: tuple[float, float], results: Results) -> str:
    if not np.isfinite(span).all():
        return ""
    return f"{shown(span[0], results)} – {shown(span[1], results)}"


def _write(axes, across: int, down: int, told: str, span: str, *, dark: bool) -> None:  # type: ignore[no-untyped-def]
    colour = "white" if dark else INK
    axes.text(
        across, down - 0.12, told, ha="center", va="center", color=colour, size=11
    )
    axes.text(
        across, down + 0.24, span, ha="center", va="center", color=colour, size=7.5
    )
