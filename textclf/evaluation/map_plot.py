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
from textclf.evaluation.lettering import Lettering
from textclf.evaluation.projection import Floats, Projection

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_SIDE = 7.0  # inches of a map
_MARGIN = 0.06  # of the width of a map that stays empty around the words
_RATIOS = (0.6, 1.1)  # least and most height of a map to its width
_SPECK = 3.0  # so much smaller, a map gets a scale of its own
_NEUTRAL = "#b4bcc5"
_COLUMNS = 6  # of a legend
_FADE = 0.8  # below 1 weak leans show more
_LEAST_SCALE = 0.05  # of a probability: weaker leans stay pale
_PALETTE = (
    *("#2166ac", "#d9822b", "#2a9d6f", "#b2182b", "#7b5ea7"),
    *("#8c6d31", "#d6609a", "#3aa6b9", "#9aa832", "#5c6773"),
)


@dataclass(frozen=True, eq=False)
class Colouring:
    """What the colours of words mean.

    Attributes:
        values: float64[n, labels], how much more likely than usual each label is.
        labels: Their names; two of a binary task, else any number.
        told: What that is, for people.
    """

    values: Floats
    labels: tuple[str, ...]
    told: str


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
    colours, strength = _colours(len(words), colouring)
    for panel, window, places in zip(panels, windows, maps.values(), strict=True):
        _dots(panel, places, colours, strength)
        window.show(panel)
    _entitle(panels, list(maps), windows, title)
    sheets = [
        Lettering(figure, panel, places)
        for panel, places in zip(panels, maps.values(), strict=True)
    ]
    _letter(sheets, words, colours, strength)
    _explain(panels, projection, colouring)
    save_figure(figure, path)


def _maps(projection: Projection) -> dict[str, Floats]:
    if projection.before is None:
        return {"": projection.after}
    return {"before training": projection.before, "after training": projection.after}


def _colours(n: int, colouring: Colouring | None) -> tuple[Floats, Floats]:
    """Returns rgba float[n, 4] and how strongly each word leans, float[n] up to 1."""
    from matplotlib.colors import to_rgba

    if colouring is None:
        return np.tile(to_rgba(BLUE), (n, 1)), np.zeros(n)
    values = colouring.values
    scale = _scale(colouring)
    hues = np.array([to_rgba(colour) for colour in _hues(colouring)])
    best = values.argmax(axis=1)
    strength = np.clip(values[np.arange(n), best] / scale, 0.0, 1.0)
    share = strength[:, None] ** _FADE
    pale = np.array(to_rgba(_NEUTRAL))
    return share * hues[best] + (1 - share) * pale, strength


def _scale(colouring: Colouring) -> float:
    """Returns the lean that has the full colour: that of the strongest words."""
    return max(float(np.quantile(colouring.values.max(axis=1), 0.97)), _LEAST_SCALE)


def _hues(colouring: Colouring) -> list[str]:
    """Returns a colour a label; of many labels those of most words get one."""
    k = len(colouring.labels)
    if k == 2:
        return [_PALETTE[3], _PALETTE[0]]
    won = np.bincount(colouring.values.argmax(axis=1), minlength=k)
    hues = [_NEUTRAL] * k
    for place, label in enumerate(np.argsort(-won, kind="stable")[: len(_PALETTE)]):
        hues[label] = _PALETTE[place]
    return hues


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
    inks = 0.5 * colours + 0.5 * _rgba(INK)
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


def _rgba(colour: str) -> Floats:
    from matplotlib.colors import to_rgba

    return np.array(to_rgba(colour))


def _explain(
    panels: Sequence["Axes"], projection: Projection, colouring: Colouring | None
) -> None:
    """Says below the first map what places and colours mean."""
    first = panels[0]
    below: dict[str, Any] = {"xycoords": "axes fraction", "va": "top", "size": 10.0}
    below |= {"textcoords": "offset points", "color": GREY}
    first.annotate(projection.told, xy=(0, 0), xytext=(0, -8), **below)
    if colouring is None:
        return
    told = f"colour: {colouring.told}"
    first.annotate(told, xy=(0, 0), xytext=(0, -24), **below)
    if len(colouring.labels) == 2:
        _scale_bar(first, colouring)
    else:
        _legend(first, colouring)


def _scale_bar(axes: "Axes", colouring: Colouring) -> None:
    """Draws the colours from the one label to the other."""
    from matplotlib.colors import LinearSegmentedColormap

    low, high = _hues(colouring)
    scale = 100 * _scale(colouring)
    places = np.linspace(-1.0, 1.0, 129)
    share = np.abs(places)[:, None] ** _FADE
    ends = np.where(places[:, None] < 0, _rgba(low), _rgba(high))
    colours = share * ends + (1 - share) * _rgba(_NEUTRAL)
    ramp = LinearSegmentedColormap.from_list("lean", colours)
    inch = 1.0 / _height(axes)
    bar = axes.inset_axes((0.0, -0.72 * inch, 0.45, 0.12 * inch))
    bar.imshow(places[None], aspect="auto", cmap=ramp, extent=(-1, 1, 0, 1))
    first, second = (printable(name, limit=NAME_LIMIT) for name in colouring.labels)
    names = [f"{first} +{scale:.0f} points", "as usual", f"{second} +{scale:.0f}"]
    bar.set_yticks([])
    bar.set_xticks([-1, 0, 1], labels=names)
    bar.tick_params(length=0, colors=GREY, labelsize=9)
    for place, text in zip(
        ("left", "center", "right"), bar.get_xticklabels(), strict=True
    ):
        text.set(horizontalalignment=place)
        text.set_parse_math(False)
    for spine in bar.spines.values():
        spine.set_visible(False)


def _height(axes: "Axes") -> float:
    """Returns the inches of a map, which is as high as its sheet."""
    figure = axes.get_figure(root=True)
    return figure.get_figheight() if figure is not None else _SIDE


def _legend(axes: "Axes", colouring: Colouring) -> None:
    """Names the labels beside their colours, the rest together."""
    named = [
        (printable(label, limit=NAME_LIMIT), hue)
        for label, hue in zip(colouring.labels, _hues(colouring), strict=True)
        if hue != _NEUTRAL
    ]
    if len(named) < len(colouring.labels):
        named.append(("other labels", _NEUTRAL))
    handles = [
        axes.scatter([], [], s=36, color=hue, linewidths=0.0, label=name)
        for name, hue in named
    ]
    inch = 1.0 / _height(axes)
    corner = (-0.01, -0.58 * inch)
    placed: dict[str, Any] = {"loc": "upper left", "bbox_to_anchor": corner}
    placed |= {"borderaxespad": 0.0, "handletextpad": 0.2, "columnspacing": 1.2}
    looks: dict[str, Any] = {"frameon": False, "labelcolor": INK, "ncols": _COLUMNS}
    legend = axes.legend(handles=handles, fontsize=9, **placed, **looks)
    for text in legend.get_texts():
        text.set_parse_math(False)
