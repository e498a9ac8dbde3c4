"""Texts cut to what a reader needs: all of a short one, the change of a long one."""

import os

from textclf.errors import printable

_LEAD = 30  # characters shown before a change


def excerpt(text: str, most: int) -> str:
    """Returns a text of at most `most` characters, safe to show."""
    return printable(text.strip(), limit=most)


def excerpts(before: str, after: str, most: int) -> tuple[str, str]:
    """Returns two texts, cut to where they first differ if one is long."""
    if max(len(before), len(after)) <= most:
        return printable(before), printable(after)
    same = len(os.path.commonprefix([before, after]))
    start = max(0, same - _LEAD)
    mark = "…" if start else ""
    left, right = (
        mark + printable(text[start:], limit=most - len(mark))
        for text in (before, after)
    )
    return left, right
