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
_LABELLED = 150  # most words that are written
_NEUTRAL = "#b4bcc5"
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

    With places before training there are two maps of one scale; both name the same
    words. Words that lean most come first, or in their order without a colouring.

    Raises:
        ResourceError: The file cannot be written.
    """
    maps = _maps(projection)
    figure, axes = new_figure(_SIDE * len(maps), _SIDE, columns=len(maps))
    figure.subplots_adjust(wspace=0.06)
    panels = list(np.atleast_1d(axes))
    colours, strength = _colours(len(words), colouring)
    for place, (panel, (name, places)) in enumerate(
        zip(panels, maps.items(), strict=True)
    ):
        _dots(panel, places, colours, strength)
        entitle(panel, title if place == 0 else "", name)
    _limit(panels, list(maps.values()))
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


def _limit(panels: Sequence["Axes"], maps: Sequence[Floats]) -> None:
    """Gives all maps one scale, and the two axes of a map the same."""
    every = np.concatenate(maps)
    low, high = np.nanmin(every, axis=0), np.nanmax(every, axis=0)
    middle, half = (low + high) / 2, float((high - low).max()) / 2
    half = half * (1 + 2 * _MARGIN) or 1.0
    for panel in panels:
        panel.set_xlim(middle[0] - half, middle[0] + half)
        panel.set_ylim(middle[1] - half, middle[1] + half)


def _letter(
    sheets: Sequence[Lettering],
    words: Sequence[str],
    colours: Floats,
    strength: Floats,
) -> None:
    """Writes the words that find room on every map, those that lean most first."""
    left = _LABELLED
    for row in np.argsort(-strength, kind="stable").tolist():
        word = printable(words[row], limit=NAME_LIMIT)
        here = [sheet for sheet in sheets if sheet.has(row)]
        sides = [sheet.room(row, word) for sheet in here]
        ink = 0.5 * colours[row] + 0.5 * _rgba(INK)
        if left > 0 and None not in sides:
            left -= 1
            for sheet, side in zip(here, sides, strict=True):
                if side is not None:
                    sheet.write(row, word, side, ink)


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
    bar = axes.inset_axes((0.0, -0.128, 0.42, 0.018))
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
    placed: dict[str, Any] = {"loc": "upper left", "bbox_to_anchor": (-0.01, -0.075)}
    placed |= {"borderaxespad": 0.0, "handletextpad": 0.2, "columnspacing": 1.2}
    looks: dict[str, Any] = {"frameon": False, "labelcolor": INK, "ncols": 5}
    legend = axes.legend(handles=handles, fontsize=9, **placed, **looks)
    for text in legend.get_texts():
        text.set_parse_math(False)
