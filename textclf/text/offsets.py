"""Where in a text its units stand, counted in the text as it was given."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl

from textclf.config.schema import TextConfig
from textclf.text.normalise import character_limit, composed, text_column
from textclf.text.subword import Subwords
from textclf.text.units import is_blank, split_words

_FIRST_MARK = "\u0300"
_JAMO = ("\u1160", "\u11ff")  # vowels and finals, which join the letter before
_SMALL_SIGMAS = str.maketrans("ς", "σ")


@dataclass(frozen=True)
class Place:
    """A unit and the characters it is made of.

    Attributes:
        start: The first of them, counted from 0 in the text as given.
        end: The first after them.
        unit: What the encoder knows the unit as.
        letters: For each character of the unit, which characters it is made of.
    """

    start: int
    end: int
    unit: str
    letters: tuple[tuple[int, int], ...]


@dataclass(frozen=True, eq=False)
class Placed:
    """The units of one text, before any is left out for its length.

    Attributes:
        places: The units, in their order.
        form: The text in its normal form, as far as it is looked at.
        starts: int64[len(form)], where the characters of each of its characters begin.
        ends: int64[len(form)], where they end.
    """

    places: tuple[Place, ...]
    form: str
    starts: np.ndarray
    ends: np.ndarray

    def form_of(self, start: int, end: int) -> str:
        """Returns the normal form of some characters of the text."""
        first = int(np.searchsorted(self.ends, start, side="right"))
        last = int(np.searchsorted(self.starts, end, side="left"))
        return self.form[first:last]


def placed(text: str, settings: TextConfig, subwords: Subwords | None) -> Placed:
    """Finds the units of a text with the characters they are made of.

    The text is cut where no normal form reaches across. What a piece becomes is all
    made of the whole piece: the dot that `İ` has in its lower case, the letters of a
    ligature, a letter with its marks.
    """
    form, starts, ends = _aligned(text, settings)
    if settings.unit == "character":
        found = _characters(form)
    else:
        found = _words(form, subwords)
    places = []
    for unit, first, last in found:
        begins, stops = starts[first:last].tolist(), ends[first:last].tolist()
        letters = tuple(zip(begins, stops, strict=True))
        places.append(Place(begins[0], stops[-1], unit, letters))
    return Placed(tuple(places), form, starts, ends)


_Found = tuple[str, int, int]
"""A unit and its bounds in the normal form."""


def _words(form: str, subwords: Subwords | None) -> Iterator[_Found]:
    words = split_words(pl.Series([form], dtype=pl.String)).flat.to_list()
    pieces = iter(subwords.pieces_of(words) if subwords else ())
    done = 0
    for word in words:
        first = form.index(word, done)  # only blanks stand between words
        done = first + len(word)
        if subwords is None:
            yield word, first, done
            continue
        for piece, start, end in next(pieces):
            # The mark of a beginning alone stands for the first letter.
            yield piece, first + start, first + max(end, start + 1)


def _characters(form: str) -> Iterator[_Found]:
    """Yields characters; a run of blanks is one, and none stands at an end."""
    at, end = 0, len(form)
    while at < end and is_blank(form[at]):
        at += 1
    while end > at and is_blank(form[end - 1]):
        end -= 1
    while at < end:
        after = at + 1
        blank = is_blank(form[at])
        while blank and is_blank(form[after]):
            after += 1
        yield " " if blank else form[at], at, after
        at = after


def _aligned(text: str, settings: TextConfig) -> tuple[str, np.ndarray, np.ndarray]:
    """Returns the normal form; where what each character is made of begins and ends."""
    text, origins = _looked_at(text, settings)
    form = _form([text], settings)[0]
    if text.isascii():
        starts = np.arange(len(text), dtype=np.int64)
        return form, origins[starts], origins[starts] + 1
    for bounds in _cuts(text):
        pieces = [text[a:b] for a, b in zip(bounds, bounds[1:], strict=False)]
        forms = _form(pieces, settings)
        if _same("".join(forms), form):
            break
    sizes = np.fromiter(map(len, forms), dtype=np.int64, count=len(forms))
    edges = np.asarray(bounds, dtype=np.int64)
    first, last = np.repeat(edges[:-1], sizes), np.repeat(edges[1:] - 1, sizes)
    return form, origins[first], origins[last] + 1


def _looked_at(text: str, settings: TextConfig) -> tuple[str, np.ndarray]:
    """Returns what `cut` leaves of a text, and where its characters come from."""
    limit = character_limit(settings)
    if len(text) <= limit:
        return text, np.arange(len(text), dtype=np.int64)
    half = limit // 2
    if settings.truncate == "head":
        return text[:limit], np.arange(limit, dtype=np.int64)
    if settings.truncate == "tail":
        return text[-limit:], np.arange(len(text) - limit, len(text), dtype=np.int64)
    # The blank that joins both ends is made of nothing; no unit contains it.
    late = np.arange(len(text) - half, len(text), dtype=np.int64)
    origins = np.concatenate([np.arange(half + 1, dtype=np.int64), late])
    return f"{text[:half]} {text[-half:]}", origins


def _form(pieces: list[str], settings: TextConfig) -> list[str]:
    return composed(text_column(pieces), settings).to_list()


def _same(one: str, other: str) -> bool:
    """Tells whether forms are equal, whichever small sigma they have."""
    return one.translate(_SMALL_SIGMAS) == other.translate(_SMALL_SIGMAS)


def _cuts(text: str) -> Iterator[list[int]]:
    """Yields places to cut at, from fine to safe; the last is no cut at all.

    Which characters join the one before is asked of Python's Unicode tables, which may
    be older than those of the engine: then the coarser cuts serve.
    """
    for attaches in (_joins, _may_join):
        inner = (
            at
            for at in range(1, len(text))
            if text[at] < _FIRST_MARK or not attaches(text[at])
        )
        yield [0, *inner, len(text)]
    blanks = (at + 1 for at in range(len(text) - 1) if text[at] == " ")
    yield [0, *blanks, len(text)]
    yield [0, len(text)]


def _joins(character: str) -> bool:
    """Tells whether a character may become one with what stands before it."""
    first = unicodedata.normalize("NFKD", character)[0]
    return (
        unicodedata.category(first)[0] == "M"
        or unicodedata.combining(first) != 0
        or _JAMO[0] <= first <= _JAMO[1]
        or "\udc00" <= first <= "\udfff"  # the second half of a surrogate pair
    )


def _may_join(character: str) -> bool:
    return unicodedata.category(character) == "Cn" or _joins(character)
