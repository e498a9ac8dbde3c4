"""Many whole numbers at once: looked up without sorting, gathered part by part."""

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from typing import TypeVar

import numpy as np

_WAITING = 1 << 22
_EMPTY = -1
_LOAD = 2  # slots a key, at least
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)  # 2**64 / golden ratio, made odd


class KeyTable:
    """The places of distinct keys, by open addressing with linear probing.

    A key's first slot is given by Fibonacci hashing (Knuth, TAOCP 3, section 6.4). Each
    round of probing is one pass of NumPy over the keys that are still undecided.

    Args:
        keys: int64[n], distinct and from 0 up.
    """

    def __init__(self, keys: np.ndarray) -> None:
        self._sought = keys
        bits = max(int(_LOAD * len(keys)).bit_length(), 2)
        self._shift, self._mask = np.uint64(64 - bits), (1 << bits) - 1

    @cached_property
    def _slots(self) -> tuple[np.ndarray, np.ndarray]:
        """The key in each slot, and its place."""
        keys = np.full(self._mask + 1, _EMPTY, dtype=np.int64)
        places = np.full(self._mask + 1, -1, dtype=np.int32)
        left = np.arange(len(self._sought), dtype=np.int32)
        slots = self._first(self._sought)
        while len(left):
            free = keys[slots] == _EMPTY
            keys[slots[free]] = self._sought[left[free]]  # the last of rivals stays
            settled = keys[slots] == self._sought[left]
            places[slots[settled]] = left[settled]
            left, slots = left[~settled], (slots[~settled] + 1) & self._mask
        return keys, places

    def find(self, keys: np.ndarray) -> np.ndarray:
        """Returns int32[m], the place of each key, or -1."""
        table, places = self._slots
        slots = self._first(keys)
        seen = table[slots]
        found = np.where(seen == keys, places[slots], np.int32(-1))
        left = np.flatnonzero((seen != keys) & (seen != _EMPTY))
        slots = slots[left]
        while len(left):
            slots = (slots + 1) & self._mask
            seen, sought = table[slots], keys[left]
            hit = seen == sought
            found[left[hit]] = places[slots[hit]]
            on = ~hit & (seen != _EMPTY)
            left, slots = left[on], slots[on]
        return found

    def _first(self, keys: np.ndarray) -> np.ndarray:
        return ((keys.view(np.uint64) * _MULTIPLIER) >> self._shift).view(np.int64)


Part = TypeVar("Part")


def gathered(
    parts: Iterable[Part],
    *,
    nothing: Part,
    join: Callable[[Sequence[Part]], Part],
    size: Callable[[Part], int],
) -> Part:
    """Joins all parts, seldom.

    Parts wait until they are as many as what they are joined to: each number is sorted
    a few times, however many parts there are.
    """
    waiting, added = [nothing], 0
    for part in parts:
        waiting.append(part)
        added += size(part)
        if added > max(size(waiting[0]), _WAITING):
            waiting, added = [join(waiting)], 0
    return join(waiting)
