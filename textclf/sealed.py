"""Folders whose files are known by their hashes, which a sealed manifest holds."""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Set
from pathlib import Path
from typing import Any, TypeVar

from textclf.errors import ArtefactError, one_of
from textclf.files import canonical_json, check_regular, sha256_of, write_json

MANIFEST = "manifest.json"

_SEAL = "sha256"
"""The manifest's key for the hash of all its other keys."""

_MAX_JSON = 1 << 30

_Part = TypeVar("_Part")


def write_manifest(
    folder: Path, facts: Mapping[str, Any], names: Iterable[str]
) -> None:
    """Writes down facts and the hashes of files, and seals them.

    Args:
        folder: Where the files are.
        facts: What else is to be known.
        names: The files.
    """
    members = {
        name: {
            "sha256": sha256_of(folder / name),
            "bytes": (folder / name).stat().st_size,
        }
        for name in names
    }
    told = {**facts, "members": members}
    write_json(folder / MANIFEST, told | {_SEAL: json_sha256(told)})


def read_manifest(folder: Path, *, oldest: int, newest: int) -> dict[str, Any]:
    """Reads the manifest of a folder.

    Args:
        folder: What `write_manifest` sealed.
        oldest: The first format that is understood.
        newest: The last one.

    Raises:
        ArtefactError: There is none, it was changed, or is of another format.
    """
    if not folder.is_dir():
        raise ArtefactError("got no bundle here, expected a folder", where=str(folder))
    path = folder / MANIFEST
    manifest = read_json(path)
    version = manifest.get("format") if isinstance(manifest, dict) else None
    if type(version) is not int or version < 1:
        raise ArtefactError("got no format number", where=str(path))
    if version > newest:
        raise ArtefactError(
            f"got bundle format {version}, which needs a newer textclf; expected at "
            f"most format {newest}",
            where=str(path),
            fix=f"install textclf {manifest.get('textclf') or '(newest)'}",
        )
    if version < oldest:
        raise ArtefactError(
            f"got bundle format {version} of an older textclf, expected format "
            f"{oldest} to {newest}",
            where=str(path),
            fix="train again with the configuration of its run",
        )
    try:
        sealed = manifest.pop(_SEAL, None) == json_sha256(manifest)
    except (ValueError, RecursionError):  # what our JSON never holds: NaN, "\ud800"
        sealed = False
    if not sealed:
        raise ArtefactError("got a manifest that was changed", where=str(path))
    return manifest


def check_members(
    folder: Path,
    manifest: Mapping[str, Any],
    wanted: Set[str],
    *,
    further: Set[str] = frozenset(),
) -> None:
    """Compares the files of a folder with what its manifest says of them.

    Args:
        folder: Where they are.
        manifest: What was read from there.
        wanted: The names that must be there, with `/` where they lie deeper.
        further: Names that may be there.

    Raises:
        ArtefactError: A file is missing, added or changed.
    """
    listed = manifest.get("members")
    if not isinstance(listed, dict) or set(listed) - further != wanted:
        raise ArtefactError("got other members than expected", where=str(folder))
    present = {entry.name for entry in folder.iterdir()} - {MANIFEST}
    tops = {name.split("/")[0] for name in listed}
    if present != tops:
        odd = sorted(present.symmetric_difference(tops))
        raise ArtefactError(
            f"got missing or extra files: {one_of(odd)}", where=str(folder)
        )
    for name in listed:
        path, facts = folder / name, listed[name]
        size = _size_of(path)
        if not isinstance(facts, dict) or size != facts.get("bytes"):
            raise ArtefactError("got another size than the manifest's", where=str(path))
        if sha256_of(path) != facts.get("sha256"):
            raise ArtefactError(
                "got other bytes than the manifest's sha256 says",
                where=str(path),
                fix="copy the bundle again from where it was made",
            )


def read_json(path: Path) -> Any:
    _size_of(path, most=_MAX_JSON)
    try:
        return json.loads(path.read_bytes())
    except (ValueError, RecursionError) as fault:
        raise ArtefactError(f"got invalid JSON ({fault})", where=str(path)) from fault


def _size_of(path: Path, *, most: int | None = None) -> int:
    if path.is_symlink():
        raise ArtefactError("got a link, expected a file", where=str(path))
    return check_regular(path, ArtefactError, max_bytes=most)


def parsed(path: Path, parse: Callable[[Any], _Part]) -> _Part:
    """Reads a member; a fault in it names the file.

    Raises:
        ArtefactError: It is no JSON, or `parse` refuses it.
    """
    value = read_json(path)
    try:
        return parse(value)
    except ArtefactError as fault:
        raise ArtefactError(str(fault), where=str(path)) from fault


def json_sha256(value: Mapping[str, Any]) -> str:
    """Returns the SHA-256 of a mapping in its one JSON form."""
    return hashlib.sha256(canonical_json(dict(value)).encode()).hexdigest()
