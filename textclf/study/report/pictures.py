"""The pictures of a report: which there are, and what each shows in words."""

import itertools
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from textclf.study.analysis.anova import importance
from textclf.study.analysis.cells import cell_table
from textclf.study.analysis.effects import effects, scale
from textclf.study.analysis.expected_max import expected_max
from textclf.study.design import Factor
from textclf.study.report.plots.curves import curves, gap_plot
from textclf.study.report.plots.forest import forest
from textclf.study.report.plots.heat_map import heat_map
from textclf.study.report.plots.scores import (
    expected_max_plot,
    importance_plot,
    level_plot,
    pareto_plot,
)
from textclf.study.results import Results
from textclf.study.spec import LOWER_IS_BETTER

_STREAM = 54
_MOST_MAPS = 3
_LARGEST_MAP = 20
_LEAST_DRAWN = 6
"""Random cells from which the curve of the best of n says something."""


@dataclass(frozen=True)
class Picture:
    """One PNG.

    Attributes:
        file: Its name.
        title: What stands above it.
        told: What it shows, for who cannot see it.
    """

    file: str
    title: str
    told: str


Bands = Mapping[str, tuple[float, float]]
_Draw = Callable[[Path], None]


def draw_pictures(
    results: Results, folder: Path, *, bands: Bands | None = None
) -> tuple[Picture, ...]:
    """Draws all that there is to see.

    Args:
        results: The study.
        folder: Where the PNGs go.
        bands: The range of dimensions that PIP loss names, by matrix.
    """
    if not (results.frame["status"] == "done").any():
        return ()
    pictures = []
    for picture, draw in _planned(results, bands):
        draw(folder / picture.file)
        pictures.append(picture)
    return tuple(pictures)


def _planned(results: Results, bands: Bands | None) -> Iterator[tuple[Picture, _Draw]]:
    cells, found = cell_table(results), effects(results)
    if found:
        yield (
            Picture("effects.png", "Effects", "differences of levels with intervals"),
            lambda path: forest(results, found, path),
        )
    for rows, columns in _pairs(results.factors):
        yield (
            Picture(
                f"map_{_name(rows)}_{_name(columns)}.png",
                f"{rows.name} × {columns.name}",
                "mean and interval of each cell",
            ),
            lambda path, rows=rows, columns=columns: heat_map(  # type: ignore[misc]
                results, cells, rows, columns, path
            ),
        )
    for factor in results.factors:
        if len(factor.levels) > 1:
            yield from _by_level(results, factor, bands)
    yield (
        Picture("pareto.png", "Score against cost", "cells by score, size and latency"),
        lambda path: pareto_plot(results, cells, path),
    )
    yield from _of_design(results)


def _by_level(
    results: Results, factor: Factor, bands: Bands | None
) -> Iterator[tuple[Picture, _Draw]]:
    cells, name = cell_table(results), _name(factor)
    of_dimension = any(
        "embedding.dim" in settings for settings in factor.settings.values()
    )
    yield (
        Picture(f"by_{name}.png", f"By {factor.name}", "mean of each level, by seed"),
        lambda path: level_plot(
            results, factor, path, bands=bands if of_dimension else None
        ),
    )
    if factor.drawn:
        return
    yield (
        Picture(
            f"curves_{name}.png",
            f"Learning by {factor.name}",
            "training and dev loss by epoch",
        ),
        lambda path: curves(results, factor, path),
    )
    yield (
        Picture(f"gap_{name}.png", f"Gap by {factor.name}", "training − dev accuracy"),
        lambda path: gap_plot(results, cells, factor, path),
    )


def _of_design(results: Results) -> Iterator[tuple[Picture, _Draw]]:
    shares = importance(results)
    if shares:
        yield (
            Picture("importance.png", "Importance", "share of the variation"),
            lambda path: importance_plot(shares, path),
        )
    kind = results.spec.get("sampler", {}).get("kind")
    scores = _means(results)
    if kind == "quasi_random" and len(scores) >= _LEAST_DRAWN:
        rng = np.random.default_rng(_STREAM)
        yield (
            Picture("best_of_n.png", "The best of n", "expected maximum by trials"),
            lambda path: expected_max_plot(
                results, expected_max(scores, rng=rng), path
            ),
        )


def _pairs(factors: tuple[Factor, ...]) -> list[tuple[Factor, Factor]]:
    """Returns pairs whose map can be read, the factor with more levels across."""
    small = [f for f in factors if 1 < len(f.levels) <= _LARGEST_MAP and not f.drawn]
    pairs = list(itertools.combinations(small, 2))[:_MOST_MAPS]
    return [
        (one, other) if len(one.levels) <= len(other.levels) else (other, one)
        for one, other in pairs
    ]


def _means(results: Results) -> np.ndarray:
    done = results.frame[results.frame["status"] == "done"]
    sign = -1.0 if results.metric in LOWER_IS_BETTER else 1.0
    means = done.groupby("cell")[results.metric].mean()
    return np.asarray(sign * scale(results.metric) * means.to_numpy(dtype=float))


def _name(factor: Factor) -> str:
    """Returns a name that any file system takes, another one for each factor."""
    plain = "".join(c if c.isascii() and c.isalnum() else "_" for c in factor.name)
    known = factor.name.encode("utf-8", "backslashreplace")
    return plain if plain == factor.name else f"{plain}_{zlib.crc32(known):08x}"
