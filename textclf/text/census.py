"""Counts units over many columns while it keeps a small code for each."""

import numpy as np
import polars as pl

from textclf.text.units import Pieces


class Census:
    """Reads pieces once; afterwards knows the types, their counts and every token.

    A token is kept as a 32-bit code of its type, so a corpus costs four bytes a token
    until the vocabulary is known and the codes become ids.
    """

    def __init__(self) -> None:
        # Categories are forgotten with their last column: the empty one keeps the codes
        # the same from column to column.
        self._coding = pl.Series([], dtype=pl.Categorical(pl.Categories.random()))
        self._codes: list[np.ndarray] = []
        self._lengths: list[np.ndarray] = []
        self._names: dict[int, str] = {}

    def add(self, pieces: Pieces) -> None:
        """Counts the pieces of some texts."""
        if pieces.flat.dtype == pl.String:
            coded = pieces.flat.cast(self._coding.dtype)
            seen = coded.unique()
            names = zip(seen.to_physical(), seen.cast(pl.String), strict=True)
            self._names.update(names)
            codes = coded.to_physical().to_numpy()
        else:
            codes = pieces.flat.to_numpy()
            self._names.update((int(c), chr(c)) for c in np.unique(codes))
        self._codes.append(codes)
        self._lengths.append(pieces.lengths)

    def lengths(self) -> np.ndarray:
        """Returns int64[n], the tokens of every text so far."""
        return np.concatenate([np.zeros(0, dtype=np.int64), *self._lengths])

    def types(self) -> tuple[list[str], np.ndarray]:
        """Returns the different tokens in no particular order, and int64 counts."""
        counts = np.zeros(max(self._names, default=-1) + 1, dtype=np.int64)
        for codes in self._codes:
            counts += np.bincount(codes, minlength=len(counts))
        return list(self._names.values()), counts[list(self._names)]

    def tokens(self, values: np.ndarray) -> np.ndarray:
        """Returns int32[total]: each token's value, given one value a type.

        Args:
            values: int32[types] in the order of `types`.
        """
        table = np.zeros(max(self._names, default=-1) + 1, dtype=np.int32)
        table[list(self._names)] = values
        parts = [table[codes] for codes in self._codes]
        return np.concatenate([np.zeros(0, dtype=np.int32), *parts])
