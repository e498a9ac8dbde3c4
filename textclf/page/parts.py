"""The parts of a page: tables, figures, lists, and text with weights.

Each function returns HTML (`Markup`). What is handed in as `str` is text and is
escaped; what is HTML already, from a function of this file, stays as it is.
"""

import base64
import struct
from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING, Literal, Union

from textclf.page import templating

if TYPE_CHECKING:
    from markupsafe import Markup

Piece = Union[str, "Markup"]
"""Text, which is escaped, or HTML of this file."""

Tone = Literal["", "good", "bad", "soft"]
"""How a part is coloured: blue, orange, grey, or as its surroundings."""

_TALL = 24  # rows of a table that are shown without a scroll bar
_PNG = b"\x89PNG\r\n\x1a\n"
_DENSITY = 1.5  # pixels of our PNG files, drawn at 144 dpi, to a pixel of the page
_BROAD = 800  # pixels from which on a narrow screen scrolls a picture
_STRONGEST = 0.6  # opacity behind the heaviest word: its letters stay readable


def html_of(parts: Iterable[Piece]) -> "list[Markup]":
    """Returns every part as HTML; a plain string becomes a paragraph."""
    return [one if _is_html(one) else paragraph(one) for one in parts]  # type: ignore[misc]


def joined(*parts: Piece) -> "Markup":
    """Returns parts one after the other."""
    from markupsafe import Markup

    return Markup("").join(html_of(parts))


def paragraph(text: Piece, *, tone: Tone = "") -> "Markup":
    """Returns a paragraph."""
    return templating.part("paragraph", text, tone)


def heading(text: str) -> "Markup":
    """Returns a heading inside a section."""
    return templating.part("heading", text)


def bullets(lines: Iterable[Piece]) -> "Markup":
    """Returns a list with a bullet a line."""
    return templating.part("bullets", list(lines))


def tinted(text: str, tone: Tone) -> "Markup":
    """Returns coloured text, as for a cell of a table."""
    return templating.part("tinted", text, tone) if tone else _escaped(text)


def table(
    head: Sequence[str],
    rows: Iterable[Sequence[Piece]],
    *,
    numeric: Collection[int] = (),
    wrapped: Collection[int] = (),
    caption: str = "",
) -> "Markup":
    """Returns a table that scrolls where it is wider than the page, or very long.

    Args:
        head: Names of the columns.
        rows: Cells, as many a row as there are names.
        numeric: Columns whose cells stand to the right.
        wrapped: Columns of running text, whose lines are broken.
        caption: What stands above it.
    """
    listed = list(rows)
    return templating.part(
        "table", head, listed, numeric, wrapped, caption, len(listed) > _TALL
    )


def figure(image: bytes, *, alt: str, caption: str = "") -> "Markup":
    """Returns a picture inside the page, light in light and turned dark in dark.

    Args:
        image: The bytes of a PNG or of an SVG, in which a browser runs no script.
        alt: What it shows, for who cannot see it.
        caption: What stands under it.
    """
    png = image.startswith(_PNG)
    encoded = base64.b64encode(image).decode("ascii")
    source = f"data:image/{'png' if png else 'svg+xml'};base64,{encoded}"
    size = shown_size(image) if png else None
    broad = size is not None and size[0] > _BROAD
    return templating.part("figure", source, alt, caption, size, broad)


def pair(*parts: Piece) -> "Markup":
    """Returns parts side by side where there is room, else one under the other."""
    return templating.part("pair", html_of(parts))


def definitions(pairs: Iterable[tuple[str, Piece]]) -> "Markup":
    """Returns names with their values."""
    return templating.part("definitions", list(pairs))


def tiles(items: Iterable[tuple[str, Piece, str]]) -> "Markup":
    """Returns the few figures that matter most, large: name, value, remark."""
    return templating.part("tiles", list(items))


def callout(*parts: Piece, tone: Tone = "") -> "Markup":
    """Returns a box that nobody overlooks."""
    return templating.part("callout", html_of(parts), tone)


def details(summary: str, *parts: Piece, opened: bool = False) -> "Markup":
    """Returns parts that are shown by a click on their summary."""
    return templating.part("details", summary, html_of(parts), opened)


def cases(items: Iterable[tuple[Piece, Piece]]) -> "Markup":
    """Returns examples one under the other: what is said of each, and what it is."""
    return templating.part("cases", list(items))


def running(text: str) -> "Markup":
    """Returns text as it was written, with its line ends, in its own direction."""
    return templating.part("running", text)


def code(text: str) -> "Markup":
    """Returns commands or code, line for line."""
    return templating.part("code", text)


def highlighted(
    pieces: Iterable[tuple[str, float]], *, told: Sequence[str] = ()
) -> "Markup":
    """Returns running text on colours that show weights: blue for, orange against.

    Args:
        pieces: The text in pieces, with what lies between words, and each one's weight
            from -1 to 1; beyond is shown as the end of that range.
        told: What a pointer over each piece says, as many as there are pieces.
    """
    listed = list(pieces)
    remarks = list(told) or [""] * len(listed)
    shown = [
        (text, "against" if weight < 0 else "for", _opacity(weight), remark)
        for (text, weight), remark in zip(listed, remarks, strict=True)
    ]
    return templating.part("highlighted", shown)


def _opacity(weight: float) -> str:
    """Returns the strength of a colour, or nothing where it could not be seen."""
    strength = _STRONGEST * min(abs(weight), 1.0)
    return f"{strength:.2f}" if strength >= 0.02 else ""


def shown_size(png: bytes) -> tuple[int, int]:
    """Returns the width and height a PNG is shown with, in pixels of the page."""
    width, height = struct.unpack(">II", png[16:24])
    return round(width / _DENSITY), round(height / _DENSITY)


def _escaped(text: str) -> "Markup":
    from markupsafe import escape

    return escape(templating.visible(text))


def _is_html(part: Piece) -> bool:
    return hasattr(part, "__html__")
