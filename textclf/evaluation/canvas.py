"""What all plots share: the sheet they are drawn on, colours, titles, the PNG file."""

import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from textclf.errors import printable
from textclf.files import write_whole

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

NAME_LIMIT = 28
"""Characters of a label that are shown."""

_DPI = 144
_MATHS = "\\mathdefault"

INK, GREY, FAINT = "#1f2933", "#5c6773", "#d9dee3"
BLUE, ORANGE = "#2166ac", "#d9822b"
# Tried in this order where installed: the first is matplotlib's own and has no CJK.
_FONTS = (
    "DejaVu Sans",
    "Noto Sans CJK SC",
    "Noto Sans CJK JP",
    "Noto Sans SC",
    "Noto Sans Thai",
    "Noto Sans Arabic",
    "Noto Sans Devanagari",
    "WenQuanYi Zen Hei",
    "Microsoft YaHei",
    "PingFang SC",
    "Hiragino Sans",
    "Arial Unicode MS",
    "Noto Emoji",
)


def new_figure(
    width: float, height: float, *, rows: int = 1, columns: int = 1
) -> tuple["Figure", Any]:
    """Returns a figure whose axes fill it; the saved image grows to hold the names."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), dpi=_DPI, facecolor="white")
    FigureCanvasAgg(figure)
    figure.subplots_adjust(left=0, right=1, bottom=0, top=1, wspace=0.16, hspace=0.5)
    axes = figure.subplots(rows, columns)
    for panel in np.atleast_1d(axes).ravel():
        panel.tick_params(which="both", length=0, colors=GREY)
        for spine in panel.spines.values():
            spine.set_visible(False)
            spine.set_color(FAINT)
    return figure, axes


def entitle(axes: "Axes", title: str, told: str, *, size: float = 10.0) -> None:
    """Writes a title and a smaller line under it, above the axes."""
    above: dict[str, Any] = {"xy": (0, 1), "xycoords": "axes fraction"}
    above["textcoords"] = "offset points"
    if told:
        axes.annotate(told, xytext=(0, 8), color=GREY, size=size, **above)
    if title:
        shown, high = printable(title, limit=2 * NAME_LIMIT), 8.0
        high += 1.6 * size if told else 0.0
        above["size"] = 1.3 * size
        text = axes.annotate(shown, xytext=(0, high), color=INK, **above)
        text.set_parse_math(False)


@cache
def font_names() -> list[str]:
    """Returns the fonts that are installed and tried for a sign, in this order."""
    from matplotlib import font_manager

    installed = {font.name for font in font_manager.fontManager.ttflist}
    return [font for font in _FONTS if font in installed] or ["sans-serif"]


@contextmanager
def boxes_for_missing_signs() -> Iterator[None]:
    """Lets a sign that no font has be drawn as a box, without a warning."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        yield


def save_figure(figure: "Figure", path: Path) -> None:
    """Writes the figure whole or not at all, with the same bytes for the same plot."""
    from matplotlib.text import Text

    for axes in figure.axes:
        for axis in (axes.xaxis, axes.yaxis):
            axis.get_ticklabels(which="both")  # writes them, which drawing does else
    fonts = font_names()
    for text in figure.findobj(Text):
        text.set_fontfamily(fonts)
        if _MATHS not in text.get_text():  # of matplotlib's own axes
            text.set_parse_math(False)
    with boxes_for_missing_signs(), write_whole(path) as stream:
        looks: dict[str, Any] = {
            "bbox_inches": "tight",
            "pad_inches": 0.15,
            "dpi": _DPI,
        }
        figure.savefig(stream, format="png", metadata={"Software": None}, **looks)


def drawn(draw: Callable[[Path], None]) -> bytes:
    """Returns the PNG that `draw` writes to the path it is given."""
    with tempfile.TemporaryDirectory(prefix="textclf-") as folder:
        path = Path(folder) / "plot.png"
        draw(path)
        return path.read_bytes()


@dataclass(frozen=True)
class Plot:
    """A picture that a notebook shows."""

    png: bytes = field(repr=False)

    @classmethod
    def of(cls, draw: Callable[[Path], None]) -> Self:
        """Takes what `draw` writes to the path it is given."""
        return cls(drawn(draw))

    def save(self, path: str | Path) -> None:
        """Writes it as PNG.

        Raises:
            ResourceError: The file cannot be written.
        """
        with write_whole(Path(path)) as stream:
            stream.write(self.png)

    def _repr_png_(self) -> tuple[bytes, dict[str, int]]:
        """Returns it with the width it is shown at, where there is room for it."""
        from textclf.page.parts import shown_size

        return self.png, {"width": shown_size(self.png)[0]}
