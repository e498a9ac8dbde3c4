"""The server as if it were where the authors of a data set keep it."""

import dataclasses
import hashlib
import io
import tarfile
import zipfile
from pathlib import Path
from typing import Any

from tests.data.published import PUBLISHED
from textclf.data.catalogue import Entry, catalogue
from textclf.data.fetch import fetch
from textclf.data.locate import Located


def _bytes(content: str | bytes) -> bytes:
    return content.encode("utf-8") if isinstance(content, str) else content


def _packed(content: Any, form: str) -> bytes:
    if form == "plain":
        return _bytes(content)
    buffer = io.BytesIO()
    if form == "zip":
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, member in content.items():
                archive.writestr(name, _bytes(member))
    else:
        with tarfile.open(fileobj=buffer, mode="w:gz") as tar:
            for name, member in content.items():
                info = tarfile.TarInfo(name)
                info.size = len(_bytes(member))
                tar.addfile(info, io.BytesIO(_bytes(member)))
    return buffer.getvalue()


def served(name: str, server: Any) -> Entry:
    """The entry of the catalogue as if the server were where its authors keep it."""
    entry = catalogue()[name]
    published, expected = PUBLISHED[name]
    sources = []
    for source in entry.sources:
        body = _packed(published[source.file], source.form)
        server.files[f"/{source.file}"] = body
        sources.append(
            dataclasses.replace(
                source,
                address=server.address(f"/{source.file}"),
                checksum=f"sha256:{hashlib.sha256(body).hexdigest()}",
                bytes=len(body),
            )
        )
    return dataclasses.replace(
        entry,
        sources=tuple(sources),
        splits={split: len(expected[split]) for split in entry.splits},
        extra_splits={split: len(expected[split]) for split in entry.extra_splits},
    )


def fetched(entry: Entry, server: Any, cache: Path, **more: Any) -> Located:
    return fetch(entry, cache=cache, environ={}, permit=server.authority, **more)


def leaves_nothing(cache: Path) -> bool:
    names = sorted(p.name for p in cache.rglob("*") if p.suffix != ".lock")
    return names == [".work"]


def without_published(entry: Entry) -> Entry:
    bare = [dataclasses.replace(s, checksum=None, bytes=None) for s in entry.sources]
    return dataclasses.replace(entry, sources=tuple(bare))
