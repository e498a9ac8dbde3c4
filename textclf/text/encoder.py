"""The one way from texts to ids, for training and for predicting alike."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from textclf.config.schema import TextConfig
from textclf.errors import ArtefactError, DataError
from textclf.files import canonical_json
from textclf.text.columns import columns
from textclf.text.corpus import Chunk, Corpus, Part, Reader, Spelt
from textclf.text.encoded import Encoded, offsets_of, shorten
from textclf.text.grams import Grams
from textclf.text.ngrams import Runs
from textclf.text.spelling import Spelling
from textclf.text.store import Store, open_store
from textclf.text.subword import Subwords
from textclf.text.vocabulary import RESERVED, UNKNOWN, Vocabulary
from textclf.text.workers import in_order

RowsOf = Callable[[Sequence[str]], tuple[np.ndarray, np.ndarray]]
"""Tells for words which of them have a vector, int64[g], and float32[g, dim]."""


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
        cls, texts: Sequence[str], settings: TextConfig, *, folder: Path | None = None
    ) -> tuple["TextEncoder", Encoded]:
        """Learns from the training texts and encodes them, reading them once.

        Args:
            texts: The training texts; only slices of them are taken.
            settings: How texts are cut.
            folder: Where the ids are kept instead of in memory; must not exist.

        Raises:
            DataError: No text has any unit, or none is frequent enough.
            ConfigError: The folder exists already.
            ResourceError: The disk is full.
        """
        with open_store(folder) as store:
            corpus = Corpus.read(texts, settings, store.pile)
            types, counts = corpus.census.types()
            subwords = _subwords(types, counts, settings)
            spelling = Spelling.of(types, subwords)
            vocabulary = _vocabulary(spelling, counts, settings)
            spelt = Spelt(corpus, spelling, vocabulary)
            grams = Grams.fit(spelt, types, settings)
            encoder = cls(settings, vocabulary, grams, subwords)
            encoder._move(spelt, types, store)
        return encoder, store.encoded()

    def encode(
        self,
        texts: Sequence[str],
        *,
        folder: Path | None = None,
        rows_of: RowsOf | None = None,
    ) -> Encoded:
        """Returns the ids of texts; the same text always gets the same ids.

        Args:
            texts: Any texts; only slices of them are taken.
            folder: Where the ids are kept instead of in memory; must not exist.
            rows_of: Gives unknown words vectors, so that they become guests.

        Raises:
            ConfigError: The folder exists already.
            ResourceError: The disk is full.
        """
        guests = None
        with open_store(folder) as store:
            if rows_of is not None:
                guests = self._receive(texts, store, rows_of)
            elif self.subwords is None and self.grams.characters is None:
                for part in in_order(self._read, columns(texts)):
                    store.append(part)
            else:
                corpus = Corpus.read(texts, self.settings, store.pile)
                types, _ = corpus.census.types()
                spelling = Spelling.of(types, self.subwords)
                self._move(Spelt(corpus, spelling, self.vocabulary), types, store)
        return replace(store.encoded(), guests=guests)

    def assembled(
        self, units: Runs, words: Sequence[str] = (), rows: np.ndarray | None = None
    ) -> Encoded:
        """Returns texts that are cut into units already, with their n-grams.

        Args:
            units: The ids of the units of n texts.
            words: The words that the units are, where characters count.
            rows: int32[total], which of `words` each unit is.
        """
        nothing = np.zeros(len(units.lengths), dtype=bool)
        chunk = Chunk(units.codes, units.lengths, nothing)
        if self.grams.characters is None:
            return self._encoded(chunk)
        types = pl.Series(words, dtype=pl.String)
        return self._encoded(chunk, rows, self.grams.inside(types))

    def built(self, encoded: Encoded) -> np.ndarray:
        """Returns float32[n], the share of each text's units that are guests."""
        if encoded.guests is None:
            return np.zeros(len(encoded), dtype=np.float32)
        return _share(encoded.ids >= self.rows, encoded.lengths)

    def silent(self, encoded: Encoded) -> np.ndarray:
        """Returns bool[n], which texts give no evidence.

        They are empty, or all their units are unknown, no character n-gram is known,
        and none of them is a guest.
        """
        silent = (encoded.empty | (encoded.unknown == 1)) & (self.built(encoded) == 0)
        if self.grams.characters is not None:
            first = self.rows - self.grams.characters.rows
            for index in np.flatnonzero(silent).tolist():
                silent[index] = not (encoded.row(index) >= first).any()
        return silent

    @property
    def hosts(self) -> bool:
        """Whether unknown units are words that may become guests."""
        return self.settings.unit == "word" and not self.grams

    @property
    def rows(self) -> int:
        """Rows an embedding needs: the vocabulary, then the n-grams."""
        return len(self.vocabulary) + self.grams.rows

    @property
    def families(self) -> tuple[int, ...]:
        """Rows of the units with their n-grams, then of the characters if they count.

        Features of one family overlap alike.
        """
        inside = self.grams.characters
        if inside is None:
            return (self.rows,)
        return self.rows - inside.rows, inside.rows

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
            settings = TextConfig.model_validate(value["settings"])
            vocabulary = Vocabulary.from_json(value["vocabulary"])
            grams = Grams.from_json(
                value["ngrams"],
                first_row=len(vocabulary),
                distinct=settings.distinct,
            )
            subwords = value["subwords"]
            merges = Subwords.from_json(subwords) if subwords is not None else None
            return cls(settings, vocabulary, grams, merges)
        except (KeyError, TypeError, ValueError, OverflowError) as fault:
            raise ArtefactError(
                f"got an encoder that cannot be read ({fault})"
            ) from fault

    @cached_property
    def _reader(self) -> Reader:
        return Reader(self.settings, self.vocabulary.lookup)

    def _read(self, column: pl.Series) -> Encoded:
        return self._encoded(self._reader(column))

    def _receive(
        self, texts: Sequence[str], store: Store, rows_of: RowsOf
    ) -> np.ndarray | None:
        """Encodes texts; unknown words that `rows_of` knows get ids of their own.

        Returns float32[g, dim], their vectors, or None.
        """
        corpus = Corpus.read(texts, self.settings, store.pile)
        types, _ = corpus.census.types()
        ids = self.vocabulary.lookup(types)
        unknown = np.flatnonzero(ids == UNKNOWN)
        found, rows = rows_of(types.gather(unknown).to_list())
        ids[unknown[found]] = self.rows + np.arange(len(rows), dtype=np.int32)
        table = corpus.census.table(ids)
        for part in corpus.parts():
            codes = corpus.chunk(part)
            chunk = Chunk(table.take(codes.numbers), codes.lengths, codes.was_cut)
            store.append(self._encoded(chunk))
        return rows if len(rows) else None

    def _move(self, spelt: Spelt, types: pl.Series, store: Store) -> None:
        """Moves a corpus of codes to the store as ids."""
        if spelt.in_place and not self.grams:
            store.reuse(spelt.corpus.codes)
        inside = self.grams.inside(types)

        def encoded(part: Part) -> Encoded:
            words = None if inside is None else spelt.types(part)
            return self._encoded(spelt.chunk(part), words, inside)

        for some in in_order(encoded, spelt.corpus.parts()):
            store.append(some)

    def _encoded(
        self, chunk: Chunk, words: np.ndarray | None = None, inside: Runs | None = None
    ) -> Encoded:
        """Shortens texts and adds their n-grams.

        Args:
            chunk: Texts as unit ids.
            words: int32[total], the type of each unit, where characters count.
            inside: The character n-grams of each type.
        """
        limit, keep = self.settings.max_length, self.settings.truncate
        ids = shorten(chunk.numbers, chunk.lengths, limit=limit, keep=keep)
        if words is not None:
            words = shorten(words, chunk.lengths, limit=limit, keep=keep)
        lengths = np.minimum(chunk.lengths, limit)
        beyond = len(self.vocabulary)
        unknown = _share((ids == UNKNOWN) | (ids >= beyond), lengths)
        truncated = chunk.was_cut | (chunk.lengths > limit)
        texts = Runs(ids, lengths)
        if self.grams:
            texts = self.grams.expand(texts, words, inside)
        return Encoded(texts.codes, offsets_of(texts.lengths), truncated, unknown)


def _subwords(
    types: pl.Series, counts: np.ndarray, settings: TextConfig
) -> Subwords | None:
    if settings.unit != "subword":
        return None
    census = pl.DataFrame({"word": types, "count": counts})
    census = census.sort(["count", "word"], descending=[True, False])
    words, counts = census["word"].to_list(), census["count"].to_numpy()
    return Subwords.train(words, counts, size=settings.vocabulary_size - 1)


def _vocabulary(
    spelling: Spelling, type_counts: np.ndarray, settings: TextConfig
) -> Vocabulary:
    counts = spelling.counts(type_counts)
    seen = np.flatnonzero(counts)
    if len(seen) == 0:
        raise DataError(
            f"got training texts without any {settings.unit}",
            fix="check data.text: it must name the column of the texts",
        )
    vocabulary = Vocabulary.build(
        spelling.units.gather(seen),
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
    before = np.searchsorted(np.flatnonzero(flags), offsets_of(lengths))
    return (np.diff(before) / np.maximum(lengths, 1)).astype(np.float32)
