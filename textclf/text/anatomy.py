"""One text as an encoder reads it: which characters each of its ids is made of."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl

from textclf.text.encoded import Encoded, shorten
from textclf.text.encoder import RowsOf, TextEncoder
from textclf.text.ngrams import Ngrams, Runs
from textclf.text.offsets import Place, Placed, placed
from textclf.text.vocabulary import UNKNOWN

_EDGE = " "
_EDGE_SHOWN = "␣"

_Piece = tuple[int, int, int]
"""Characters from, to, and how many letters of a unit are made of them."""


@dataclass(frozen=True)
class Occurrence:
    """An id at one of its places.

    Attributes:
        id: A row of the embedding.
        name: What people call it.
        pieces: The characters that it is made of.
        single: Whether it is a unit, and no n-gram.
    """

    id: int
    name: str
    pieces: tuple[_Piece, ...]
    single: bool


@dataclass(frozen=True, eq=False)
class Anatomy:
    """A text taken apart.

    Attributes:
        text: The text, as given.
        encoder: What reads it.
        encoded: The text as ids: the only one in there.
        placed: Its units, read or not.
        kept: int64[u], which of them are read.
        units: int32[u], their ids.
    """

    text: str
    encoder: TextEncoder
    encoded: Encoded
    placed: Placed
    kept: np.ndarray
    units: np.ndarray

    @classmethod
    def of(
        cls, text: str, encoder: TextEncoder, *, rows_of: RowsOf | None = None
    ) -> "Anatomy":
        """Takes a text apart.

        Args:
            text: Any text.
            encoder: What reads it.
            rows_of: As in `TextEncoder.encode`.
        """
        settings = encoder.settings
        encoded = encoder.encode([text], rows_of=rows_of)
        found = placed(text, settings, encoder.subwords)
        every = np.arange(len(found.places))
        kept = shorten(
            every,
            np.array([len(every)]),
            limit=settings.max_length,
            keep=settings.truncate,
        )
        units = _ids([found.places[row].unit for row in kept], encoder)
        if encoded.guests is not None:  # then there are no n-grams
            units = encoded.row(0)
        anatomy = cls(text, encoder, encoded, found, kept, units)
        anatomy._check()
        return anatomy

    @property
    def read(self) -> list[Place]:
        """The units that are read."""
        return [self.placed.places[row] for row in self.kept]

    @cached_property
    def occurrences(self) -> tuple[Occurrence, ...]:
        """Every id at every place, in the order in which the encoder finds them."""
        return (*self._units(), *self._unit_grams(), *self._character_grams())

    @cached_property
    def owners(self) -> np.ndarray:
        """int64[occurrences], the position of each among the ids of the text."""
        ids = np.array([o.id for o in self.occurrences], dtype=np.int64)
        if self.encoder.settings.distinct:
            owners: np.ndarray = np.searchsorted(self.encoded.row(0), ids)
            return owners
        return np.arange(len(ids))

    def spread(self, scores: np.ndarray) -> np.ndarray:
        """Spreads what ids have over the characters that they are made of.

        An id that stands at several places gives each an equal share, and within a
        place every letter an equal share.

        Args:
            scores: float64[m], one for each id of the text.

        Returns:
            float64[characters]; the sum stays what it was.
        """
        times = np.bincount(self.owners, minlength=len(scores))
        steps = np.zeros(len(self.text) + 1)
        for owner, occurrence in zip(
            self.owners.tolist(), self.occurrences, strict=True
        ):
            letters = sum(count for _, _, count in occurrence.pieces)
            share = scores[owner] / (times[owner] * letters)
            for start, end, count in occurrence.pieces:
                steps[start] += share * count / (end - start)
                steps[end] -= share * count / (end - start)
        return np.cumsum(steps[:-1])

    def without(self, groups: list[np.ndarray]) -> Encoded:
        """Returns the text as many times as there are groups, each time without one.

        Args:
            groups: Positions among the units that are read.
        """
        n = len(self.units)
        kept = [np.delete(np.arange(n), group) for group in groups]
        rows = np.concatenate([np.zeros(0, dtype=np.int64), *kept])
        lengths = np.array([len(part) for part in kept], dtype=np.int64)
        words = [place.unit for place in self.read]
        encoded = self.encoder.assembled(
            Runs(self.units[rows], lengths), words, rows.astype(np.int32)
        )
        if self.encoded.guests is None:
            return encoded
        return Encoded(
            encoded.ids,
            encoded.offsets,
            encoded.truncated,
            encoded.unknown,
            self.encoded.guests,
        )

    def _units(self) -> Iterator[Occurrence]:
        for place, row in zip(self.read, self.units.tolist(), strict=True):
            name = place.unit if row != UNKNOWN else "(unknown)"
            yield Occurrence(row, name, _pieces([place]), single=True)

    def _unit_grams(self) -> Iterator[Occurrence]:
        grams = self.encoder.grams
        if grams.units is None:
            return
        read, between = self.read, " " if self.encoder.settings.unit == "word" else ""
        for start, length, row in _found(self.units, grams.units):
            stretch = read[start : start + length]
            name = between.join(place.unit for place in stretch)
            row += grams.first_row
            yield Occurrence(row, name, _pieces(stretch), single=False)

    def _character_grams(self) -> Iterator[Occurrence]:
        grams = self.encoder.grams
        if grams.characters is None:
            return
        first = grams.first_row + (grams.units.rows if grams.units else 0)
        known: dict[str, list[tuple[int, int, int]]] = {}
        for place in self.read:
            word = f"{_EDGE}{place.unit}{_EDGE}"
            if word not in known:
                points = np.frombuffer(word.encode("utf-32-le"), dtype=np.int32)
                known[word] = list(_found(points, grams.characters))
            for start, length, row in known[word]:
                letters = place.letters[max(start - 1, 0) : start - 1 + length]
                pieces = tuple((a, b, 1) for a, b in letters)
                name = word[start : start + length].replace(_EDGE, _EDGE_SHOWN)
                yield Occurrence(row + first, name, pieces, single=False)

    def _check(self) -> None:
        """Makes sure that what was taken apart is what the model is given."""
        got = np.array([o.id for o in self.occurrences], dtype=np.int32)
        if self.encoder.settings.distinct:
            got = np.unique(got)
        if not np.array_equal(got, self.encoded.row(0)):
            raise ValueError("a text was taken apart into other ids than the encoder's")


def _ids(units: list[str], encoder: TextEncoder) -> np.ndarray:
    if encoder.settings.unit == "character":
        points = pl.Series([ord(unit) for unit in units], dtype=pl.UInt32)
        return encoder.vocabulary.lookup(points)
    return encoder.vocabulary.lookup(pl.Series(units, dtype=pl.String))


def _pieces(places: list[Place]) -> tuple[_Piece, ...]:
    pieces: list[_Piece] = []
    for place in places:
        if place.end - place.start == len(place.letters):
            pieces.append((place.start, place.end, len(place.letters)))
        else:
            pieces += [(start, end, 1) for start, end in place.letters]
    return tuple(pieces)


def _found(codes: np.ndarray, grams: Ngrams) -> Iterator[tuple[int, int, int]]:
    """Yields the n-grams in a stretch of codes: where, how long, in which row.

    The shorter ones come first. Each window is looked up as a run of its own.
    """
    shortest, longest = grams.lengths
    for length in range(shortest, min(longest, len(codes)) + 1):
        windows = np.lib.stride_tricks.sliding_window_view(codes, length)
        lengths = np.full(len(windows), length, dtype=np.int64)
        starts, rows = grams.find(Runs(windows.ravel(), lengths))[length - shortest]
        for start, row in zip(starts.tolist(), rows.tolist(), strict=True):
            yield start, length, row
