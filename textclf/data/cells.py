"""Label cells as small codes: each different cell is kept, and looked at, once."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import overload

import numpy as np
from numpy.typing import NDArray

Codes = NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class Cells(Sequence[str]):
    """The raw label cell of each row, verbatim; equal to any sequence of the same.

    Args:
        kinds: The different cells, in the order in which rows first have them.
        codes: int32[n], the kind of each row.
    """

    kinds: tuple[str, ...]
    codes: Codes

    @classmethod
    def of(cls, raw: Sequence[str]) -> "Cells":
        """Returns any sequence of cells as such."""
        if isinstance(raw, Cells):
            return raw
        coder = CellCoder()
        coder.extend(raw)
        return coder.cells()

    def __len__(self) -> int:
        return len(self.codes)

    @overload
    def __getitem__(self, place: int) -> str: ...
    @overload
    def __getitem__(self, place: slice) -> list[str]: ...
    def __getitem__(self, place: int | slice) -> str | list[str]:
        if isinstance(place, slice):
            return [self.kinds[code] for code in self.codes[place].tolist()]
        return self.kinds[self.codes[place]]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]

    def take(self, rows: NDArray[np.int64]) -> "Cells":
        """Returns the cells of these rows; what none of them has is forgotten."""
        codes = self.codes[rows]
        first = np.full(len(self.kinds), len(codes))
        # The last of repeated assignments stays: the first row of each kind.
        first[codes[::-1]] = np.arange(len(codes))[::-1]
        order = np.argsort(first, kind="stable")[: int((first < len(codes)).sum())]
        renumbered = np.zeros(len(self.kinds), dtype=np.int32)
        renumbered[order] = np.arange(len(order))
        return Cells(tuple(self.kinds[at] for at in order), renumbered[codes])


class CellCoder:
    """Codes cells as they come, block after block."""

    def __init__(self) -> None:
        self._known: dict[str, int] = {}
        self._parts = [np.zeros(0, dtype=np.int32)]

    def extend(self, cells: Iterable[str]) -> None:
        """Appends cells."""
        known = self._known
        codes = [known.setdefault(cell, len(known)) for cell in cells]
        self._parts.append(np.asarray(codes, dtype=np.int32))

    def cells(self) -> Cells:
        """Returns all cells so far."""
        return Cells(tuple(self._known), np.concatenate(self._parts))


@dataclass(frozen=True, eq=False)
class LabelSets(Sequence[tuple[str, ...]]):
    """The labels of each row: one, or for multi-label any number.

    Args:
        kinds: The labels of each different cell, as `Cells.kinds`.
        codes: int32[n], the kind of each row.
    """

    kinds: tuple[tuple[str, ...], ...]
    codes: Codes

    def __len__(self) -> int:
        return len(self.codes)

    @overload
    def __getitem__(self, place: int) -> tuple[str, ...]: ...
    @overload
    def __getitem__(self, place: slice) -> list[tuple[str, ...]]: ...
    def __getitem__(
        self, place: int | slice
    ) -> tuple[str, ...] | list[tuple[str, ...]]:
        if isinstance(place, slice):
            return [self.kinds[code] for code in self.codes[place].tolist()]
        return self.kinds[self.codes[place]]

    def counts(self) -> Counter[str]:
        """Returns how many rows have each label, in the order of first occurrence."""
        numbers = np.bincount(self.codes, minlength=len(self.kinds)).tolist()
        counts: Counter[str] = Counter()
        for names, number in zip(self.kinds, numbers, strict=True):
            for name in names:
                counts[name] += number
        return counts
