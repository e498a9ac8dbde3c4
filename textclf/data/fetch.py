"""Downloads a named data set, converts it once and keeps it in the user's cache."""

import functools
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from textclf.data.catalogue import Entry, Source
from textclf.data.convert import convert
from textclf.data.download import LIMITS, Limits, download
from textclf.data.locate import VARIABLE, Located, bundled, cached
from textclf.data.room import work_room, writable
from textclf.data.unpack import CAPS, Caps
from textclf.errors import ResourceError, one_of
from textclf.files import sha256_of, staged_folder, sync_folder, write_json
from textclf.progress import SILENT, Progress


def fetch(
    entry: Entry,
    *,
    cache: Path,
    environ: Mapping[str, str] | None = None,
    limits: Limits = LIMITS,
    caps: Caps = CAPS,
    permit: str | None = None,
    unpacked: Sequence[Path] = (),
    progress: Progress = SILENT,
) -> Located:
    """Returns the data set from the cache, after downloading it if need be.

    Whatever happens, `cache/NAME` is there whole or not at all, and nothing else is
    left behind; what a killed process left is removed by the next fetch of that name.

    Args:
        entry: The data set.
        cache: The folder that downloads are kept in (`cache_folder`).
        environ: The environment variables (for a proxy); None: those of the process.
        limits: What each download may take.
        caps: What each archive may unpack to.
        permit: See `Address.parse`: for tests, never from a configuration.
        unpacked: Its files on this machine, in one folder: nothing is downloaded.
        progress: Hears how far it is.

    Raises:
        ArtefactError: An address, a file or an archive is refused.
        DataError: A tree of a treebank is malformed.
        ResourceError: The network or the disk cannot be had, or another process
            fetches the same data set.
    """
    if entry.bundled is not None:
        return bundled(entry)
    with work_room(entry.name, cache=cache) as room:
        found = cached(entry, cache)
        if found is not None:
            return found
        get = functools.partial(
            download,
            environ=os.environ if environ is None else environ,
            limits=limits,
            permit=permit,
            progress=progress,
        )
        if unpacked:
            progress.say(f"{entry.name}: made of the files in {unpacked[0].parent}")
            source, folder = _on_disk(entry, unpacked), unpacked[0].parent
            hashes = {path.name: sha256_of(path) for path in unpacked}
        else:
            source, folder = entry, room
            hashes = _downloads(entry, room, get, cache)
        with staged_folder(room / entry.name) as stage:
            rows = convert(source, folder, stage, caps=caps, progress=progress)
            write_json(stage / "origin.json", _origin(source, hashes, rows))
        _publish(room / entry.name, cache / entry.name, old=room / "old")
    found = cached(entry, cache)
    if found is None:
        raise ResourceError("vanished again", where=str(cache / entry.name))
    return found


def _on_disk(entry: Entry, files: Sequence[Path]) -> Entry:
    """Returns the data set as one of plain files."""
    sources = (Source(path.name, "plain", path.absolute().as_uri()) for path in files)
    return replace(entry, sources=tuple(sources))


def _downloads(
    entry: Entry, room: Path, get: Callable[[Source, Path], str], cache: Path
) -> dict[str, str]:
    """Downloads all sources; returns the hash of each."""
    try:
        return {s.file: get(s, room / s.file) for s in entry.sources}
    except ResourceError as fault:
        raise _with_advice(fault, entry, cache) from fault


def _publish(ready: Path, target: Path, *, old: Path) -> None:
    """Puts the finished folder in its place; an incomplete one that was there goes."""
    with writable(target):
        if target.exists():
            target.rename(old)
        ready.rename(target)
        sync_folder(target.parent)


def _origin(entry: Entry, hashes: Mapping[str, str], rows: Mapping[str, int]) -> object:
    sources = [
        {"address": source.address, "sha256": hashes[source.file]}
        for source in entry.sources
    ]
    return {
        "name": entry.name,
        "sources": sources,
        "rows": dict(rows),
        "licence": entry.licence,
        "citation": entry.citation,
    }


def _with_advice(fault: ResourceError, entry: Entry, cache: Path) -> ResourceError:
    """Says what to do without the network."""
    files = one_of(f"{split}.csv" for split in entry.splits)
    return ResourceError(
        fault.problem,
        where=fault.where,
        fix=f"fetch again into {cache}, or put {files} (columns {entry.text}, "
        f"{entry.label}) into FOLDER/{entry.name} and set {VARIABLE}=FOLDER",
    )
