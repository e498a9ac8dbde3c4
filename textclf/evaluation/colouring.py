"""Colours of words by what a model says of them, and the legend that explains them."""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from textclf.errors import DataError, printable
from textclf.evaluation.canvas import GREY, INK, NAME_LIMIT

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Floats = npt.NDArray[np.float64]

_NEUTRAL = "#b4bcc5"
_PALETTE = (
    *("#2166ac", "#d9822b", "#2a9d6f", "#b2182b", "#7b5ea7"),
    *("#3aa6b9", "#d6609a", "#8c6d31", "#9aa832", "#5c6773"),
)
_OPPOSED = ("#b2182b", "#2166ac")
_FADE = 0.8  # below 1 weak leans show more
_STRONG = 0.97  # the quantile of words that has the full colour
_LEAST_SCALE = 0.05  # of a probability: weaker leans stay pale
_COLUMNS = 6  # of the legend
_NAME = 18  # characters of a label at an end of the bar


@dataclass(frozen=True, eq=False)
class Colouring:
    """What a model says of words, as colours.

    Attributes:
        values: float64[n, labels], how much more likely than usual each label is.
        labels: Their names.
        told: What the values are, for people.
    """

    values: Floats
    labels: tuple[str, ...]
    told: str

    def __post_init__(self) -> None:
        if self.values.ndim != 2 or self.values.shape[1] != len(self.labels):
            raise DataError(
                f"got values of shape {self.values.shape} for {len(self.labels)} "
                "labels, expected a column a label"
            )

    @cached_property
    def scale(self) -> float:
        """The lean that has the full colour: that of the strongest words."""
        highest = self.values.max(axis=1)
        return max(float(np.quantile(highest, _STRONG)), _LEAST_SCALE)

    @cached_property
    def opposed(self) -> bool:
        """Whether there are two labels, of which one gains what the other loses."""
        return len(self.labels) == 2 and bool(
            np.allclose(self.values.sum(axis=1), 0.0, atol=1e-6)
        )

    @cached_property
    def hues(self) -> list[str]:
        """A colour a label; of many labels those that most words lean to get one."""
        if self.opposed:
            return list(_OPPOSED)
        k = len(self.labels)
        won = np.bincount(self.values.argmax(axis=1), minlength=k)
        chosen = np.sort(np.argsort(-won, kind="stable")[: len(_PALETTE)])
        hues = [_NEUTRAL] * k
        for colour, label in zip(_PALETTE, chosen.tolist(), strict=False):
            hues[label] = colour
        return hues

    @cached_property
    def strength(self) -> Floats:
        """How strongly each word leans to a label, float64[n] from 0 to 1."""
        strength: Floats = np.clip(self.values.max(axis=1) / self.scale, 0.0, 1.0)
        return strength

    def shades(self) -> Floats:
        """Returns the colour of each word, rgba float64[n, 4]: pale if it is weak."""
        hues = np.array([rgba(colour) for colour in self.hues])
        return _faded(hues[self.values.argmax(axis=1)], self.strength)

    def explain(self, axes: "Axes", *, inches: float, below: float) -> None:
        """Draws the legend under a map.

        Args:
            axes: The map.
            inches: Its height.
            below: Inches between the map and the legend.
        """
        if self.opposed:
            self._bar(axes, inches, below)
        else:
            self._legend(axes, below / inches)

    def _bar(self, axes: "Axes", inches: float, below: float) -> None:
        from matplotlib.colors import LinearSegmentedColormap

        places = np.linspace(-1.0, 1.0, 129)
        low, high = map(rgba, self.hues)
        ends = np.where(places[:, None] < 0, low, high)
        shades = _faded(ends, np.abs(places))
        ramp = LinearSegmentedColormap.from_list("lean", shades.tolist())
        thick = 0.12
        bar = axes.inset_axes((0.0, -(below + thick) / inches, 0.45, thick / inches))
        bar.imshow(places[None], aspect="auto", cmap=ramp, extent=(-1, 1, 0, 1))
        most = f"+{100 * self.scale:.0f}"
        names = [f"{printable(name, limit=_NAME)} {most}" for name in self.labels]
        bar.set_yticks([])
        bar.set_xticks([-1, 1], labels=names)
        bar.tick_params(length=0, colors=GREY, labelsize=9)
        sides = ("left", "right")
        for side, text in zip(sides, bar.get_xticklabels(), strict=True):
            text.set(horizontalalignment=side)
            text.set_parse_math(False)
        for spine in bar.spines.values():
            spine.set_visible(False)

    def _legend(self, axes: "Axes", below: float) -> None:
        """Names the labels beside their colours, the rest together."""
        named = [
            (printable(label, limit=NAME_LIMIT), hue)
            for label, hue in zip(self.labels, self.hues, strict=True)
            if hue != _NEUTRAL
        ]
        if len(named) < len(self.labels):
            named.append(("other labels", _NEUTRAL))
        handles = [
            axes.scatter([], [], s=36, color=hue, linewidths=0.0, label=name)
            for name, hue in named
        ]
        placed: dict[str, Any] = {
            "loc": "upper left",
            "bbox_to_anchor": (-0.01, -below),
        }
        placed |= {"borderaxespad": 0.0, "handletextpad": 0.2, "columnspacing": 1.2}
        looks: dict[str, Any] = {"frameon": False, "labelcolor": INK}
        looks |= {"ncols": _COLUMNS, "fontsize": 9}
        legend = axes.legend(handles=handles, **placed, **looks)
        for text in legend.get_texts():
            text.set_parse_math(False)


def rgba(colour: str) -> Floats:
    """Returns a named colour as float64[4]."""
    from matplotlib.colors import to_rgba

    return np.array(to_rgba(colour))


def _faded(colours: Floats, strength: Floats) -> Floats:
    """Mixes colours, float64[n, 4], with a neutral one where they are weak."""
    share = strength[:, None] ** _FADE
    mixed: Floats = share * colours + (1 - share) * rgba(_NEUTRAL)
    return mixed
