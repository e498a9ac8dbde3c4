"""A column of texts as one array of bytes."""

from dataclasses import dataclass

import numpy as np
import polars as pl

PADDING = 32


@dataclass(frozen=True)
class Utf8:
    """Texts in UTF-8, end to end.

    Attributes:
        padded: uint8[total + PADDING], the texts and some zeros.
        offsets: int64[n + 1], from 0 to total, never falling.
    """

    padded: np.ndarray
    offsets: np.ndarray

    @classmethod
    def of(cls, column: pl.Series) -> "Utf8":
        """Copies the texts of a column."""
        arrow = column.to_arrow(compat_level=pl.CompatLevel.oldest())
        _, places, content = arrow.buffers()
        offsets = np.frombuffer(places, dtype=np.int64)[arrow.offset :]
        offsets = offsets[: len(arrow) + 1]
        first, last = int(offsets[0]), int(offsets[-1])
        padded = np.zeros(last - first + PADDING, dtype=np.uint8)
        if last > first:
            padded[:-PADDING] = np.frombuffer(content, dtype=np.uint8)[first:last]
        return cls(padded, offsets - first)

    def __len__(self) -> int:
        return len(self.offsets) - 1

    @property
    def data(self) -> np.ndarray:
        """uint8[total], the texts alone."""
        return self.padded[:-PADDING]

    def to_list(self) -> list[str]:
        """Returns the texts."""
        text, places = self.data.tobytes(), self.offsets.tolist()
        return [text[a:b].decode() for a, b in zip(places, places[1:], strict=False)]

    def beyond_ascii(self) -> np.ndarray:
        """Returns int64 rows, rising, of the texts that are not all ASCII."""
        if self.data.max(initial=0) < 0x80:
            return np.zeros(0, dtype=np.int64)
        places = np.flatnonzero(self.data >= 0x80)
        return np.unique(np.searchsorted(self.offsets, places, side="right") - 1)

    def replaced(self, rows: np.ndarray, others: "Utf8") -> "Utf8":
        """Returns the texts with others in some rows, which rise."""
        sizes, segments, done = np.diff(self.offsets), [], 0
        sizes[rows] = np.diff(others.offsets)
        begins, ends = self.offsets[rows].tolist(), self.offsets[rows + 1].tolist()
        places = others.offsets.tolist()
        for row, (begin, end) in enumerate(zip(begins, ends, strict=True)):
            segments.append(self.padded[done:begin])
            segments.append(others.padded[places[row] : places[row + 1]])
            done = end
        padded = np.concatenate([*segments, self.padded[done:]])
        return Utf8(padded, np.concatenate([[0], np.cumsum(sizes)]))
