"""Texts that stay on disk: read block by block, never all in memory."""

import os
import weakref
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Self, overload

import numpy as np
from numpy.typing import NDArray

from textclf.errors import ResourceError

Indices = NDArray[np.int64]

_OFFSETS = ".offsets.npy"
_BLOCK = 4096
# Rows so far apart that reading what lies between them would cost more than it saves.
_SPARSE = 4


class StoredTexts(Sequence[str]):
    """Texts in one UTF-8 file, in the order of the file or of chosen rows.

    Bytes are read when they are asked for, so that neither the texts nor the pages of
    the file count as memory of this process. A slice is a list; `take` is a view. What
    was opened stays readable when another process replaces the file.
    """

    def __init__(
        self, file: "_File", offsets: Indices, rows: Indices | None = None
    ) -> None:
        self._file, self._offsets, self._rows = file, offsets, rows

    @classmethod
    def open(cls, path: Path) -> Self:
        """Opens what `TextsWriter` wrote."""
        return cls(_File(path), np.load(_offsets_of(path)))

    def __len__(self) -> int:
        return len(self._offsets) - 1 if self._rows is None else len(self._rows)

    @overload
    def __getitem__(self, place: int) -> str: ...
    @overload
    def __getitem__(self, place: slice) -> list[str]: ...
    def __getitem__(self, place: int | slice) -> str | list[str]:
        chosen = range(len(self))[place]
        if isinstance(chosen, int):
            return self._texts(range(chosen, chosen + 1))[0]
        blocks = range(0, len(chosen), _BLOCK)
        return [t for at in blocks for t in self._texts(chosen[at : at + _BLOCK])]

    def __iter__(self) -> Iterator[str]:
        for start in range(0, len(self), _BLOCK):
            yield from self[start : start + _BLOCK]

    def take(self, rows: Indices) -> "StoredTexts":
        """Returns the view of these rows, in this order."""
        rows = rows if self._rows is None else self._rows[rows]
        return StoredTexts(self._file, self._offsets, rows)

    def _texts(self, places: range) -> list[str]:
        """Returns the texts at some places, by one read where they lie together."""
        rows = np.arange(places.start, places.stop, places.step)
        rows = rows if self._rows is None else self._rows[rows]
        starts, stops = self._offsets[rows], self._offsets[rows + 1]
        first, last = int(starts.min()), int(stops.max())
        spans = zip(starts.tolist(), stops.tolist(), strict=True)
        if last - first > _SPARSE * int((stops - starts).sum()):
            return [_decoded(self._file.read(start, stop)) for start, stop in spans]
        block = self._file.read(first, last)
        return [_decoded(block[start - first : stop - first]) for start, stop in spans]


class TextsWriter:
    """Writes texts end to end into a new file, and where each begins beside it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._stream = path.open("xb")
        self._lengths = [np.zeros(1, dtype=np.int64)]

    def extend(self, texts: Iterable[str]) -> None:
        """Appends texts."""
        cells = [text.encode("utf-8", "surrogatepass") for text in texts]
        self._lengths.append(np.fromiter(map(len, cells), np.int64, len(cells)))
        self._stream.write(b"".join(cells))

    def close(self) -> None:
        """Completes both files; without it there is nothing to open."""
        self._stream.close()
        np.save(_offsets_of(self._path), np.cumsum(np.concatenate(self._lengths)))


class _File:
    """A file that is open as long as somebody may read from it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._number = os.open(path, os.O_RDONLY)
        weakref.finalize(self, os.close, self._number)

    def read(self, start: int, stop: int) -> bytes:
        """Returns the bytes from one position to another."""
        parts = []
        while start < stop:  # one read gives 2 GB at most
            part = os.pread(self._number, stop - start, start)
            if not part:
                raise ResourceError(
                    "was cut short while it was read", where=str(self._path)
                )
            parts.append(part)
            start += len(part)
        return parts[0] if len(parts) == 1 else b"".join(parts)


def chosen(texts: Sequence[str], rows: Indices) -> Sequence[str]:
    """Returns the texts of these rows: a view of stored texts, else a list."""
    if isinstance(texts, StoredTexts):
        return texts.take(rows)
    return [texts[row] for row in rows.tolist()]


def _offsets_of(path: Path) -> Path:
    return path.with_name(path.name + _OFFSETS)


def _decoded(cell: bytes) -> str:
    return cell.decode("utf-8", "surrogatepass")
