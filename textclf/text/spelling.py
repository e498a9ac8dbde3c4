"""How counted types are written in the units of a vocabulary."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from textclf.text.encoded import offsets_of, spans
from textclf.text.subword import Subwords
from textclf.text.vocabulary import Vocabulary


@dataclass(frozen=True)
class Spelling:
    """Each type of a census as one or more units.

    Attributes:
        units: String, the names of the units.
        rows: int32[total] into `units`, type after type.
        lengths: int64[types], the units of each type; all one unless subwords are used.
    """

    units: pl.Series
    rows: np.ndarray
    lengths: np.ndarray

    @classmethod
    def of(cls, types: pl.Series, subwords: Subwords | None) -> "Spelling":
        """Spells the types by subwords, or each as itself."""
        if subwords is None:
            n = len(types)
            return cls(types, np.arange(n, dtype=np.int32), np.ones(n, dtype=np.int64))
        units = pl.Series(subwords.pieces, dtype=pl.String)
        return cls(units, *subwords.split(types.to_list()))

    @property
    def one_to_one(self) -> bool:
        """Whether every type is one unit."""
        return bool((self.lengths == 1).all())

    def counts(self, type_counts: np.ndarray) -> np.ndarray:
        """Returns int64[units], given how often each type was seen."""
        weights = np.repeat(type_counts, self.lengths)
        totals = np.bincount(self.rows, weights=weights, minlength=len(self.units))
        return np.rint(totals).astype(np.int64)

    def ids(self, vocabulary: Vocabulary) -> np.ndarray:
        """Returns int32[total], the ids of `rows`."""
        ids: np.ndarray = vocabulary.lookup(self.units)[self.rows]
        return ids

    def spread(
        self, ids: np.ndarray, types: np.ndarray, lengths: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """Writes texts of types as the ids of their units.

        Args:
            ids: int32[total], one for each of `rows`.
            types: int32[tokens], the types of the texts end to end.
            lengths: int64[n], types of each text.

        Returns:
            The ids end to end and int64[n], the ids of each text.
        """
        sizes = self.lengths[types]
        ends = offsets_of(sizes)[offsets_of(lengths)]
        return ids[spans(offsets_of(self.lengths)[types], sizes)], np.diff(ends)
