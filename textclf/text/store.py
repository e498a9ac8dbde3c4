"""Encoded texts that grow chunk by chunk, in memory or in the files of a folder."""

import contextlib
import struct
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.lib import format as npy

from textclf.errors import ArtefactError
from textclf.files import check_regular, staged_folder
from textclf.text.encoded import Encoded
from textclf.text.piles import FilePile, MemoryPile, Pile

_MEMBERS: dict[str, np.dtype[Any]] = {
    "ids": np.dtype("<i4"),
    "offsets": np.dtype("<i8"),
    "truncated": np.dtype("?"),
    "unknown": np.dtype("<f4"),
}
_HEADER_BYTES = 128


class Store:
    """Collects encoded texts; made by `open_store`."""

    def __init__(
        self, folder: Path | None, stage: Path | None, files: contextlib.ExitStack
    ) -> None:
        self._folder = folder
        self._stage = stage
        self._files = files
        self._piles = {name: self._member(name) for name in _MEMBERS}
        self._piles["offsets"].append(np.zeros(1, dtype=np.int64))
        self._total = 0

    def append(self, part: Encoded) -> None:
        """Adds texts at the end."""
        self._piles["ids"].append(part.ids)
        self._piles["offsets"].append(part.offsets[1:] + self._total)
        self._piles["truncated"].append(part.truncated)
        self._piles["unknown"].append(part.unknown)
        self._total += len(part.ids)

    def pile(self, dtype: np.dtype[Any]) -> Pile:
        """Returns an empty pile that is gone when the store is closed."""
        if self._stage is None:
            return MemoryPile(dtype)
        stream = tempfile.TemporaryFile(dir=self._stage)  # noqa: SIM115
        return FilePile(self._files.enter_context(stream), dtype)

    def reuse(self, pile: Pile) -> None:
        """Lets the ids overwrite a pile in memory that is read ahead of them."""
        if isinstance(pile, MemoryPile):
            pile.rewind()
            self._piles["ids"] = pile

    def finish(self) -> None:
        """Completes the files of a store in a folder."""
        for pile in self._piles.values():
            if isinstance(pile, FilePile):
                pile.stream.seek(0)
                pile.stream.write(_header(pile.dtype, len(pile)))

    def encoded(self) -> Encoded:
        """Returns all texts of a closed store; nothing may be added after."""
        if self._folder is not None:
            return load_encoded(self._folder)
        arrays = {
            name: pile.whole()
            for name, pile in self._piles.items()
            if isinstance(pile, MemoryPile)
        }
        return Encoded(**arrays)

    def _member(self, name: str) -> Pile:
        if self._stage is None:
            return MemoryPile(_MEMBERS[name])
        stream = self._files.enter_context((self._stage / f"{name}.npy").open("w+b"))
        return FilePile(stream, _MEMBERS[name], begin=_HEADER_BYTES)


@contextlib.contextmanager
def open_store(folder: Path | None) -> Iterator[Store]:
    """Opens a store in memory, or one that appears as `folder` when all went well.

    Raises:
        ConfigError: The folder exists already.
        ResourceError: The disk is full.
    """
    with contextlib.ExitStack() as outer, contextlib.ExitStack() as files:
        stage = outer.enter_context(staged_folder(folder)) if folder else None
        store = Store(folder, stage, files)
        yield store
        store.finish()


def load_encoded(folder: Path) -> Encoded:
    """Opens encoded texts that `open_store` wrote, without reading the ids.

    Raises:
        ArtefactError: A file is missing, is damaged or does not fit the others.
    """
    arrays = {
        name: _mapped(folder / f"{name}.npy", _MEMBERS[name]) for name in _MEMBERS
    }
    try:
        return Encoded(**arrays)
    except ValueError as fault:
        raise ArtefactError(
            f"got encoded texts that do not fit together ({fault})", where=str(folder)
        ) from fault


def _mapped(path: Path, dtype: np.dtype[Any]) -> np.ndarray:
    """Returns a read-only array on the file's pages."""
    size = check_regular(path, ArtefactError)
    with path.open("rb") as stream:
        header = stream.read(_HEADER_BYTES)
    count = (size - _HEADER_BYTES) // dtype.itemsize
    expected = _header(dtype, count)
    if header != expected or size != len(expected) + count * dtype.itemsize:
        raise ArtefactError(
            f"got {size:,} bytes that are no whole array of {dtype.name}",
            where=str(path),
        )
    if count == 0:
        return np.zeros(0, dtype=dtype)
    return np.asarray(np.load(path, mmap_mode="r", allow_pickle=False))


def _header(dtype: np.dtype[Any], count: int) -> bytes:
    """Returns the header of an .npy file, of the same size for every count."""
    form = {"descr": npy.dtype_to_descr(dtype), "fortran_order": False}
    text = str(form | {"shape": (count,)})
    body = text.ljust(_HEADER_BYTES - len(npy.magic(1, 0)) - 3) + "\n"
    return npy.magic(1, 0) + struct.pack("<H", len(body)) + body.encode("ascii")
