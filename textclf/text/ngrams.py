"""N-grams of codes on the flat array: known ones by name, or all of them hashed."""

import base64
import binascii
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

import numpy as np

from textclf.errors import ArtefactError
from textclf.text.encoded import spans
from textclf.text.keys import KeyTable, gathered
from textclf.text.workers import in_order

_CODE_BITS = 32
_CODE_MASK = (1 << _CODE_BITS) - 1
MOST_CODES = 1 << 31

Counted = tuple[np.ndarray, np.ndarray]
"""Ascending distinct int64 keys, and the int64 count of each."""


@dataclass(frozen=True)
class Runs:
    """Codes in stretches that no n-gram may leave: the units of texts, or words.

    Attributes:
        codes: int[total], from 0 to below 2**31.
        lengths: int64[n].
    """

    codes: np.ndarray
    lengths: np.ndarray


Pairs = tuple[np.ndarray, np.ndarray]
"""The number of a run and a row that stands in it, for many: int32[m] twice."""


class Ngrams(Protocol):
    """Gives a row to n-grams of two and more codes."""

    @property
    def rows(self) -> int:
        """Rows an embedding needs for them."""

    @property
    def lengths(self) -> tuple[int, int]:
        """Codes of the shortest and of the longest."""

    @property
    def size(self) -> int | None:
        """The buckets they are hashed to; None: each has a row of its own."""

    def find(self, runs: Runs) -> list[Pairs]:
        """Returns, for each length, the runs and rows (from 0) of the n-grams."""

    def to_json(self) -> dict[str, Any]:
        """Returns what `ngrams_from_json` reads back exactly."""

    def __str__(self) -> str:
        """Says for people what is known of them."""


@dataclass(frozen=True, eq=False)
class KnownNgrams:
    """The n-grams that training saw often enough, exactly.

    An n-gram is the place of its beginning, one shorter, and its last code. So none
    shares a row with another, and each can be spelt out again. It grows from the
    shorter ones, as in Apriori (Agrawal and Srikant 1994): an n-gram is no more
    frequent than its beginning, so none is missed.

    Attributes:
        levels: For each length from 2, the ascending int64 keys
            `place of the beginning << 32 | last code`. The beginning of a bigram is a
            code, that of a longer n-gram the place in the level before.
        shortest: N-grams below this length are links of longer ones and get no row.
    """

    levels: tuple[np.ndarray, ...]
    shortest: int = 2

    def __post_init__(self) -> None:
        if self.shortest < 2:
            raise ArtefactError(f"got n-grams of {self.shortest}, expected 2 or more")
        places = MOST_CODES
        for keys in self.levels:
            if keys.dtype != np.int64 or (len(keys) and keys.min() < 0):
                raise ArtefactError("got keys of n-grams that are no numbers from 0 up")
            if (keys[1:] <= keys[:-1]).any():
                raise ArtefactError("got keys of n-grams that do not rise")
            if len(keys) and keys[-1] >> _CODE_BITS >= places:
                raise ArtefactError("got an n-gram without its beginning")
            places = len(keys)

    @classmethod
    def fit(
        cls,
        parts: Iterable[Runs],
        *,
        longest: int,
        min_count: int,
        shortest: int = 2,
        weights: np.ndarray | None = None,
    ) -> "KnownNgrams":
        """Learns the n-grams that stand in the runs often enough.

        Args:
            parts: The runs, in blocks; they are gone through once a length.
            longest: Codes of the longest n-gram.
            min_count: Rarer n-grams are left out.
            shortest: Codes of the shortest n-gram that gets a row.
            weights: int64[runs], how often each run occurs; None: once.
        """
        known = cls((), shortest)
        for _ in range(2, longest + 1):
            keys = _frequent(known, parts, min_count=min_count, weights=weights)
            known = cls((*known.levels, keys), shortest)
        return known

    @property
    def rows(self) -> int:
        return sum(len(keys) for keys in self.levels[self.shortest - 2 :])

    @property
    def lengths(self) -> tuple[int, int]:
        return self.shortest, len(self.levels) + 1

    @property
    def size(self) -> None:
        return None

    @property
    def highest(self) -> int:
        """The highest code in any n-gram, or -1."""
        first = [keys >> _CODE_BITS for keys in self.levels[:1]]
        last = [keys & _CODE_MASK for keys in self.levels]
        return max((int(c.max(initial=-1)) for c in [*first, *last]), default=-1)

    def find(self, runs: Runs) -> list[Pairs]:
        windows = _Windows.of(runs)
        found, row = list[Pairs](), 0
        for length, table in enumerate(self._tables, start=2):
            windows = windows.extended(runs.codes, length).known(table)
            if length >= self.shortest:
                found.append((windows.run, windows.places + np.int32(row)))
                row += len(self.levels[length - 2])
        return found

    def windows(self, runs: Runs) -> "_Windows":
        """Returns the known windows of the longest length, made one code longer."""
        windows = _Windows.of(runs)
        for length, table in enumerate(self._tables, start=2):
            windows = windows.extended(runs.codes, length).known(table)
        return windows.extended(runs.codes, len(self.levels) + 2)

    @cached_property
    def _tables(self) -> list[KeyTable]:
        return [KeyTable(keys) for keys in self.levels]

    def spelt(self, row: int) -> list[int]:
        """Returns the codes of the n-gram in a row."""
        level = self.shortest - 2
        while row >= len(self.levels[level]):
            row -= len(self.levels[level])
            level += 1
        codes = []
        for keys in reversed(self.levels[: level + 1]):
            row, code = divmod(int(keys[row]), 1 << _CODE_BITS)
            codes.append(code)
        return [row, *reversed(codes)]

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> "KnownNgrams":
        """Reads what `to_json` returned.

        Raises:
            ArtefactError: The keys are damaged.
        """
        try:
            packed = [base64.b64decode(text, validate=True) for text in value["levels"]]
            keys = [np.frombuffer(level, dtype="<i8") for level in packed]
        except (binascii.Error, ValueError) as fault:
            raise ArtefactError(
                f"got keys of n-grams that are damaged ({fault})"
            ) from fault
        levels = tuple(level.astype(np.int64) for level in keys)
        return cls(levels, int(value["shortest"]))

    def to_json(self) -> dict[str, Any]:
        packed = [base64.b64encode(k.astype("<i8").tobytes()) for k in self.levels]
        return {"shortest": self.shortest, "levels": [p.decode() for p in packed]}

    def __str__(self) -> str:
        return f"{self.rows:,} n-grams of {span_told(self.lengths)}, each by itself"


