"""What a text is made of beside its units: n-grams of units and of characters."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from textclf.config.schema import TextConfig
from textclf.errors import ArtefactError
from textclf.text.corpus import Spelt
from textclf.text.encoded import offsets_of, shorten, spans
from textclf.text.hashed_ngrams import HashedNgrams
from textclf.text.ngrams import (
    KnownNgrams,
    Ngrams,
    Pairs,
    Runs,
    distinct,
    grouped,
)

_EDGE = " "
_CODE_POINTS = 0x110000


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
    def fit(cls, texts: Spelt, types: pl.Series, settings: TextConfig) -> "Grams":
        """Learns the n-grams of the training texts.

        Args:
            texts: The training texts as ids of the vocabulary.
            types: Their different words.
            settings: Lengths, counts and buckets.
        """
        units = characters = None
        if settings.ngrams > 1:
            runs = _Shortened(texts, settings)
            units = _fitted(runs, 2, settings.ngrams, settings, None)
        if settings.char_ngrams is not None:
            shortest, longest = settings.char_ngrams
            counts = _kept(texts, len(types), settings)
            inside = [_characters(types)]
            characters = _fitted(inside, shortest, longest, settings, counts)
        return cls(len(texts.vocabulary), settings.distinct, units, characters)

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

    def expand(
        self, texts: Runs, words: np.ndarray | None, inside: Runs | None
    ) -> Runs:
        """Returns the rows of each text: its units, then its n-grams.

        With `distinct` they ascend.

        Args:
            texts: The unit ids of some texts.
            words: int32[total], the type of each unit, where characters count.
            inside: What `inside` returned for the types.
        """
        count = len(texts.lengths)
        run = np.repeat(np.arange(count, dtype=np.int32), texts.lengths)
        found, row = [(run, texts.codes)], self.first_row
        if self.units is not None:
            found += [_shifted(pairs, row) for pairs in self.units.find(texts)]
            row += self.units.rows
        if inside is not None and words is not None:
            if self.distinct:
                once = distinct([(run, words)], count)
                run = np.repeat(np.arange(count, dtype=np.int32), once.lengths)
                words = once.codes
            found.append(_shifted(_of_words(run, words, inside), row))
        return distinct(found, count) if self.distinct else grouped(found, count)

    def inside(self, types: pl.Series) -> Runs | None:
        """Returns the character n-grams of each word, if they count."""
        if self.characters is None:
            return None
        return grouped(self.characters.find(_characters(types)), len(types))

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


class _Shortened:
    """The training texts as far as they are read, as often as asked for."""

    def __init__(self, texts: Spelt, settings: TextConfig) -> None:
        self._texts, self._settings = texts, settings

    def __iter__(self) -> Iterator[Runs]:
        limit, keep = self._settings.max_length, self._settings.truncate
        for chunk in self._texts.chunks():
            ids = shorten(chunk.numbers, chunk.lengths, limit=limit, keep=keep)
            yield Runs(ids, np.minimum(chunk.lengths, limit))


def _kept(texts: Spelt, types: int, settings: TextConfig) -> np.ndarray:
    """Returns int64[types], how often each word stands in what is read of the texts."""
    limit, keep = settings.max_length, settings.truncate
    counts = np.zeros(types, dtype=np.int64)
    for part in texts.corpus.parts():
        lengths = texts.corpus.chunk(part).lengths
        words = shorten(texts.types(part), lengths, limit=limit, keep=keep)
        counts += np.bincount(words, minlength=types)
    return counts


def _fitted(
    parts: Iterable[Runs],
    shortest: int,
    longest: int,
    settings: TextConfig,
    weights: np.ndarray | None,
) -> Ngrams:
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


def _characters(words: pl.Series) -> Runs:
    """Returns the code points of each word, with a blank at both ends."""
    padded = [f"{_EDGE}{word}{_EDGE}" for word in words]
    flat = np.frombuffer("".join(padded).encode("utf-32-le"), dtype=np.int32)
    lengths = np.fromiter(map(len, padded), dtype=np.int64, count=len(padded))
    return Runs(flat, lengths)


def _of_words(run: np.ndarray, words: np.ndarray, inside: Runs) -> Pairs:
    """Returns the character n-grams of the words of each run."""
    lengths = inside.lengths[words]
    starts = offsets_of(inside.lengths)[:-1][words]
    return np.repeat(run, lengths), inside.codes[spans(starts, lengths)]


def _shifted(pairs: Pairs, row: int) -> Pairs:
    return pairs[0], pairs[1] + np.int32(row)


def ngrams_from_json(value: dict[str, Any]) -> Ngrams:
    """Reads what `to_json` of either kind returned.

    Raises:
        ArtefactError: The keys are damaged.
    """
    kind = HashedNgrams if "buckets" in value else KnownNgrams
    return kind.from_json(value)
