"""A hash table of short byte strings that is searched for many at once."""

import numpy as np

MISSING = -1
_KEY_BYTES = 8
_INSIDE = np.array([2 ** (8 * n) - 1 for n in range(9)], dtype=np.uint64)
_PROBES = 8  # slots that a string may be in
_MIX = np.uint64(0x9E3779B97F4A7C15)  # 2^64 over the golden ratio (Knuth, 6.4)


class Slots:
    """Values of byte strings up to a fixed length.

    A string is kept as 64-bit words and compared in full: an answer is never wrong, but
    a string whose slots others took stays unknown.

    Attributes:
        longest: Most bytes of a string.
    """

    def __init__(self, *, words: int, bits: int) -> None:
        self.longest = words * _KEY_BYTES
        self._shift = np.uint64(64 - bits)
        self._keys = np.zeros((words, 1 << bits), dtype=np.uint64)
        self._values = np.zeros(1 << bits, dtype=np.int32)

    def find(
        self, data: np.ndarray, starts: np.ndarray, sizes: np.ndarray
    ) -> np.ndarray:
        """Returns int32[n] values; -1 for a string that is unknown or too long.

        Args:
            data: uint8[total], at least `longest` bytes beyond the last start.
            starts: int64[n], where each string begins.
            sizes: int64[n], bytes of each string.
        """
        keys = self._keys_of(data, starts, sizes)
        places = self._places(keys)
        values: np.ndarray = self._values.take(places)
        missing = self._differ(keys, places)
        missing |= sizes > self.longest
        rows = np.flatnonzero(missing)
        values[rows] = MISSING
        rows = rows[sizes[rows] <= self.longest]
        near = places[rows]
        for step in range(1, _PROBES):
            taken = self._keys[0].take(near) != 0  # beyond a free slot is nothing
            rows = rows[taken]
            if len(rows) == 0:
                break
            near = places[rows] ^ step
            found = ~self._differ(keys[:, rows], near)
            values[rows[found]] = self._values[near[found]]
            rows, near = rows[~found], near[~found]
        return values

    def add(
        self,
        data: np.ndarray,
        starts: np.ndarray,
        sizes: np.ndarray,
        values: np.ndarray,
    ) -> None:
        """Keeps the values of different strings whose slots are free."""
        keys = self._keys_of(data, starts, sizes)
        places = self._places(keys)
        left = np.arange(len(places), dtype=np.int32)
        for step in range(_PROBES):
            if len(left) == 0:
                break
            near = places[left] ^ step
            free = self._keys[0].take(near) == 0
            self._values[near[free]] = left[free]  # one of rivals stays
            free[free] = self._values[near[free]] == left[free]
            won, slots = left[free], near[free]
            self._keys[:, slots] = keys[:, won]
            self._values[slots] = values[won]
            left = left[~free]

    def _differ(self, keys: np.ndarray, places: np.ndarray) -> np.ndarray:
        """Returns bool[n], whether another key or none is in each slot."""
        differ: np.ndarray = self._keys[0].take(places) != keys[0]
        for known, key in zip(self._keys[1:], keys[1:], strict=True):
            differ |= known.take(places) != key
        return differ

    def _keys_of(
        self, data: np.ndarray, starts: np.ndarray, sizes: np.ndarray
    ) -> np.ndarray:
        """Returns uint64[words, n]: eight complemented bytes a word, 0 beyond the end.

        UTF-8 has no byte 255: no string has the key 0, and no two have the same.
        """
        keys = np.empty((len(self._keys), len(starts)), dtype=np.uint64)
        for index, key in enumerate(keys):
            done = index * _KEY_BYTES
            shape = (len(data) - done - _KEY_BYTES + 1,)
            windows = np.ndarray(shape, "<u8", data, offset=done, strides=(1,))
            np.invert(windows[starts], out=key)
            key &= _INSIDE.take(sizes - done, mode="clip")
        return keys

    def _places(self, keys: np.ndarray) -> np.ndarray:
        mixed = keys[0] * _MIX
        for key in keys[1:]:
            mixed ^= key
            mixed *= _MIX
        mixed >>= self._shift
        return mixed.view(np.int64)
