"""A map of words, before and after training, coloured by what a model says of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from textclf.errors import printable
from textclf.evaluation.canvas import (
    BLUE,
    GREY,
    INK,
    NAME_LIMIT,
    entitle,
    new_figure,
    save_figure,
)
from textclf.evaluation.colouring import Colouring, rgba
from textclf.evaluation.lettering import Lettering
from textclf.evaluation.projection import Floats, Projection

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_SIDE = 7.0  # inches of a map
_MARGIN = 0.06  # of the width of a map that stays empty around the words
_RATIOS = (0.6, 1.1)  # least and most height of a map to its width
_LEGEND = 0.6  # inches from a map to the legend of its colours
_SPECK = 3.0  # so much smaller, a map gets a scale of its own


def map_plot(
    words: Sequence[str],
    projection: Projection,
    path: Path,
    *,
    colouring: Colouring | None = None,
    title: str = "",
) -> None:
    """Draws words as dots, as many of their names as do not overlap, as PNG.

    With places before training there are two maps, of one scale unless the words
    before would be a speck. Words that lean most are named first (without a colouring:
    in their order), those that find room on both maps before others.

    Raises:
        ResourceError: The file cannot be written.
    """
    maps = _maps(projection)
    windows = _windows(list(maps.values()))
    side = _SIDE * windows[-1].ratio
    figure, axes = new_figure(_SIDE * len(maps), side, columns=len(maps))
    figure.subplots_adjust(wspace=0.06)
    panels = list(np.atleast_1d(axes))
    if colouring is None:
        colours, strength = np.tile(rgba(BLUE), (len(words), 1)), np.zeros(len(words))
    else:
        colours, strength = colouring.shades(), colouring.strength
    for panel, window, places in zip(panels, windows, maps.values(), strict=True):
        _dots(panel, places, colours, strength)
        window.show(panel)
    _entitle(panels, list(maps), windows, title)
    sheets = [
        Lettering(figure, panel, places)
        for panel, places in zip(panels, maps.values(), strict=True)
    ]
    _letter(sheets, words, colours, strength)
    _explain(panels[0], projection, colouring, inches=side)
    save_figure(figure, path)


def _maps(projection: Projection) -> dict[str, Floats]:
    if projection.before is None:
        return {"": projection.after}
    return {"before training": projection.before, "after training": projection.after}


def _dots(axes: "Axes", places: Floats, colours: Floats, strength: Floats) -> None:
    known = np.isfinite(places).all(axis=1)
    rows = np.flatnonzero(known)[np.argsort(strength[known], kind="stable")]
    size = 10.0 + 16.0 * strength[rows]
    drawn: dict[str, Any] = {"linewidths": 0.0, "zorder": 2}
    axes.scatter(places[rows, 0], places[rows, 1], s=size, c=colours[rows], **drawn)
    axes.set_xticks([])
    axes.set_yticks([])
    for spine in axes.spines.values():
        spine.set_visible(True)


@dataclass(frozen=True)
class _Window:
    """The part of the plane that a map shows.

    Attributes:
        middle: float64[2].
        half: float64[2], half its width and height.
    """

    middle: Floats
    half: Floats

    @property
    def ratio(self) -> float:
        """Its height as a share of its width."""
        return float(self.half[1] / self.half[0])

    def show(self, axes: "Axes") -> None:
        low, high = self.middle - self.half, self.middle + self.half
        axes.set_xlim(low[0], high[0])
        axes.set_ylim(low[1], high[1])


def _windows(maps: Sequence[Floats]) -> list[_Window]:
    """Returns a window a map, all of one form, with one scale for both axes.

    They are one window, unless the words before training would be a speck in it.
    """
    every = _around(np.concatenate(maps))
    ratio = float(np.clip(every.ratio, *_RATIOS))
    windows = [_formed(every, ratio)] * len(maps)
    own = _formed(_around(maps[0]), ratio)
    if own.half[0] < windows[0].half[0] / _SPECK:
        windows[0] = own
    return windows


def _around(places: Floats) -> _Window:
    low, high = np.nanmin(places, axis=0), np.nanmax(places, axis=0)
    half = (high - low) / 2 * (1 + 2 * _MARGIN)
    least = float(half.max()) * 1e-3 or 1.0
    return _Window((low + high) / 2, np.maximum(half, least))


def _formed(window: _Window, ratio: float) -> _Window:
    """Returns the least window of a form that holds another."""
    width = max(float(window.half[0]), float(window.half[1]) / ratio)
    return _Window(window.middle, np.array([width, width * ratio]))


def _entitle(
    panels: Sequence["Axes"], names: list[str], windows: list[_Window], title: str
) -> None:
    zoom = windows[-1].half[0] / windows[0].half[0]
    if zoom > 1:
        names = [f"{names[0]}, drawn {zoom:.0f} times as large", *names[1:]]
    for place, (panel, name) in enumerate(zip(panels, names, strict=True)):
        entitle(panel, title if place == 0 else "", name)


def _letter(
    sheets: Sequence[Lettering],
    words: Sequence[str],
    colours: Floats,
    strength: Floats,
) -> None:
    order = np.argsort(-strength, kind="stable").tolist()
    shown = [printable(word, limit=NAME_LIMIT) for word in words]
    inks = 0.5 * colours + 0.5 * rgba(INK)
    common = {row for row in order if _written(sheets, row, shown[row], inks[row])}
    for sheet in sheets:
        for row in order:
            if row not in common:
                _written([sheet], row, shown[row], inks[row])


def _written(sheets: Sequence[Lettering], row: int, word: str, colour: Floats) -> bool:
    """Writes a word on all maps that have its dot, if all have room for it."""
    here = [sheet for sheet in sheets if sheet.has(row)]
    sides = [sheet.room(row, word) for sheet in here]
    if None in sides:
        return False
    for sheet, side in zip(here, sides, strict=True):
        if side is not None:
            sheet.write(row, word, side, colour)
    return True


def _explain(
    axes: "Axes",
    projection: Projection,
    colouring: Colouring | None,
    *,
    inches: float,
) -> None:
    """Says below a map what places and colours mean."""
    below: dict[str, Any] = {"xycoords": "axes fraction", "va": "top", "size": 10.0}
    below |= {"textcoords": "offset points", "color": GREY}
    axes.annotate(projection.told, xy=(0, 0), xytext=(0, -8), **below)
    if colouring is not None:
        told = f"colour: {colouring.told}"
        axes.annotate(told, xy=(0, 0), xytext=(0, -24), **below)
        colouring.explain(axes, inches=inches, below=_LEGEND)
