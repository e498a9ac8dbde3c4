"""The one way from texts to ids, for training and for predicting alike."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import polars as pl

from textclf.config.schema import TextConfig
from textclf.errors import ArtefactError, DataError
from textclf.files import canonical_json
from textclf.text.census import Census
from textclf.text.encoded import Encoded, joined, offsets_of, truncate
from textclf.text.grams import Grams, Words
from textclf.text.ngrams import Runs
from textclf.text.normalise import cut, normalise, text_column
from textclf.text.spelling import Spelling
from textclf.text.subword import Subwords
from textclf.text.units import Pieces, split_characters, split_words
from textclf.text.vocabulary import RESERVED, UNKNOWN, Vocabulary

_COLUMN_BYTES = 32 << 20


@dataclass(frozen=True)
class TextEncoder:
    """Normaliser, unit, vocabulary, n-grams and length policy in one value.

    Made by `fit` from training texts only. `encode` gives ids in `[0, rows)`; an empty
    text has no ids, an unknown unit has id 1.

    Attributes:
        settings: How texts are cut.
        vocabulary: The known units.
        grams: The known n-grams.
        subwords: The merges, with `unit: subword` only.
    """

    settings: TextConfig
    vocabulary: Vocabulary
    grams: Grams
    subwords: Subwords | None = None

    def __post_init__(self) -> None:
        unit, tokens = self.settings.unit, self.vocabulary.tokens
        if (unit == "subword") != (self.subwords is not None):
            raise ArtefactError(f"got unit {unit!r}, which does not fit the merges")
        if unit == "character" and any(len(t) != 1 for t in tokens[len(RESERVED) :]):
            raise ArtefactError("got a vocabulary of words, expected single characters")
        if len(tokens) > self.settings.vocabulary_size:
            raise ArtefactError(
                f"got a vocabulary of {len(tokens):,} units, expected "
                f"{self.settings.vocabulary_size:,} at most"
            )
        if self.grams.first_row != len(tokens):
            raise ArtefactError("got n-grams of another vocabulary")
        if not self.grams.fit_to(self.settings):
            raise ArtefactError("got other n-grams than the settings ask for")

    @classmethod
    def fit(cls, texts: Sequence[str], settings: TextConfig) -> "TextEncoder":
        """Learns the vocabulary (and the merges) of the training texts."""
        return cls.fit_encode(texts, settings)[0]

    @classmethod
    def fit_encode(
        cls, texts: Sequence[str], settings: TextConfig
    ) -> tuple["TextEncoder", Encoded]:
        """Learns from the training texts and encodes them, reading them once.

        Raises:
            DataError: No text has any unit, or none is frequent enough.
        """
        census, cuts = Census(), []
        for column, was_cut in _columns(texts, settings):
            census.add(_split(column, settings))
            cuts.append(was_cut)
        types, counts = census.types()
        subwords = _subwords(types, counts, settings)
        spelling = Spelling.of(types, subwords)
        vocabulary = _vocabulary(spelling, counts, settings)
        ids, lengths = spelling.spell(vocabulary, census)
        words = _words(types, census, settings)
        units = _Units(ids, lengths, np.concatenate(cuts), words).shortened(settings)
        grams = Grams.fit(units.runs, units.words, settings, first_row=len(vocabulary))
        encoder = cls(settings, vocabulary, grams, subwords)
        return encoder, units.encoded(grams)

    def encode(self, texts: Sequence[str]) -> Encoded:
        """Returns the ids of texts; the same text always gets the same ids."""
        parts = [_NOTHING]
        for column, was_cut in _columns(texts, self.settings):
            units = self._units(_split(column, self.settings), was_cut)
            parts.append(units.shortened(self.settings).encoded(self.grams))
        return joined(parts)

    def silent(self, encoded: Encoded) -> np.ndarray:
        """Returns bool[n], which texts give no evidence.

        They are empty, or all their units are unknown and no character n-gram is known.
        """
        silent = encoded.empty | (encoded.unknown == 1)
        if self.grams.characters is not None:
            first = self.rows - self.grams.characters.rows
            for index in np.flatnonzero(silent).tolist():
                silent[index] = not (encoded.row(index) >= first).any()
        return silent

    @property
    def rows(self) -> int:
        """Rows an embedding needs: the vocabulary, then the n-grams."""
        return len(self.vocabulary) + self.grams.rows

    @cached_property
    def digest(self) -> str:
        """SHA-256 over everything that decides about ids."""
        return hashlib.sha256(canonical_json(self.to_json()).encode()).hexdigest()

    def to_json(self) -> dict[str, Any]:
        """Returns what `from_json` reads back exactly."""
        return {
            "settings": self.settings.model_dump(mode="json"),
            "vocabulary": self.vocabulary.to_json(),
            "ngrams": self.grams.to_json(),
            "subwords": self.subwords.to_json() if self.subwords else None,
        }

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> "TextEncoder":
        """Reads what `to_json` returned.

        Raises:
            ArtefactError: The value has another form.
        """
        try:
            subwords = value["subwords"]
            settings = TextConfig.model_validate(value["settings"])
            vocabulary = Vocabulary.from_json(value["vocabulary"])
            return cls(
                settings,
                vocabulary,
                Grams.from_json(
                    value["ngrams"],
                    first_row=len(vocabulary),
                    distinct=settings.distinct,
                ),
                Subwords.from_json(subwords) if subwords is not None else None,
            )
        except (KeyError, TypeError, ValueError, OverflowError) as fault:
            raise ArtefactError(
                f"got an encoder that cannot be read ({fault})"
            ) from fault

    def _units(self, pieces: Pieces, was_cut: np.ndarray) -> "_Units":
        if self.subwords is None and self.grams.characters is None:
            ids = self.vocabulary.lookup(pieces.flat)
            return _Units(ids, pieces.lengths, was_cut, None)
        census = Census()
        census.add(pieces)
        types, _ = census.types()
        spelling = Spelling.of(types, self.subwords)
        ids, lengths = spelling.spell(self.vocabulary, census)
        return _Units(ids, lengths, was_cut, _words(types, census, self.settings))


@dataclass(frozen=True)
class _Units:
    """The unit ids of texts, and their words where characters count."""

    ids: np.ndarray
    lengths: np.ndarray
    truncated: np.ndarray
    words: Words | None

    @property
    def runs(self) -> Runs:
        return Runs(self.ids, self.lengths)

    def shortened(self, settings: TextConfig) -> "_Units":
        """Returns the units that `max_length` keeps."""
        limit, words = settings.max_length, self.words
        over = self.lengths > limit
        if not over.any():
            return self
        kept = truncate(self.lengths, limit=limit, keep=settings.truncate)
        return _Units(
            self.ids[kept],
            np.minimum(self.lengths, limit),
            self.truncated | over,
            words and Words(words.spellings, words.numbers[kept]),
        )

    def encoded(self, grams: Grams) -> Encoded:
        """Adds the n-grams."""
        unknown = _share(self.ids == UNKNOWN, self.lengths)
        runs = grams.expand(self.runs, self.words) if grams else self.runs
        return Encoded(runs.codes, offsets_of(runs.lengths), self.truncated, unknown)


_NOTHING = Encoded(
    np.zeros(0, dtype=np.int32),
    np.zeros(1, dtype=np.int64),
    np.zeros(0, dtype=bool),
    np.zeros(0, dtype=np.float32),
)


def _words(types: Sequence[str], census: Census, settings: TextConfig) -> Words | None:
    if settings.char_ngrams is None:
        return None
    return Words(types, census.tokens(np.arange(len(types), dtype=np.int32)))


def _columns(
    texts: Sequence[str], settings: TextConfig
) -> Iterator[tuple[pl.Series, np.ndarray]]:
    """Yields normalised columns of bounded size, and which texts were cut."""
    column = text_column(texts)
    bytes_so_far = column.str.len_bytes().cast(pl.UInt64).cum_sum()
    start = 0
    while start < len(column):
        done = 0 if start == 0 else bytes_so_far[start - 1]
        stop = bytes_so_far.search_sorted(done + _COLUMN_BYTES, side="right")
        stop = max(int(stop), start + 1)
        part, was_cut = cut(column[start:stop], settings)
        yield normalise(part, settings), was_cut
        start = stop


def _split(column: pl.Series, settings: TextConfig) -> Pieces:
    characters = settings.unit == "character"
    return split_characters(column) if characters else split_words(column)


def _subwords(
    types: Sequence[str], counts: np.ndarray, settings: TextConfig
) -> Subwords | None:
    if settings.unit != "subword":
        return None
    order = sorted(range(len(types)), key=lambda t: (-counts[t], types[t]))
    words = [types[t] for t in order]
    return Subwords.train(words, counts[order], size=settings.vocabulary_size - 1)


def _vocabulary(
    spelling: Spelling, type_counts: np.ndarray, settings: TextConfig
) -> Vocabulary:
    counts = spelling.counts(type_counts)
    seen = np.flatnonzero(counts).tolist()
    if len(seen) == 0:
        raise DataError(
            f"got training texts without any {settings.unit}",
            fix="check data.text: it must name the column of the texts",
        )
    vocabulary = Vocabulary.build(
        [spelling.units[u] for u in seen],
        counts[seen],
        size=settings.vocabulary_size,
        min_count=settings.min_count,
    )
    if len(vocabulary) == len(RESERVED):
        raise DataError(
            f"got no {settings.unit} that training has {settings.min_count} times",
            fix="set text.min_count lower",
        )
    return vocabulary


def _share(flags: np.ndarray, lengths: np.ndarray) -> np.ndarray:
    """Returns float32[n], the mean of the flags of each text; 0 for an empty text."""
    sums = np.diff(np.concatenate([[0], np.cumsum(flags)])[offsets_of(lengths)])
    return (sums / np.maximum(lengths, 1)).astype(np.float32)
