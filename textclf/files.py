"""Files written whole or not at all, and read with care."""

import contextlib
import fcntl
import hashlib
import json
import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from textclf.errors import ConfigError, ResourceError, TextclfError

_TEMPORARY = ".textclf-tmp-"


def check_regular(
    path: Path, error: type[TextclfError], *, max_bytes: int | None = None
) -> int:
    """Returns the size in bytes of a regular file.

    Raises:
        TextclfError: Of the type `error`: the path is missing, is a folder, a pipe or a
            device, cannot be read, or is larger than `max_bytes`.
    """
    try:
        status = path.stat()
    except (OSError, ValueError) as fault:
        reason = getattr(fault, "strerror", None) or str(fault)
        raise error(f"cannot be read ({reason})", where=str(path)) from fault
    if not stat.S_ISREG(status.st_mode):
        kind = (
            "a folder" if stat.S_ISDIR(status.st_mode) else "a pipe, device or socket"
        )
        raise error(f"got {kind}, expected a file", where=str(path))
    if max_bytes is not None and status.st_size > max_bytes:
        raise error(
            f"got {status.st_size:,} bytes, allowed are {max_bytes:,}", where=str(path)
        )
    if not os.access(path, os.R_OK):
        raise error("no permission to read", where=str(path))
    return status.st_size


def sha256_of(path: Path) -> str:
    """Returns the SHA-256 of a file's bytes as lower-case hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def canonical_json(value: Any) -> str:
    """Returns the one JSON form that hashes are taken of: sorted keys, no spaces."""
    return json.dumps(
        value,
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
        allow_nan=False,
    )


def write_json(path: Path, value: Any, *, indent: int | None = 2) -> None:
    """Writes JSON in UTF-8, whole or not at all."""
    text = json.dumps(value, ensure_ascii=False, indent=indent, allow_nan=False)
    write_text(path, text + "\n")


def write_text(path: Path, text: str) -> None:
    """Writes UTF-8 text with LF line ends, whole or not at all.

    A lone surrogate, as in a file name that is no UTF-8, is written as `\\udcff`: its
    escape in JSON.
    """
    with write_whole(path) as stream:
        stream.write(text.encode("utf-8", "backslashreplace"))


@contextlib.contextmanager
def write_whole(path: Path) -> Iterator[IO[bytes]]:
    """Opens a binary stream whose content appears at `path` only when all went well.

    The bytes go to a temporary file beside `path`, are flushed to disk, and the file is
    renamed; after a fault the temporary file is removed and `path` is what it was. Only
    if the folder cannot be flushed after the rename, `path` is new although it raises.

    Raises:
        ResourceError: The disk is full or a limit on file sizes was reached.
    """
    with _storage_faults(path):
        descriptor, name = tempfile.mkstemp(prefix=_TEMPORARY, dir=path.parent)
        temporary = Path(name)
        try:
            with os.fdopen(descriptor, "wb") as stream:
                yield stream
                stream.flush()
                os.fsync(stream.fileno())
            temporary.chmod(0o666 & ~_umask())
            temporary.replace(path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
        sync_folder(path.parent)


@contextlib.contextmanager
def staged_folder(path: Path) -> Iterator[Path]:
    """Yields an empty folder that appears at `path` by one rename when all went well.

    Raises:
        ConfigError: `path` exists already.
        ResourceError: The disk is full.
    """
    with _storage_faults(path):
        if path.exists():
            raise ConfigError(
                "exists already", where=str(path), fix="choose another folder"
            )
        stage = Path(tempfile.mkdtemp(prefix=_TEMPORARY, dir=path.parent))
        try:
            yield stage
            stage.chmod(0o777 & ~_umask())
            for member in (*stage.rglob("*"), stage):
                _sync(member)
            stage.rename(path)
        except BaseException:
            shutil.rmtree(stage, ignore_errors=True)
            raise
        sync_folder(path.parent)


def remove_orphans(folder: Path) -> int:
    """Removes what a killed process left half-written in `folder`; returns how many."""
    orphans = [entry for entry in folder.iterdir() if is_temporary(entry.name)]
    for orphan in orphans:
        if orphan.is_dir() and not orphan.is_symlink():
            shutil.rmtree(orphan, ignore_errors=True)
        else:
            orphan.unlink(missing_ok=True)
    return len(orphans)


def is_temporary(name: str) -> bool:
    """Tells whether a name is that of something half-written."""
    return name.startswith(_TEMPORARY)


def sync_folder(folder: Path) -> None:
    """Makes a rename inside `folder` survive a loss of power."""
    _sync(folder)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Holds an exclusive lock on the file `path`, which is created if need be.

    Raises:
        ResourceError: Another process holds it, or the file cannot be opened.
    """
    with _storage_faults(path):
        file = path.open("a+b")
    with file as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as fault:
            raise ResourceError(
                "in use by another process",
                where=str(path.parent),
                fix="wait for it to end or choose another folder",
            ) from fault
        yield


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


@contextlib.contextmanager
def _storage_faults(path: Path) -> Iterator[None]:
    """Turns faults of the file system into errors that name the place."""
    if "\0" in str(path):
        raise ResourceError("cannot be written (NUL in the path)", where=str(path))
    try:
        yield
    except OSError as fault:
        reason = fault.strerror or str(fault)
        raise ResourceError(f"cannot be written ({reason})", where=str(path)) from fault
