"""Many texts as one flat array of ids."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Encoded:
    """Texts as ids, end to end, without padding (the layout of Arrow lists and CSR).

    Attributes:
        ids: int32[total]; the ids of text i are `ids[offsets[i]:offsets[i + 1]]`.
        offsets: int64[n + 1], from 0 to total, never falling.
        truncated: bool[n], whether a part of the text was left out.
        unknown: float32[n], share of a text's units that the vocabulary lacks.
        guests: float32[g, dim], vectors of unknown words whose ids follow those of the
            vocabulary; None where there are none.
    """

    ids: np.ndarray
    offsets: np.ndarray
    truncated: np.ndarray
    unknown: np.ndarray
    guests: np.ndarray | None = None

    def __post_init__(self) -> None:
        n = len(self.offsets) - 1
        if n < 0 or self.offsets[0] != 0 or self.offsets[-1] != len(self.ids):
            raise ValueError(f"offsets must run from 0 to {len(self.ids)}")
        if (np.diff(self.offsets) < 0).any():
            raise ValueError("offsets must never fall")
        if len(self.truncated) != n or len(self.unknown) != n:
            raise ValueError(f"truncated and unknown must have {n} values")

    def __len__(self) -> int:
        return len(self.offsets) - 1

    @property
    def lengths(self) -> np.ndarray:
        """int64[n], the ids of each text."""
        return np.diff(self.offsets)

    @property
    def empty(self) -> np.ndarray:
        """bool[n], whether nothing of a text remained."""
        return self.lengths == 0

    def part(self, start: int, stop: int) -> "Encoded":
        """Returns the texts from `start` to before `stop`."""
        offsets = self.offsets[start : stop + 1]
        return Encoded(
            self.ids[offsets[0] : offsets[-1]],
            offsets - offsets[0],
            self.truncated[start:stop],
            self.unknown[start:stop],
            self.guests,
        )

    def below(self, bound: int) -> "Encoded":
        """Returns the texts without ids from `bound` on."""
        return self._with(self.ids < bound, 0)

    def apart(self, rows: int) -> tuple["Encoded", "Encoded"]:
        """Returns the texts without guests, and their guests alone, counted from 0.

        Args:
            rows: Of the table that the other ids are rows of.
        """
        guests = self.ids >= rows
        return self._with(~guests, 0), self._with(guests, rows)

    def _with(self, kept: np.ndarray, first: int) -> "Encoded":
        before = np.concatenate([[0], np.cumsum(kept, dtype=np.int64)])
        ids = self.ids[kept] - np.int32(first)
        return Encoded(ids, before[self.offsets], self.truncated, self.unknown)

    def row(self, index: int) -> np.ndarray:
        """Returns the ids of one text."""
        return self.ids[self.offsets[index] : self.offsets[index + 1]]


def offsets_of(lengths: np.ndarray) -> np.ndarray:
    """Returns int64[n + 1] offsets of consecutive pieces of the given lengths."""
    return np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)


def spans(starts: np.ndarray, lengths: np.ndarray) -> np.ndarray:
    """Returns the positions of many spans, end to end: int64[sum(lengths)].

    >>> spans(np.array([5, 0]), np.array([2, 3])).tolist()
    [5, 6, 0, 1, 2]
    """
    shifts = np.repeat(starts - offsets_of(lengths)[:-1], lengths)
    return np.arange(len(shifts), dtype=np.int64) + shifts


def shorten(
    ids: np.ndarray, lengths: np.ndarray, *, limit: int, keep: str
) -> np.ndarray:
    """Returns the flat ids without those of each text that are over the limit.

    Args:
        ids: int32[total], text after text.
        lengths: int64[n], ids of each text.
        limit: Most ids kept of a text.
        keep: `head`, `tail` or `head_tail` (both ends, the first the larger half).
    """
    long = np.flatnonzero(lengths > limit)
    if len(long) == 0:
        return ids
    tail = {"head": 0, "tail": limit, "head_tail": limit // 2}[keep]
    ends = np.cumsum(lengths)[long]
    begins = np.concatenate([[0], ends - tail])
    stops = np.concatenate([ends - lengths[long] + limit - tail, [len(ids)]])
    kept = zip(begins.tolist(), stops.tolist(), strict=True)
    return np.concatenate([ids[begin:stop] for begin, stop in kept])
