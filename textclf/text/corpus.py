"""Reads texts into numbered units, and keeps them until the numbers become ids."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np
import polars as pl

from textclf.config.schema import LONGEST, TextConfig
from textclf.text.census import Census
from textclf.text.columns import columns
from textclf.text.lexicon import Lexicon, Numbering
from textclf.text.normalise import composed, cut, has_sigma, lowered, normalise
from textclf.text.piles import Pile
from textclf.text.spelling import Spelling
from textclf.text.units import split_characters
from textclf.text.vocabulary import Vocabulary
from textclf.text.workers import in_order

Part = tuple[tuple[int, int], tuple[int, int]]
"""Texts and units before a chunk, then those up to its end."""

NewPile = Callable[[np.dtype[Any]], Pile]
"""Makes an empty pile for numbers of a type."""


@dataclass(frozen=True)
class Chunk:
    """Some texts as numbers.

    Attributes:
        numbers: int32[total], a number for each unit, text after text.
        lengths: int64[n], units of each text.
        was_cut: bool[n], whether a text was too long to be read whole.
    """

    numbers: np.ndarray
    lengths: np.ndarray
    was_cut: np.ndarray


class Reader:
    """Turns columns of texts into numbers; many threads may use it at once.

    What it learns about words speeds up later columns and changes no result.
    """

    def __init__(self, settings: TextConfig, number: Numbering) -> None:
        self._settings = settings
        self._number = number
        self._idle: list[Lexicon] = []

    def __call__(self, column: pl.Series) -> Chunk:
        """Returns the numbers of a column's units."""
        column, was_cut = cut(column, self._settings)
        if self._settings.unit == "character":
            pieces = split_characters(normalise(column, self._settings))
            return Chunk(self._number(pieces.flat), pieces.lengths, was_cut)
        texts = lowered(column, self._settings)
        at_blanks = self._settings.lowercase and has_sigma(texts)
        try:
            lexicon = self._idle.pop()
        except IndexError:
            compose = partial(composed, settings=self._settings)
            lexicon = Lexicon(self._number, compose)
        chunk = Chunk(*lexicon.read(texts, at_blanks=at_blanks), was_cut)
        self._idle.append(lexicon)
        return chunk


class Corpus:
    """Texts read once, as codes of a census.

    Attributes:
        census: The different units and their counts.
        codes: int32, the units of all texts end to end.
    """

    def __init__(self, pile: NewPile) -> None:
        self.census = Census()
        self.codes = pile(np.dtype(np.int32))
        self._lengths = pile(np.dtype(np.int64))
        self._cuts = pile(np.dtype(np.bool_))
        self._ends = [(0, 0)]

    @classmethod
    def read(
        cls, texts: Sequence[str], settings: TextConfig, pile: NewPile
    ) -> "Corpus":
        """Reads all texts."""
        return cls.of(columns(texts), settings, pile)

    @classmethod
    def of(
        cls, texts: Iterable[pl.Series], settings: TextConfig, pile: NewPile
    ) -> "Corpus":
        """Reads texts that come in columns; no column is held longer than needed."""
        corpus = cls(pile)
        reader = Reader(settings, corpus.census.number)
        for chunk in in_order(reader, texts):
            corpus._add(chunk)
        return corpus

    @property
    def texts(self) -> int:
        """How many texts were read."""
        return self._ends[-1][0]

    def parts(self) -> Iterator[Part]:
        """Returns what `chunk` reads, in the order of the texts."""
        return pairwise(self._ends)

    def chunk(self, part: Part) -> Chunk:
        """Returns some texts as codes; any thread may ask."""
        (texts, tokens), (next_text, next_token) = part
        return Chunk(
            self.codes.read(tokens, next_token),
            self._lengths.read(texts, next_text),
            self._cuts.read(texts, next_text),
        )

    def _add(self, chunk: Chunk) -> None:
        self.census.count(chunk.numbers)
        self.codes.append(chunk.numbers)
        self._lengths.append(chunk.lengths)
        self._cuts.append(chunk.was_cut)
        texts, tokens = self._ends[-1]
        ends = (texts + len(chunk.lengths), tokens + len(chunk.numbers))
        self._ends.append(ends)


class Spelt:
    """The texts of a corpus as the ids of a vocabulary; nothing is held twice.

    Attributes:
        corpus: The texts as codes.
        vocabulary: Whose ids.
        in_place: Whether every code becomes one id.
    """

    def __init__(
        self, corpus: Corpus, spelling: Spelling, vocabulary: Vocabulary
    ) -> None:
        self.corpus, self.vocabulary = corpus, vocabulary
        self._spelling = spelling
        self.in_place = spelling.one_to_one
        self._ids = spelling.ids(vocabulary)
        # One lookup where every type is one unit, else two.
        types = np.arange(len(spelling.lengths), dtype=np.int32)
        self._types = corpus.census.table(types)
        self._direct = corpus.census.table(self._ids) if self.in_place else None

    def chunk(self, part: Part) -> Chunk:
        """Returns some texts as ids; any thread may ask."""
        chunk = self.corpus.chunk(part)
        if self._direct is not None:
            return Chunk(self._direct.take(chunk.numbers), chunk.lengths, chunk.was_cut)
        types = self._types.take(chunk.numbers)
        ids, lengths = self._spelling.spread(self._ids, types, chunk.lengths)
        return Chunk(ids, lengths, chunk.was_cut)

    def types(self, part: Part) -> np.ndarray:
        """Returns int32[tokens], the place of each token's type in the census."""
        return self._types.take(self.corpus.chunk(part).numbers)

    def chunks(self) -> Iterator[Chunk]:
        """Returns all texts, chunk after chunk."""
        return in_order(self.chunk, self.corpus.parts())


def unit_lengths(texts: Sequence[str], settings: TextConfig) -> np.ndarray:
    """Returns int64[n], how many units each text has before it is shortened.

    Args:
        texts: Any texts; only slices of them are taken.
        settings: How texts are cut; subwords are not learnt, so their words count.
    """
    whole = settings.model_copy(update={"max_length": LONGEST})
    chunks = in_order(Reader(whole, Census().number), columns(texts))
    lengths = [chunk.lengths for chunk in chunks]
    return np.concatenate([np.zeros(0, dtype=np.int64), *lengths])
