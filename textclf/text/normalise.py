"""Brings a column of texts to the form that is cut into units."""

from collections.abc import Sequence

import numpy as np
import polars as pl

from textclf.config.schema import TextConfig

MIN_CHARACTERS = 200_000
CHARACTERS_PER_UNIT = 20


def text_column(texts: Sequence[str]) -> pl.Series:
    """Returns the texts as a native column; lone surrogates become U+FFFD."""
    try:
        return pl.Series("text", texts, dtype=pl.String)
    except UnicodeEncodeError:
        return pl.Series("text", [_well_formed(t) for t in texts], dtype=pl.String)


def _well_formed(text: str) -> str:
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def character_limit(settings: TextConfig) -> int:
    """Returns the characters of a text that are looked at at all.

    The limit lies far beyond `max_length` units of any language. It stands before
    normalisation, so that a text of any size costs bounded time.
    """
    return max(MIN_CHARACTERS, CHARACTERS_PER_UNIT * settings.max_length)


def cut(column: pl.Series, settings: TextConfig) -> tuple[pl.Series, np.ndarray]:
    """Cuts over-long texts; returns the column and which texts were cut, bool[n]."""
    limit = character_limit(settings)
    if len(column) == 0 or int(column.str.len_bytes().to_numpy().max()) <= limit:
        return column, np.zeros(len(column), dtype=bool)
    long = column.str.len_chars() > limit
    if settings.truncate == "head":
        short = column.str.head(limit)
    elif settings.truncate == "tail":
        short = column.str.tail(limit)
    else:
        half = limit // 2
        short = column.str.head(half) + " " + column.str.tail(half)
    return short.zip_with(long, column) if long.any() else column, long.to_numpy()


def normalise(column: pl.Series, settings: TextConfig) -> pl.Series:
    """Applies the Unicode normal form, then lower case, to every text."""
    if settings.unicode != "none":
        column = column.str.normalize("NFC" if settings.unicode == "nfc" else "NFKC")
    return column.str.to_lowercase() if settings.lowercase else column
