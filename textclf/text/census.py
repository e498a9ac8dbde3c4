"""Numbers the units of a corpus in the order they come, and counts them."""

from threading import Lock

import numpy as np
import polars as pl


class Census:
    """Knows every different unit so far by a code, and how often each was counted.

    A token is kept as the 32-bit code of its type until the vocabulary is known and the
    codes become ids. A word's code follows the order of arrival, which depends on the
    threads; nothing that is learnt does. A character's is its code point.
    """

    def __init__(self) -> None:
        # Categories are forgotten with their last column: the empty one keeps the codes
        # the same from column to column.
        self._coding = pl.Series([], dtype=pl.Categorical(pl.Categories.random()))
        self._lock = Lock()
        self._seen = np.zeros(0, dtype=bool)
        self._words = pl.Series([], dtype=pl.String)
        self._words_codes = [np.zeros(0, dtype=np.uint32)]
        self._counts = np.zeros(0, dtype=np.int64)

    def number(self, units: pl.Series) -> np.ndarray:
        """Returns int32[total] codes of units; any thread may call it."""
        if units.dtype != pl.String:
            return units.to_numpy().astype(np.int32)
        with self._lock:
            codes = units.cast(self._coding.dtype).to_physical().to_numpy()
            self._seen = _reaching(self._seen, codes)
            new = ~self._seen[codes]
            self._seen[codes] = True
            if new.any():
                self._words.append(units.filter(new))
                self._words_codes.append(codes[new])
        return codes.astype(np.int32)

    def count(self, codes: np.ndarray) -> None:
        """Counts tokens, int32[total] codes."""
        self._counts = _reaching(self._counts, codes)
        np.add.at(self._counts, codes, np.int64(1))

    def types(self) -> tuple[pl.Series, np.ndarray]:
        """Returns the different tokens, String[types], and int64[types] counts."""
        codes = np.flatnonzero(self._counts)
        if len(self._words) == 0:
            characters = [chr(code) for code in codes]
            return pl.Series(characters, dtype=pl.String), self._counts[codes]
        _, rows = np.unique(np.concatenate(self._words_codes), return_index=True)
        return self._words.gather(rows), self._counts[codes]

    def table(self, values: np.ndarray) -> np.ndarray:
        """Returns int32[codes]: each code's value, given one value a type.

        Args:
            values: int32[types] in the order of `types`.
        """
        table = np.zeros(len(self._counts), dtype=np.int32)
        table[np.flatnonzero(self._counts)] = values
        return table


def _reaching(array: np.ndarray, codes: np.ndarray) -> np.ndarray:
    """Returns the array, longer if need be, so that every code is a place in it."""
    top = int(codes.max(initial=0)) + 1
    if top <= len(array):
        return array
    return np.concatenate([array, np.zeros(2 * top - len(array), dtype=array.dtype)])
