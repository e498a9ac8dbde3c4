"""Published vectors: found on this machine, or downloaded once into the cache."""

import gzip
import os
import shutil
import zlib
from collections.abc import Mapping
from pathlib import Path

from textclf.data.catalogue import Source
from textclf.data.download import Limits, download
from textclf.data.locate import cache_folder
from textclf.data.room import work_room, writable
from textclf.data.unpack import Caps, unpack_member
from textclf.errors import ArtefactError, ConfigError, ResourceError
from textclf.files import write_whole
from textclf.progress import SILENT, Progress
from textclf.vectors.catalogue import Published

VARIABLE = "TEXTCLF_VECTORS"
"""The environment variable that names a folder of vector files."""

LIMITS = Limits(bytes=8 << 30, seconds=12 * 3600.0)
_CAPS = Caps(member=16 << 30, total=32 << 30)
_BLOCK = 1 << 20


def vectors_cache(environ: Mapping[str, str]) -> Path:
    """Returns where downloaded vectors are kept."""
    return cache_folder(environ).with_name("vectors")


def locate(entry: Published, *, environ: Mapping[str, str]) -> Path | None:
    """Finds vectors in the folder of TEXTCLF_VECTORS, then in the cache.

    A file is found by its published name, with `.gz` behind it too.

    Raises:
        ConfigError: TEXTCLF_VECTORS names no folder.
    """
    folders = [vectors_cache(environ)]
    if named := environ.get(VARIABLE):
        folder = Path(named).expanduser()
        if not folder.is_dir():
            raise ConfigError(
                f"got {os.fspath(folder)!r}, expected an existing folder of vectors",
                where=VARIABLE,
                fix="correct the path, or leave it away to use the cache",
            )
        folders.insert(0, folder)
    names = (entry.file, f"{entry.file}.gz", entry.file.removesuffix(".gz"))
    paths = (folder / name for folder in folders for name in names)
    return next((path for path in paths if path.is_file()), None)


def fetch(
    entry: Published,
    *,
    environ: Mapping[str, str],
    limits: Limits = LIMITS,
    permit: str | None = None,
    progress: Progress = SILENT,
) -> Path:
    """Returns the file of published vectors, after downloading it if need be.

    It appears in the cache whole or not at all; archives are unpacked and removed.

    Args:
        entry: The vectors.
        environ: The environment variables: TEXTCLF_VECTORS, the cache, a proxy.
        limits: What the download may take.
        permit: See `Address.parse`: for tests, never from a configuration.
        progress: Hears how far it is.

    Raises:
        ArtefactError: The address, the file or the archive is refused.
        ConfigError: The vectors have to be downloaded by hand.
        ResourceError: The network or the disk cannot be had.
    """
    if found := locate(entry, environ=environ):
        return found
    cache = vectors_cache(environ)
    if entry.address is None:
        raise ConfigError(
            "cannot be downloaded by a program",
            where=entry.name,
            fix=f"get {entry.file} from {entry.homepage}, put it into FOLDER and set "
            f"{VARIABLE}=FOLDER",
        )
    with work_room(entry.name, cache=cache) as room:
        if found := locate(entry, environ=environ):
            return found
        packed = room / "download"
        source = Source(file=packed.name, form="plain", address=entry.address)
        try:
            download(
                source,
                packed,
                environ=environ,
                limits=limits,
                permit=permit,
                progress=progress,
            )
        except ResourceError as fault:
            raise _with_advice(fault, entry, cache) from fault
        with progress.task(f"unpacking {entry.file}"):
            ready = _unpacked(packed, entry, room)
        with writable(cache):
            return ready.rename(cache / entry.file)


def _unpacked(packed: Path, entry: Published, room: Path) -> Path:
    if entry.form == "plain":
        return packed
    ready = room / entry.file
    with write_whole(ready) as stream:
        if entry.member is not None:
            unpack_member(packed, entry.member, stream, caps=_CAPS)
        else:
            try:
                with gzip.open(packed) as source:
                    shutil.copyfileobj(source, stream, _BLOCK)
            except (OSError, EOFError, zlib.error) as fault:
                raise ArtefactError(
                    f"got damaged gzip data ({fault})",
                    where=entry.address or "",
                    fix="fetch it again",
                ) from fault
    packed.unlink()
    return ready


def _with_advice(fault: ResourceError, entry: Published, cache: Path) -> ResourceError:
    """Says what to do without the network."""
    return ResourceError(
        fault.problem,
        where=fault.where,
        fix=f"fetch again into {cache}, or put {entry.file} into FOLDER and set "
        f"{VARIABLE}=FOLDER",
    )
