"""Texts behind other texts, as one column."""

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import overload


class JoinedTexts(Sequence[str]):
    """Two columns of texts, end to end; neither is copied, so each may be on disk."""

    def __init__(self, first: Sequence[str], second: Sequence[str]) -> None:
        self._first, self._second = first, second

    def __len__(self) -> int:
        return len(self._first) + len(self._second)

    @overload
    def __getitem__(self, place: int) -> str: ...
    @overload
    def __getitem__(self, place: slice) -> list[str]: ...
    def __getitem__(self, place: int | slice) -> str | list[str]:
        chosen, border = range(len(self))[place], len(self._first)
        if isinstance(chosen, int):
            if chosen < border:
                return self._first[chosen]
            return self._second[chosen - border]
        if chosen.step != 1:
            return [self[row] for row in chosen]
        start, stop = chosen.start, max(chosen.start, chosen.stop)
        return [
            *self._first[start:stop],
            *self._second[max(start - border, 0) : max(stop - border, 0)],
        ]

    def __iter__(self) -> Iterator[str]:
        return chain(self._first, self._second)
