"""Numbers the words of columns, mostly without making a string of a word."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

from textclf.text.cuts import piece_ends
from textclf.text.encoded import offsets_of, spans
from textclf.text.slots import MISSING, Slots
from textclf.text.units import split_words
from textclf.text.utf8 import PADDING, Utf8

Numbering = Callable[[pl.Series], np.ndarray]
"""Gives each unit of a flat column a number from 0 up, int32[total]."""

Composing = Callable[[pl.Series], pl.Series]
"""Gives texts their Unicode normal form and lower case."""

_NOTHING, _COMPOUND = -2, -3  # a piece without units; with several: -3, -4, …
_MOST_COMPOUNDS = 1 << 14
_LEVELS = ((1, 17), (2, 16), (PADDING // 8, 14))  # words a key, bits of a slot
_POOL = pa.system_memory_pool()  # Arrow's own keeps what it once took


@dataclass(frozen=True)
class _Pieces:
    data: np.ndarray  # uint8[total + padding]
    ends: np.ndarray  # int64[pieces]

    @cached_property
    def offsets(self) -> np.ndarray:
        return np.concatenate([[0], self.ends])

    def strings(self, rows: np.ndarray) -> pa.LargeStringArray:
        buffers = (pa.py_buffer(self.offsets), pa.py_buffer(self.data))
        whole = pa.LargeStringArray.from_buffers(len(self.ends), *buffers)
        return _taken(whole, rows)


@dataclass(frozen=True)
class _Compounds:
    """The numbers of pieces that have several units."""

    numbers: np.ndarray  # int32[total], compound after compound
    offsets: np.ndarray  # int64[n + 1]

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def followed_by(self, numbers: np.ndarray, lengths: np.ndarray) -> "_Compounds":
        more = self.offsets[-1] + np.cumsum(lengths)
        return _Compounds(
            np.concatenate([self.numbers, numbers]),
            np.concatenate([self.offsets, more]),
        )


class Lexicon:
    """Cuts columns into pieces and remembers the numbers of short pieces.

    A piece is looked up by its bytes. What is not found takes the slow way: the
    different pieces become strings, get their Unicode form, are cut into units by
    `split_words`, and the units are numbered. What is remembered is bounded. A lexicon
    serves one thread at a time.
    """

    def __init__(self, number: Numbering, compose: Composing) -> None:
        self._number = number
        self._compose = compose
        self._levels = [Slots(words=words, bits=bits) for words, bits in _LEVELS]
        self._compounds = _Compounds(np.zeros(0, np.int32), np.zeros(1, np.int64))

    def read(
        self, texts: Utf8, *, at_blanks: bool = False
    ) -> tuple[np.ndarray, np.ndarray]:
        """Returns int32[total] numbers of the words and int64[n] words of each text.

        Args:
            texts: Texts whose ASCII has its final form.
            at_blanks: Whether the form of a word depends on all up to the next blanks.
        """
        text_ends = texts.offsets[1:]
        pieces = _Pieces(
            texts.padded, piece_ends(texts.data, text_ends, at_blanks=at_blanks)
        )
        values, compounds = self._find(pieces), self._compounds
        missing = np.flatnonzero(values == MISSING)
        if len(missing):
            values[missing], compounds = self._learn(pieces, missing)
        bounds = np.searchsorted(pieces.ends, text_ends, side="right")
        return _spread(values, bounds, compounds)

    def _find(self, pieces: _Pieces) -> np.ndarray:
        starts = pieces.offsets[:-1]
        sizes = pieces.ends - starts
        values = self._levels[0].find(pieces.data, starts, sizes)
        rows = np.flatnonzero(sizes > self._levels[0].longest)
        for level in self._levels[1:]:
            values[rows] = level.find(pieces.data, starts[rows], sizes[rows])
            rows = rows[sizes[rows] > level.longest]
        return values

    def _learn(
        self, pieces: _Pieces, rows: np.ndarray
    ) -> tuple[np.ndarray, _Compounds]:
        """Returns int32[rows] values, and the compounds that they are among."""
        coded = pc.dictionary_encode(pieces.strings(rows), memory_pool=_POOL)
        kinds, different = pl.Series(coded.indices).to_numpy(), coded.dictionary
        flat, starts, lengths = _units_of(different, self._compose)
        numbers, old = self._number(flat), self._compounds
        single, several = lengths == 1, np.flatnonzero(lengths > 1)
        sizes = lengths[several]
        new = old.followed_by(numbers[spans(starts[several], sizes)], sizes)
        values = np.full(len(different), _NOTHING, dtype=np.int32)
        values[single] = numbers[starts[single]]
        values[several] = _COMPOUND - np.arange(len(old), len(new))
        examples = np.empty(len(different), dtype=np.int64)
        examples[kinds] = rows
        room = len(new) <= _MOST_COMPOUNDS
        lasting = (values > _COMPOUND) | room
        self._remember(pieces, examples[lasting], values[lasting])
        self._compounds = new if room else old
        return values[kinds], new

    def _remember(self, pieces: _Pieces, rows: np.ndarray, values: np.ndarray) -> None:
        starts = pieces.offsets[rows]
        sizes = pieces.ends[rows] - starts
        least = 0
        for level in self._levels:
            fit = (sizes > least) & (sizes <= level.longest)
            level.add(pieces.data, starts[fit], sizes[fit], values[fit])
            least = level.longest


def _units_of(
    pieces: pa.LargeStringArray, compose: Composing
) -> tuple[pl.Series, np.ndarray, np.ndarray]:
    """Returns the units of pieces; where those of each begin, and how many they are."""
    words = pc.ascii_rtrim(pieces, " ", memory_pool=_POOL)
    plain = pl.Series(pc.ascii_is_alnum(words, memory_pool=_POOL)).to_numpy()
    single, other = np.flatnonzero(plain), np.flatnonzero(~plain)
    rest = split_words(compose(_column(_taken(pieces, other))))
    starts, lengths = np.empty((2, len(pieces)), dtype=np.int64)
    starts[single], lengths[single] = np.arange(len(single)), 1
    starts[other] = len(single) + offsets_of(rest.lengths)[:-1]
    lengths[other] = rest.lengths
    known = _column(_taken(words, single))
    return known.append(rest.flat), starts, lengths


def _spread(
    values: np.ndarray, bounds: np.ndarray, compounds: _Compounds
) -> tuple[np.ndarray, np.ndarray]:
    """Puts the units of pieces with none or several where those pieces stand.

    Args:
        values: int32[pieces]: a number, or what stands for none or several.
        bounds: int64[n], the pieces up to the end of each text.
        compounds: What several stand for.
    """
    if values.min(initial=0) >= 0:
        return values, np.diff(bounds, prepend=0)
    rows = np.flatnonzero(values < 0)
    which = np.maximum(_COMPOUND - values[rows], -1)
    begins = compounds.offsets[which]
    sizes = np.where(which < 0, 0, compounds.offsets[which + 1] - begins)
    added = offsets_of(sizes - 1)
    starts = rows + added[:-1]
    numbers = np.empty(len(values) + int(added[-1]), dtype=np.int32)
    single = np.ones(len(numbers), dtype=bool)
    places = spans(starts, sizes)
    single[places] = False
    numbers[single] = values[values >= 0]
    numbers[places] = compounds.numbers[spans(begins, sizes)]
    bounds = bounds + added[np.searchsorted(rows, bounds)]
    return numbers, np.diff(bounds, prepend=0)


def _taken(strings: pa.LargeStringArray, rows: np.ndarray) -> pa.LargeStringArray:
    # Not pa.array, nor to_numpy of what it makes: both import pandas.
    where = pa.Array.from_buffers(pa.int64(), len(rows), [None, pa.py_buffer(rows)])
    return pc.take(strings, where, memory_pool=_POOL)


def _column(strings: pa.LargeStringArray) -> pl.Series:
    return pl.Series(strings, dtype=pl.String)
