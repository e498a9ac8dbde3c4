"""What a text is made of beside its units: n-grams of units and of characters."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from textclf.config.schema import TextConfig
from textclf.errors import ArtefactError
from textclf.text.encoded import offsets_of, spans
from textclf.text.ngrams import (
    HashedNgrams,
    KnownNgrams,
    Ngrams,
    Pairs,
    Runs,
    distinct,
    grouped,
    ngrams_from_json,
)

_BLOCK_UNITS = 1 << 18
_EDGE = " "
_CODE_POINTS = 0x110000


@dataclass(frozen=True)
class Words:
    """The words of many texts by number, and how each is spelt.

    Attributes:
        spellings: The different words.
        numbers: int32[total], the word at each place of the flat array.
    """

    spellings: Sequence[str]
    numbers: np.ndarray


@dataclass(frozen=True, eq=False)
class Grams:
    """The n-grams a text encoder knows. Their rows follow those of the vocabulary.

    Attributes:
        first_row: Rows of the vocabulary.
        distinct: Whether units and n-grams count once in a text.
        units: N-grams of units, if any are asked for.
        characters: N-grams of characters inside words, with a blank at each end.
    """

    first_row: int
    distinct: bool
    units: Ngrams | None = None
    characters: Ngrams | None = None

    def __post_init__(self) -> None:
        limits = ((self.units, self.first_row), (self.characters, _CODE_POINTS))
        for known, limit in limits:
            if isinstance(known, KnownNgrams) and known.highest >= limit:
                raise ArtefactError(
                    f"got an n-gram of unit {known.highest}, expected below {limit}"
                )

    @classmethod
    def fit(
        cls, texts: Runs, words: Words | None, settings: TextConfig, *, first_row: int
    ) -> "Grams":
        """Learns the n-grams of the training texts.

        Args:
            texts: The unit ids of each text.
            words: Its words, where character n-grams are asked for.
            settings: Lengths, counts and buckets.
            first_row: Rows of the vocabulary.
        """
        grams = cls(first_row, settings.distinct)
        if settings.ngrams > 1:
            parts = [part for part, _ in _blocks(texts, None)]
            lengths = (2, settings.ngrams)
            grams = replace(grams, units=_fitted(parts, lengths, settings, None))
        if settings.char_ngrams is not None and words is not None:
            shortest, longest = settings.char_ngrams
            counts = np.bincount(words.numbers, minlength=len(words.spellings))
            parts = [_characters(words.spellings)]
            fitted = _fitted(parts, (shortest, longest), settings, counts)
            grams = replace(grams, characters=fitted)
        return grams

    @property
    def rows(self) -> int:
        """Rows an embedding needs for the n-grams."""
        return sum(known.rows for known in (self.units, self.characters) if known)

    def __bool__(self) -> bool:
        return self.distinct or self.rows > 0

    def fit_to(self, settings: TextConfig) -> bool:
        """Tells whether these settings ask for such n-grams."""
        units = (2, settings.ngrams) if settings.ngrams > 1 else None
        inside = settings.char_ngrams
        asked = (units, tuple(inside) if inside is not None else None)
        known = (self.units, self.characters)
        return (
            self.distinct == settings.distinct
            and asked == tuple(k.lengths if k else None for k in known)
            and all(k.size == settings.ngram_buckets for k in known if k)
        )

    def expand(self, texts: Runs, words: Words | None) -> Runs:
        """Returns the rows of each text: its units, then its n-grams.

        With `distinct` they ascend. Texts are worked on in blocks, which bounds memory.
        """
        spelt = self._spelt(words) if words is not None else None
        done = [
            self._expanded(part, numbers, spelt)
            for part, numbers in _blocks(texts, words)
        ]
        empty = Runs(np.zeros(0, dtype=np.int32), np.zeros(0, dtype=np.int64))
        done = [empty, *done]
        return Runs(
            np.concatenate([part.codes for part in done]),
            np.concatenate([part.lengths for part in done]),
        )

    def _expanded(
        self, texts: Runs, numbers: np.ndarray | None, spelt: Runs | None
    ) -> Runs:
        count = len(texts.lengths)
        run = np.repeat(np.arange(count, dtype=np.int32), texts.lengths)
        found, row = [(run, texts.codes)], self.first_row
        if self.units is not None:
            found += [_shifted(pairs, row) for pairs in self.units.find(texts)]
            row += self.units.rows
        if spelt is not None and numbers is not None:
            found.append(_shifted(self._inside(run, numbers, spelt, count), row))
        return distinct(found, count) if self.distinct else grouped(found, count)

    def _inside(
        self, run: np.ndarray, numbers: np.ndarray, spelt: Runs, count: int
    ) -> Pairs:
        """Returns the character n-grams of the words of each text."""
        if self.distinct:
            words = distinct([(run, numbers)], count)
            run = np.repeat(np.arange(count, dtype=np.int32), words.lengths)
            numbers = words.codes
        lengths = spelt.lengths[numbers]
        starts = offsets_of(spelt.lengths)[:-1][numbers]
        return np.repeat(run, lengths), spelt.codes[spans(starts, lengths)]

    def _spelt(self, words: Words) -> Runs | None:
        """Returns the character n-grams of each different word."""
        if self.characters is None:
            return None
        pairs = self.characters.find(_characters(words.spellings))
        return grouped(pairs, len(words.spellings))

    def to_json(self) -> dict[str, Any]:
        """Returns what `from_json` reads back exactly."""
        return {
            "units": self.units.to_json() if self.units else None,
            "characters": self.characters.to_json() if self.characters else None,
        }

    @classmethod
    def from_json(
        cls, value: dict[str, Any], *, first_row: int, distinct: bool
    ) -> "Grams":
        """Reads what `to_json` returned."""
        units, characters = value["units"], value["characters"]
        return cls(
            first_row,
            distinct,
            ngrams_from_json(units) if units else None,
            ngrams_from_json(characters) if characters else None,
        )

    def to_lines(self) -> list[str]:
        """Says for people what is known, and what collides."""
        named = {"units": self.units, "characters": self.characters}
        return [f"{name}: {known}" for name, known in named.items() if known]


def _fitted(
    parts: Sequence[Runs],
    lengths: tuple[int, int],
    settings: TextConfig,
    weights: np.ndarray | None,
) -> Ngrams:
    shortest, longest = lengths
    if settings.ngram_buckets is not None:
        buckets = settings.ngram_buckets
        return HashedNgrams.fit(
            parts, buckets=buckets, shortest=shortest, longest=longest
        )
    return KnownNgrams.fit(
        parts,
        longest=longest,
        shortest=shortest,
        min_count=settings.ngram_min_count,
        weights=weights,
    )


def _characters(words: Sequence[str]) -> Runs:
    """Returns the code points of each word, with a blank at both ends."""
    padded = [f"{_EDGE}{word}{_EDGE}" for word in words]
    flat = np.frombuffer("".join(padded).encode("utf-32-le"), dtype=np.int32)
    lengths = np.fromiter(map(len, padded), dtype=np.int64, count=len(padded))
    return Runs(flat, lengths)


def _shifted(pairs: Pairs, row: int) -> Pairs:
    return pairs[0], pairs[1] + np.int32(row)


def _blocks(
    texts: Runs, words: Words | None
) -> Iterator[tuple[Runs, np.ndarray | None]]:
    """Yields consecutive texts of about as many units as a block, and their words."""
    offsets = offsets_of(texts.lengths)
    start = 0
    while start < len(texts.lengths):
        limit = offsets[start] + _BLOCK_UNITS
        stop = int(np.searchsorted(offsets, limit, side="right")) - 1
        stop = max(stop, start + 1)
        flat = slice(offsets[start], offsets[stop])
        numbers = words.numbers[flat] if words is not None else None
        yield Runs(texts.codes[flat], texts.lengths[start:stop]), numbers
        start = stop
