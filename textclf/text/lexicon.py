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

_NOTHING, _SEVERAL = -2, -3  # a piece without a unit, and with more than one
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
        return pc.take(whole, pa.array(rows), memory_pool=_POOL)


@dataclass(frozen=True)
class _Spelt:
    """The units of the pieces that were not found."""

    rows: np.ndarray  # int64[n], which pieces
    kinds: np.ndarray  # int32[n], which different piece each is
    numbers: np.ndarray  # int32[total], the units of different pieces
    starts: np.ndarray  # int64[kinds] into `numbers`
    lengths: np.ndarray  # int64[kinds]

    @cached_property
    def values(self) -> np.ndarray:
        """int32[kinds]: the number of a single unit, or why there is none."""
        values = np.full(len(self.lengths), _SEVERAL, dtype=np.int32)
        values[self.lengths == 0] = _NOTHING
        single = self.lengths == 1
        values[single] = self.numbers[self.starts[single]]
        return values


class Lexicon:
    """Cuts columns into pieces and remembers the numbers of short pieces.

    A piece is looked up by its bytes. What is not found takes the slow way: the
    different pieces become strings, `split_words` cuts those into units, and the units
    are numbered. What is remembered is bounded. A lexicon serves one thread at a time.
    """

    def __init__(self, number: Numbering) -> None:
        self._number = number
        self._levels = [Slots(words=words, bits=bits) for words, bits in _LEVELS]

    def read(self, texts: Utf8) -> tuple[np.ndarray, np.ndarray]:
        """Returns int32[total] numbers of the words and int64[n] words of each text.

        Args:
            texts: Normalised texts.
        """
        text_ends = texts.offsets[1:]
        pieces = _Pieces(texts.padded, piece_ends(texts.data, text_ends))
        values = self._find(pieces)
        missing = np.flatnonzero(values == MISSING)
        spelt = self._learn(pieces, missing)
        values[missing] = spelt.values[spelt.kinds]
        bounds = np.searchsorted(pieces.ends, text_ends, side="right")
        return _spread(values, bounds, spelt)

    def _find(self, pieces: _Pieces) -> np.ndarray:
        starts = pieces.offsets[:-1]
        sizes = pieces.ends - starts
        values = self._levels[0].find(pieces.data, starts, sizes)
        for level, shorter in zip(self._levels[1:], self._levels, strict=False):
            rows = np.flatnonzero(sizes > shorter.longest)
            values[rows] = level.find(pieces.data, starts[rows], sizes[rows])
        values[sizes > self._levels[-1].longest] = MISSING
        return values

    def _learn(self, pieces: _Pieces, rows: np.ndarray) -> _Spelt:
        coded = pc.dictionary_encode(pieces.strings(rows), memory_pool=_POOL)
        kinds, different = coded.indices.to_numpy(), coded.dictionary
        flat, starts, lengths = _units_of(different)
        spelt = _Spelt(rows, kinds, self._number(flat), starts, lengths)
        examples = np.empty(len(different), dtype=np.int64)
        examples[kinds] = rows
        self._remember(pieces, examples, spelt.values)
        return spelt

    def _remember(self, pieces: _Pieces, rows: np.ndarray, values: np.ndarray) -> None:
        rows, values = rows[values != _SEVERAL], values[values != _SEVERAL]
        starts = pieces.offsets[rows]
        sizes = pieces.ends[rows] - starts
        least = 0
        for level in self._levels:
            fit = (sizes > least) & (sizes <= level.longest)
            level.add(pieces.data, starts[fit], sizes[fit], values[fit])
            least = level.longest


def _units_of(
    pieces: pa.LargeStringArray,
) -> tuple[pl.Series, np.ndarray, np.ndarray]:
    """Returns the units of pieces; where those of each begin, and how many they are."""
    words = pc.ascii_rtrim(pieces, " ", memory_pool=_POOL)
    plain = pc.ascii_is_alnum(words, memory_pool=_POOL).to_numpy(zero_copy_only=False)
    single, other = np.flatnonzero(plain), np.flatnonzero(~plain)
    rest = split_words(_taken(pieces, other))
    starts, lengths = np.empty((2, len(pieces)), dtype=np.int64)
    starts[single], lengths[single] = np.arange(len(single)), 1
    starts[other] = len(single) + offsets_of(rest.lengths)[:-1]
    lengths[other] = rest.lengths
    return _taken(words, single).append(rest.flat), starts, lengths


def _spread(
    values: np.ndarray, bounds: np.ndarray, spelt: _Spelt
) -> tuple[np.ndarray, np.ndarray]:
    """Puts the units of pieces with none or several where those pieces stand.

    Args:
        values: int32[pieces], one number or why there is none.
        bounds: int64[n], the pieces up to the end of each text.
        spelt: The pieces that were not found.
    """
    if values.min(initial=0) >= 0:
        return values, np.diff(bounds, prepend=0)
    counts = np.ones(len(values), dtype=np.int64)
    counts[values == _NOTHING] = 0
    several = spelt.lengths[spelt.kinds] > 1
    rows, kinds = spelt.rows[several], spelt.kinds[several]
    counts[rows] = sizes = spelt.lengths[kinds]
    offsets = offsets_of(counts)
    numbers = np.repeat(values, counts)
    source = spans(spelt.starts[kinds], sizes)
    numbers[spans(offsets[rows], sizes)] = spelt.numbers[source]
    return numbers, np.diff(offsets[bounds], prepend=0)


def _taken(strings: pa.LargeStringArray, rows: np.ndarray) -> pl.Series:
    taken = pc.take(strings, pa.array(rows), memory_pool=_POOL)
    return pl.Series(taken, dtype=pl.String)
