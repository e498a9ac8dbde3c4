"""The bytes of a vector file, plain or gzip, read once from front to back."""

import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from textclf.errors import ArtefactError
from textclf.files import check_regular

BLOCK = 1 << 20
_GZIP = b"\x1f\x8b"


class Unpacked:
    """A stream of bytes that knows its place and unpacks gzip by its magic bytes.

    Attributes:
        path: The file.
        size: Its bytes on disk.
        packed: Whether it is gzip.
        offset: How many unpacked bytes were read.
    """

    def __init__(self, path: Path, raw: BinaryIO, *, size: int) -> None:
        self.path = path
        self.size = size
        self.packed = raw.read(len(_GZIP)) == _GZIP
        self.offset = 0
        self._raw = raw
        raw.seek(0)
        self._stream = gzip.GzipFile(fileobj=raw) if self.packed else raw

    @property
    def consumed(self) -> int:
        """Bytes on disk that were read so far."""
        return self._raw.tell()

    def read(self, most: int = BLOCK) -> bytes:
        """Returns the next bytes: as many as asked for, fewer only at the end.

        Raises:
            ArtefactError: The gzip data is cut or damaged, or the disk cannot be read.
        """
        try:
            data = self._stream.read(most)
        except EOFError as fault:
            raise self._fault("the gzip data is cut off", fault) from fault
        except (gzip.BadGzipFile, zlib.error) as fault:
            raise self._fault("the gzip data is damaged", fault) from fault
        except OSError as fault:
            raise self._fault("cannot be read", fault) from fault
        self.offset += len(data)
        return data

    def place(self, offset: int | None = None) -> str:
        """Names a place for messages; `offset` counts unpacked bytes."""
        kind = "unpacked byte" if self.packed else "byte"
        return f"{kind} {self.offset if offset is None else offset:,}"

    def _fault(self, problem: str, fault: Exception) -> ArtefactError:
        return ArtefactError(
            f"{problem} near byte {self.consumed:,} of {self.size:,} ({fault})",
            where=str(self.path),
            fix="get the file again",
        )


@contextmanager
def unpacked(path: Path) -> Iterator[Unpacked]:
    """Opens a vector file.

    Raises:
        ArtefactError: The path is missing, no regular file, unreadable or empty.
    """
    size = check_regular(path, ArtefactError)
    if size == 0:
        raise ArtefactError("got an empty file, expected vectors", where=str(path))
    with path.open("rb") as raw:
        yield Unpacked(path, raw, size=size)
