"""A folder of large things made once: each is there whole and undamaged, or not."""

import contextlib
import json
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from textclf.errors import ConfigError, ResourceError
from textclf.files import (
    locked,
    remove_orphans,
    sha256_of,
    staged_folder,
    write_json,
)
from textclf.progress import SILENT, Progress

Made = TypeVar("Made")

MARK, MANIFEST = "textclf-cache.json", "manifest.json"
_LOCK = ".textclf-lock"
_PREFIX = ".textclf-"  # of the lock and of what is being written
_KEY = "data.cache"
_MEANING = {"what": "cache of textclf; it can be deleted at any time", "format": 1}


@dataclass(frozen=True)
class Cache:
    """The folder that `data.cache` names.

    An entry is a folder with a manifest: the facts that it was made of, and size and
    SHA-256 of each of its files. It appears by one rename and is verified every time
    before it is used; whatever is half-written, damaged or made of other facts is
    replaced. One process at a time works in the folder; what another has opened stays
    readable.
    """

    folder: Path

    @classmethod
    def open(cls, folder: Path) -> "Cache":
        """Makes the folder, or finds it to be a cache.

        Raises:
            ConfigError: It is something else, and is left as it is.
            ResourceError: It cannot be made or read.
        """
        try:
            folder.mkdir(parents=True, exist_ok=True)
            names = [entry.name for entry in folder.iterdir()]
        except FileExistsError as fault:
            raise ConfigError(
                "got a file, expected a folder", where=f"{_KEY}: {folder}"
            ) from fault
        except (OSError, ValueError) as fault:  # ValueError: NUL in the path
            reason = getattr(fault, "strerror", None) or str(fault)
            raise ResourceError(
                f"cannot be used ({reason})",
                where=f"{_KEY}: {folder}",
                fix="set it to a folder that can be written",
            ) from fault
        if all(name.startswith(_PREFIX) for name in names):
            write_json(folder / MARK, _MEANING)
        elif _read(folder / MARK) != _MEANING:
            raise ConfigError(
                "got a folder with other things in it, expected an empty folder or a "
                "cache of this version",
                where=f"{_KEY}: {folder}",
                fix="choose a new folder",
            )
        return cls(folder)

    def kept(
        self,
        name: str,
        facts: Mapping[str, Any],
        *,
        make: Callable[[Path], None],
        read: Callable[[Path], Made],
        progress: Progress = SILENT,
    ) -> Made:
        """Returns what is read from an entry, which is made if need be.

        Args:
            name: The name of the entry, which another with this name gives way to.
            facts: All that decides what the entry holds; ready for JSON.
            make: Writes the entry into an empty folder.
            read: Opens it; called while no other process can replace it.
            progress: Hears whether it was there, and if it was damaged.

        Raises:
            ResourceError: The disk is full or another process uses the cache.
        """
        place = self.folder / name
        with _advised(self.folder), locked(self.folder / _LOCK):
            remove_orphans(self.folder)
            if place.exists():
                fault = _fault(place, facts)
                if fault is None:
                    progress.say(f"read from the cache {place}")
                    return read(place)
                progress.say(f"the cache {place} {fault}, it is made anew")
                shutil.rmtree(place)
            progress.say(f"writing the cache {place}")
            with staged_folder(place) as stage:
                make(stage)
                manifest = {"facts": dict(facts), "members": _members(stage)}
                write_json(stage / MANIFEST, manifest)
            return read(place)


def _members(folder: Path) -> dict[str, dict[str, Any]]:
    return {
        path.relative_to(folder).as_posix(): {
            "bytes": path.stat().st_size,
            "sha256": sha256_of(path),
        }
        for path in sorted(folder.rglob("*"))
        if path != folder / MANIFEST and not path.is_dir()
    }


def _fault(place: Path, facts: Mapping[str, Any]) -> str | None:
    """Says what keeps an entry from being used, if anything does."""
    manifest = _read(place / MANIFEST)
    if not isinstance(manifest, dict) or set(manifest) != {"facts", "members"}:
        return "has no manifest"
    if manifest["facts"] != facts:
        return "is of other data or settings"
    try:
        sound = _members(place) == manifest["members"]
    except OSError:
        sound = False
    return None if sound else "is damaged"


def _read(path: Path) -> Any:
    try:
        return json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return None


@contextlib.contextmanager
def _advised(folder: Path) -> Iterator[None]:
    try:
        yield
    except ResourceError as fault:
        advice = f"free some space there, or set {_KEY} to a folder elsewhere"
        raise ResourceError(
            fault.problem, where=fault.where or str(folder), fix=fault.fix or advice
        ) from fault