def span_told(lengths: tuple[int, int]) -> str:
    """Writes the least and the greatest length of n-grams; one number if they agree."""
    shortest, longest = lengths
    return f"{shortest}" if shortest == longest else f"{shortest} to {longest}"


@dataclass(frozen=True)
class _Windows:
    """Stretches of codes of one length that stand inside a run.

    `keys` are what a level knows them by, `places` where it knows them.
    """

    starts: np.ndarray
    run: np.ndarray
    ends: np.ndarray  # of their runs
    places: np.ndarray
    keys: np.ndarray

    @classmethod
    def of(cls, runs: Runs) -> "_Windows":
        """Returns the windows of one code, whose place is the code."""
        numbers = np.arange(len(runs.lengths), dtype=np.int32)
        ends = np.repeat(np.cumsum(runs.lengths), runs.lengths)
        starts = np.arange(len(runs.codes))
        return cls(
            starts, np.repeat(numbers, runs.lengths), ends, runs.codes, runs.codes
        )

    def extended(self, codes: np.ndarray, length: int) -> "_Windows":
        """Returns those that can be `length` codes long."""
        inside = np.flatnonzero(self.starts + length <= self.ends)
        starts, places = self.starts[inside], self.places[inside]
        keys = places.astype(np.int64) << _CODE_BITS | codes[starts + (length - 1)]
        return _Windows(starts, self.run[inside], self.ends[inside], places, keys)

    def known(self, table: KeyTable) -> "_Windows":
        """Returns those that a level knows."""
        places = table.find(self.keys)
        kept = np.flatnonzero(places >= 0)
        return _Windows(
            self.starts[kept],
            self.run[kept],
            self.ends[kept],
            places[kept],
            self.keys[kept],
        )


def _frequent(
    known: KnownNgrams,
    parts: Iterable[Runs],
    *,
    min_count: int,
    weights: np.ndarray | None,
) -> np.ndarray:
    """Returns the ascending keys of the next level."""
    first = 0

    def weighted() -> Iterator[tuple[Runs, np.ndarray | None]]:
        nonlocal first
        for part in parts:
            end = first + len(part.lengths)
            yield part, None if weights is None else weights[first:end]
            first = end

    def keys_of(work: tuple[Runs, np.ndarray | None]) -> Counted:
        part, each = work
        windows = known.windows(part)
        return _counted(windows.keys, each[windows.run] if each is not None else None)

    keys, counts = gathered(
        in_order(keys_of, weighted()),
        nothing=_counted(np.zeros(0, dtype=np.int64), None),
        join=_added,
        size=lambda part: len(part[0]),
    )
    return keys[counts >= min_count]


def _added(parts: Sequence[Counted]) -> Counted:
    keys, counts = zip(*parts, strict=True)
    return _counted(np.concatenate(keys), np.concatenate(counts))


def _counted(keys: np.ndarray, weights: np.ndarray | None) -> Counted:
    """Returns the ascending distinct keys and their int64 summed weights."""
    if weights is None:
        keys = np.sort(keys)
    else:
        order = np.argsort(keys, kind="stable")
        keys, weights = keys[order], weights[order]
    starts = np.flatnonzero(np.diff(keys, prepend=-1))
    if weights is None:
        return keys[starts], np.diff(starts, append=len(keys))
    sums = np.add.reduceat(weights, starts) if len(starts) else weights[:0]
    return keys[starts], sums


def grouped(found: Sequence[Pairs], runs: int) -> Runs:
    """Joins pairs: all rows of run 0 in the order given, then those of run 1 …"""
    sizes = np.zeros((runs, len(found)), dtype=np.int64)
    for column, (run, _) in enumerate(found):
        sizes[:, column] = np.bincount(run, minlength=runs)
    begins = np.cumsum(sizes).reshape(sizes.shape) - sizes
    joined = np.empty(int(sizes.sum()), dtype=np.int32)
    for column, (_, rows) in enumerate(found):
        joined[spans(begins[:, column], sizes[:, column])] = rows
    return Runs(joined, sizes.sum(axis=1))


def distinct(found: Sequence[Pairs], runs: int) -> Runs:
    """Joins pairs: the rows of each run once, ascending."""
    keys = [run.astype(np.int64) << _CODE_BITS | rows for run, rows in found]
    joined = np.sort(np.concatenate(keys))
    joined = joined[np.diff(joined, prepend=-1) > 0]
    rows = (joined & _CODE_MASK).astype(np.int32)
    return Runs(rows, np.bincount(joined >> _CODE_BITS, minlength=runs))
