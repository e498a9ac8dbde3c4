"""Bundles that say of themselves that they are whole, and are not ours."""

import hashlib
import json

import pytest

from textclf.bundle import MEMBERS, Bundle
from textclf.errors import ArtefactError
from textclf.sealed import MANIFEST


def refused(folder, match=None):
    with pytest.raises(ArtefactError, match=match) as caught:
        Bundle.open(folder)
    return caught.value


def seal(folder):
    """Makes the manifest true again, as one who forges a bundle would."""
    manifest = json.loads((folder / MANIFEST).read_text())
    for name in MEMBERS:
        content = (folder / name).read_bytes()
        manifest["members"][name] = {
            "sha256": hashlib.sha256(content).hexdigest(),
            "bytes": len(content),
        }
    write_manifest(folder, manifest)


def write_manifest(folder, manifest):
    manifest.pop("sha256", None)
    plain = json.dumps(
        manifest, sort_keys=True, separators=(",", ":"), ensure_ascii=False
    )
    sealed = manifest | {"sha256": hashlib.sha256(plain.encode()).hexdigest()}
    (folder / MANIFEST).write_text(json.dumps(sealed))


def forge(folder, name, change):
    """Changes the JSON of a member and seals the bundle again."""
    value = json.loads((folder / name).read_text())
    changed = change(value)
    text = changed if isinstance(changed, str) else json.dumps(changed or value)
    (folder / name).write_text(text)
    seal(folder)


def contents(folder):
    return {entry.name: entry.read_bytes() for entry in folder.iterdir()}
