"""Words beside dots, where they cover neither another word nor another dot."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from textclf.evaluation.canvas import boxes_for_missing_signs, font_names

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Floats = npt.NDArray[np.float64]
Side = tuple[int, int]

_SIZE = 8.5  # points of a word
_GAP = 3.0  # points between a dot and its word
_DOT = 1.2  # points around the middle of a dot that no word covers
_AIR = 1.0  # points around a word
_SIDES: tuple[Side, ...] = (
    *((1, 0), (-1, 0), (0, 1), (0, -1)),
    *((1, 1), (-1, 1), (1, -1), (-1, -1)),
)
"""Where a word may stand beside its dot, best first: right, left, above …"""


class Lettering:
    """The words that stand on one map so far.

    Args:
        figure: The sheet; its size and the limits of its axes must not change any more.
        axes: The map.
        places: float64[n, 2], the dots; NaN: there is none.
    """

    def __init__(self, figure: "Figure", axes: "Axes", places: Floats) -> None:
        self._axes, self._places = axes, places
        self._renderer = figure.canvas.get_renderer()  # type: ignore[attr-defined]
        self._pixel = figure.dpi / 72.0
        self._dots = axes.transData.transform(places)
        box = axes.get_window_extent(self._renderer)
        self._frame = (box.x0, box.y0, box.x1, box.y1)
        self._taken = np.zeros((0, 4))

    def has(self, row: int) -> bool:
        """Tells whether the word of a row has a dot here."""
        return bool(np.isfinite(self._places[row]).all())

    def room(self, row: int, word: str) -> Side | None:
        """Returns the first side of its dot where a word fits; None where none is."""
        fitting = (side for side, box in self._boxes(row, word) if self._free(row, box))
        return next(fitting, None)

    def write(self, row: int, word: str, side: Side, colour: Any) -> None:
        """Writes a word at a side of its dot."""
        box = dict(self._boxes(row, word))[side]
        self._taken = np.vstack([self._taken, box])
        text = self._text(word, colour)
        # In the map's own numbers, for the saved sheet has other pixels.
        middle = np.array([(box[0] + box[2]) / 2, (box[1] + box[3]) / 2])
        text.set_position(self._axes.transData.inverted().transform(middle))

    def _boxes(self, row: int, word: str) -> Iterator[tuple[Side, Floats]]:
        """Returns the left, lower, right and upper edge at each side, in pixels."""
        text = self._text(word, "black")
        with boxes_for_missing_signs():
            extent = text.get_window_extent(self._renderer)
        text.remove()
        air = 2 * _AIR * self._pixel
        width, height = extent.width + air, extent.height + air
        gap = _GAP * self._pixel
        for side in _SIDES:
            near = gap if 0 in side else 0.7 * gap
            middle = self._dots[row] + np.array(side) * (
                near + np.array([width, height]) / 2
            )
            half = np.array([width, height]) / 2
            yield side, np.concatenate([middle - half, middle + half])

    def _text(self, word: str, colour: Any) -> Any:
        placed: dict[str, Any] = {"ha": "center", "va": "center", "zorder": 4}
        looks: dict[str, Any] = {"size": _SIZE, "family": font_names(), "color": colour}
        text = self._axes.text(0, 0, word, **placed, **looks)
        text.set_parse_math(False)
        return text

    def _free(self, row: int, box: Floats) -> bool:
        left, lower, right, upper = self._frame
        inside = box[0] > left and box[1] > lower and box[2] < right and box[3] < upper
        taken = self._taken
        apart = (taken[:, :2] >= box[2:]) | (taken[:, 2:] <= box[:2])
        return bool(inside and apart.any(axis=1).all() and not self._covers(row, box))

    def _covers(self, row: int, box: Floats) -> bool:
        """Tells whether a box covers the dot of another word."""
        reach = _DOT * self._pixel
        dots = np.delete(self._dots, row, axis=0)
        within = (dots > box[:2] - reach) & (dots < box[2:] + reach)
        return bool(within.all(axis=1).any())
