"""Cuts normalised texts into words or characters, a whole column at a time."""

from dataclasses import dataclass

import numpy as np
import polars as pl

_SKIN = "\U0001f3fb-\U0001f3ff"
_TAGS = "\U000e0020-\U000e007f"  # spell the region in flags such as Scotland's
_SYMBOL = rf"[^\w\s][\p{{M}}{_SKIN}{_TAGS}]*"

WORD_PATTERN = (
    r"\w+(?:['’]\w+)*"  # a word; apostrophes inside it belong to it: don't
    r"|[\x{1F1E6}-\x{1F1FF}]{2}"  # a flag is a pair of regional indicators
    rf"|{_SYMBOL}(?:\x{{200D}}{_SYMBOL})*"  # a symbol, an emoji with its joiners
)
"""What counts as one word, in the syntax of the Rust `regex` crate (linear time)."""


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
    lists = column.str.extract_all(WORD_PATTERN)
    flat = lists.explode(empty_as_null=False)
    return Pieces(flat, lists.list.len().to_numpy().astype(np.int64))


def split_characters(column: pl.Series) -> Pieces:
    """Cuts texts into characters; runs of blanks count as one, none at the ends."""
    column = column.str.replace_all(r"\s+", " ").str.strip_chars(" ")
    lengths = column.str.len_chars().to_numpy().astype(np.int64)
    joined = "".join(column.to_list())
    points = np.frombuffer(joined.encode("utf-32-le"), dtype=np.uint32)
    return Pieces(pl.Series(points), lengths)
