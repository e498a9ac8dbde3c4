"""Room in the user's cache for one download at a time."""

import contextlib
import shutil
from collections.abc import Iterator
from pathlib import Path

from textclf.errors import ResourceError
from textclf.files import locked

_WORK = ".work"


@contextlib.contextmanager
def work_room(name: str, *, cache: Path) -> Iterator[Path]:
    """Yields an empty folder for what is named alone, and removes it afterwards.

    Raises:
        ResourceError: It cannot be made, or another process has it.
    """
    work = _made(cache / _WORK)
    lock = work / f"{name}.lock"
    with writable(lock):
        lock.touch()
    with locked(lock):
        room = work / name
        shutil.rmtree(room, ignore_errors=True)
        try:
            yield _made(room)
        finally:
            shutil.rmtree(room, ignore_errors=True)


@contextlib.contextmanager
def writable(path: Path) -> Iterator[None]:
    """Turns a path of the cache that cannot be written into our error."""
    try:
        yield
    except OSError as fault:
        raise ResourceError(
            f"cannot be written ({fault.strerror or fault})",
            where=str(path),
            fix="set XDG_CACHE_HOME to a folder that can be written",
        ) from fault


def _made(folder: Path) -> Path:
    with writable(folder):
        folder.mkdir(parents=True, exist_ok=True)
    return folder
