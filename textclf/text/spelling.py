"""How counted types are written in the units of a vocabulary."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from textclf.text.census import Census
from textclf.text.encoded import offsets_of, spans
from textclf.text.subword import Subwords
from textclf.text.vocabulary import UNKNOWN, Vocabulary


@dataclass(frozen=True)
class Spelling:
    """Each type of a census as one or more units.

    Attributes:
        units: The names of the units.
        rows: int32[total] into `units`, type after type.
        lengths: int64[types], the units of each type; all one unless subwords are used.
    """

    units: Sequence[str]
    rows: np.ndarray
    lengths: np.ndarray

    @classmethod
    def of(cls, types: Sequence[str], subwords: Subwords | None) -> "Spelling":
        """Spells the types by subwords, or each as itself."""
        if subwords is None:
            n = len(types)
            return cls(types, np.arange(n, dtype=np.int32), np.ones(n, dtype=np.int64))
        return cls(subwords.pieces, *subwords.split(types))

    def counts(self, type_counts: np.ndarray) -> np.ndarray:
        """Returns int64[units], given how often each type was seen."""
        weights = np.repeat(type_counts, self.lengths)
        totals = np.bincount(self.rows, weights=weights, minlength=len(self.units))
        return np.rint(totals).astype(np.int64)

    def spell(
        self, vocabulary: Vocabulary, census: Census
    ) -> tuple[np.ndarray, np.ndarray]:
        """Returns int32[total] ids of a census' texts and their int64[n] lengths."""
        known = vocabulary.ids
        unit_ids = np.array([known.get(u, UNKNOWN) for u in self.units], dtype=np.int32)
        ids = unit_ids[self.rows]
        if len(self.rows) == len(self.lengths):
            return census.tokens(ids), census.lengths()
        tokens = census.tokens(np.arange(len(self.lengths), dtype=np.int32))
        sizes = self.lengths[tokens]
        starts = offsets_of(self.lengths)[tokens]
        ends = offsets_of(sizes)[offsets_of(census.lengths())]
        return ids[spans(starts, sizes)], np.diff(ends)
