"""Numbers of one type that are added at the end, in memory or in a file."""

import os
from typing import IO, Any, Protocol

import numpy as np

_LEAST_ROOM = 1 << 14


class Pile(Protocol):
    """Numbers of one type that are added at the end and read by position."""

    def append(self, values: np.ndarray) -> None:
        """Adds values at the end."""

    def read(self, start: int, stop: int) -> np.ndarray:
        """Returns the values of some positions; any thread may ask."""


class MemoryPile:
    """A pile in memory that takes little more room than its values."""

    def __init__(self, dtype: np.dtype[Any]) -> None:
        self._values = np.empty(_LEAST_ROOM, dtype=dtype)
        self._size = 0

    def append(self, values: np.ndarray) -> None:
        """Adds values at the end; views that `read` returned are void if it grows."""
        stop = self._size + len(values)
        if stop > len(self._values):
            # A large block grows without a copy: the system moves its pages.
            room = stop + (stop >> 3) + _LEAST_ROOM
            self._values.resize(room, refcheck=False)
        self._values[self._size : stop] = values
        self._size = stop

    def read(self, start: int, stop: int) -> np.ndarray:
        """Returns a view of some positions."""
        return self._values[start:stop]

    def rewind(self) -> None:
        """Begins at position 0 again; what is not overwritten can still be read."""
        self._size = 0

    def whole(self) -> np.ndarray:
        """Returns all values and gives unused room back; nothing may be added after."""
        self._values.resize(self._size, refcheck=False)
        return self._values


class FilePile:
    """A pile in a file, from a given byte on."""

    def __init__(
        self, stream: IO[bytes], dtype: np.dtype[Any], *, begin: int = 0
    ) -> None:
        self.stream = stream
        self.dtype = dtype
        self._begin = begin
        self._size = 0
        stream.seek(begin)

    def __len__(self) -> int:
        return self._size

    def append(self, values: np.ndarray) -> None:
        """Adds values at the end."""
        self.stream.write(values.astype(self.dtype, copy=False).tobytes())
        self._size += len(values)

    def read(self, start: int, stop: int) -> np.ndarray:
        """Returns a copy of some positions."""
        self.stream.flush()
        size = self.dtype.itemsize
        place = self._begin + start * size
        content = os.pread(self.stream.fileno(), (stop - start) * size, place)
        return np.frombuffer(content, dtype=self.dtype)
