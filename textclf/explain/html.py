"""The parts of a page that show an explained text."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textclf.explain.span import Gram, Segment, Span
from textclf.page.parts import Piece, callout, details, highlighted, joined, table

if TYPE_CHECKING:
    from markupsafe import Markup

_MARKS = {"+": "⁺", "-": "⁻", "": ""}
_SHOWN_UNREAD = 400
_SAMPLE = 0.6
_ROWS = 100


def coloured(segments: Sequence[Segment], *, strongest: float) -> "Markup":
    """Returns the text with colours for what each unit adds, in a box; see `marked`."""
    return callout(marked(segments, strongest=strongest))


def marked(segments: Sequence[Segment], *, strongest: float) -> "Markup":
    """Returns the text with colours for what each unit adds.

    Args:
        segments: The whole text.
        strongest: The score of full colour.
    """
    pieces, told = [], []
    for segment in segments:
        span = segment.span
        share = span.score / strongest if span and strongest else 0.0
        pieces.append((_text(segment), share))
        told.append("" if span is None else _told(span))
    return highlighted(pieces, told=told)


def legend(label: str) -> "Markup":
    """Returns the meaning of the colours and marks."""
    pieces = [
        (f" towards {label}⁺ ", _SAMPLE),
        ("  ", 0.0),
        (f" against {label}⁻ ", -_SAMPLE),
    ]
    return joined(highlighted(pieces))


def numbers(spans: Sequence[Span], grams: Sequence[Gram]) -> "Markup":
    """Returns the scores as tables, folded."""
    order = sorted(spans, key=lambda span: (-abs(span.score), span.start))
    rows: list[Sequence[Piece]] = [
        (
            span.unit + ("" if span.known else " (unknown)"),
            f"{span.score:+.3f}",
            f"{span.start}-{span.end}",
        )
        for span in order[:_ROWS]
    ]
    caption = f"the strongest of {len(spans):,} units"
    parts = [
        table(("unit", "score", "characters"), rows, numeric=(1,), caption=caption)
    ]
    if grams:
        told: list[Sequence[Piece]] = [
            (gram.name, f"{gram.score:+.3f}", str(gram.count)) for gram in grams[:_ROWS]
        ]
        caption = (
            f"the strongest of {len(grams):,} n-grams; the units share their scores"
        )
        head = ("n-gram", "score", "times")
        parts.append(table(head, told, numeric=(1, 2), caption=caption))
    return details("scores", *parts)


def _text(segment: Segment) -> str:
    if not segment.read and len(segment.text) > _SHOWN_UNREAD:
        return f" [{len(segment.text):,} characters not read] "
    return segment.text + _MARKS[segment.mark]


def _told(span: Span) -> str:
    return f"{span.score:+.3f}{'' if span.known else ', unknown'}"
