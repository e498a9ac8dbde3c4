"""Cuts normalised texts into words or characters, a whole column at a time."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from textclf.text.encoded import offsets_of
from textclf.text.utf8 import Utf8

_SKIN = "\U0001f3fb-\U0001f3ff"
_TAGS = "\U000e0020-\U000e007f"  # spell the region in flags such as Scotland's
_SYMBOL = rf"[^\w\s][\p{{M}}{_SKIN}{_TAGS}]*"

WORD_PATTERN = (
    r"\w+(?:['’]\w+)*"  # a word; apostrophes inside it belong to it: don't
    r"|[\x{1F1E6}-\x{1F1FF}]{2}"  # a flag is a pair of regional indicators
    rf"|{_SYMBOL}(?:\x{{200D}}{_SYMBOL})*"  # a symbol, an emoji with its joiners
)
"""What counts as one word, in the syntax of the Rust `regex` crate (linear time)."""

_SPACE = np.uint32(0x20)
_SPACES = (*range(0x09, 0x0E), 0x20, 0x85, 0xA0, 0x1680, *range(0x2000, 0x200B))
_SPACES += (0x2028, 0x2029, 0x202F, 0x205F, 0x3000)
_BLANK = np.isin(np.arange(_SPACES[-1] + 2), _SPACES)  # White_Space of Unicode


def is_blank(character: str) -> bool:
    """Tells whether a character counts as a blank between characters."""
    return bool(_BLANK[min(ord(character), len(_BLANK) - 1)])


@dataclass(frozen=True)
class Pieces:
    """The units of many texts, end to end.

    Attributes:
        flat: String[total] words, or UInt32[total] code points of characters.
        lengths: int64[n] units of each text.
    """

    flat: pl.Series
    lengths: np.ndarray


def split_words(column: pl.Series) -> Pieces:
    """Cuts texts into words, numbers, single symbols and whole emoji."""
    if len(column) == 0:
        return Pieces(column, np.zeros(0, dtype=np.int64))
    lists = column.str.extract_all(WORD_PATTERN)
    arrow = lists.to_arrow(compat_level=pl.CompatLevel.oldest())
    # Through polars, as Arrow's own way to NumPy imports pandas.
    lengths = np.diff(pl.Series(arrow.offsets).to_numpy())
    return Pieces(pl.Series(arrow.flatten(), dtype=pl.String), lengths)


def split_characters(texts: Utf8) -> Pieces:
    """Cuts texts into characters; runs of blanks count as one, none at the ends."""
    begins = (texts.data & 0xC0) != 0x80  # a byte that begins a character
    bounds = offsets_of(begins)[texts.offsets]
    points = np.frombuffer(texts.data.tobytes().decode().encode("utf-32-le"), "<u4")
    blank = _BLANK.take(points, mode="clip")
    kept = ~blank
    kept[1:] |= ~blank[:-1]
    starts = bounds[:-1][bounds[:-1] < len(points)]
    kept[starts] = ~blank[starts]
    ends = offsets_of(kept)[bounds]
    flat = np.where(blank, _SPACE, points)[kept]
    filled = np.diff(ends) > 0
    last = ends[1:][filled] - 1
    lengths = np.diff(ends)
    lengths[filled] -= flat[last] == _SPACE
    flat = np.delete(flat, last[flat[last] == _SPACE])
    return Pieces(pl.Series(flat), lengths)
