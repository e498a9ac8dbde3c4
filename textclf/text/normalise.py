"""Brings a column of texts to the form that is cut into units."""

from collections.abc import Sequence

import numpy as np
import polars as pl

from textclf.config.schema import TextConfig
from textclf.text.utf8 import Utf8

MIN_CHARACTERS = 200_000
CHARACTERS_PER_UNIT = 20
_GREEK = (0xCE, 0xCF)
_STYLED = (0xF0, 0x9D)  # mathematical letters


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
    if column.estimated_size() <= limit or not (column.str.len_bytes() > limit).any():
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


def normalise(column: pl.Series, settings: TextConfig) -> Utf8:
    """Applies the Unicode normal form, then lower case, to every text.

    ASCII has every normal form already, and its lower case is a matter of bytes: only
    the other texts take the long way.
    """
    texts = lowered(column, settings)
    rows = texts.beyond_ascii()
    if len(rows) == 0 or (settings.unicode == "none" and not settings.lowercase):
        return texts
    wide = column if len(rows) == len(column) else column.gather(rows)
    return texts.replaced(rows, Utf8.of(composed(wide, settings)))


def lowered(column: pl.Series, settings: TextConfig) -> Utf8:
    """Gives ASCII its final form, and leaves the rest to `composed`."""
    texts = Utf8.of(column)
    if settings.lowercase:
        _lower_ascii(texts.padded)
    return texts


def has_sigma(texts: Utf8) -> bool:
    """Tells whether a capital sigma may be there: its lower case depends on the word.

    Looked for are the first bytes of Greek, and of the letters that NFKC makes Greek.
    """
    data = texts.data
    if data.max(initial=0) < _GREEK[0]:
        return False
    greek = (data == _GREEK[0]) | (data == _GREEK[1])
    styled = (data[:-1] == _STYLED[0]) & (data[1:] == _STYLED[1])
    return bool(greek.any() or styled.any())


def _lower_ascii(data: np.ndarray) -> None:
    capital = data - np.uint8(ord("A")) < 26
    data |= capital.view(np.uint8) << 5


def composed(column: pl.Series, settings: TextConfig) -> pl.Series:
    """Applies the normal form, then lower case, to texts or to pieces of them."""
    if settings.unicode == "none" and not settings.lowercase:
        return column
    text = pl.first()
    if settings.unicode != "none":
        text = text.str.normalize("NFC" if settings.unicode == "nfc" else "NFKC")
    if settings.lowercase:
        text = text.str.to_lowercase()
    return column.to_frame().select(text).to_series()
