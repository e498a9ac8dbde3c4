"""Tables whose texts lie in the cache."""

import hashlib
import json
from collections.abc import Sequence
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from textclf.data.cache import Cache
from textclf.data.cells import Cells
from textclf.data.copies import keys_of
from textclf.data.lines import Decoding, unchanged
from textclf.data.stored import StoredTexts, TextsWriter
from textclf.data.tables import Table, gather, read_table, records_of
from textclf.errors import DataError
from textclf.files import canonical_json, check_regular, sha256_of, write_json
from textclf.progress import SILENT, Progress

_TEXTS, _MEMBERS, _REST = "texts.utf8", "members.utf8", "table.json"
_ARRAYS = ("lines", "codes", "keys")


def table_of(
    path: Path,
    *,
    cache: str | None,
    text: str,
    label: str | None,
    encoding: str = "utf-8",
    encoding_errors: str = "strict",
    progress: Progress = SILENT,
) -> Table:
    """Reads a table; with a cache its texts stay on disk, there.

    The cache is used again as long as the file holds the same bytes (for a folder: its
    files have the same names, sizes and times) and is read in the same way.

    Args:
        path: As for `tables.read_table`.
        cache: The folder of the cache, if one is wanted.
        text: The column of the texts.
        label: The column of the labels; None: there are none.
        encoding: The encoding of a text file without a byte order mark.
        encoding_errors: `strict`, or `replace` invalid bytes and count the cells.
        progress: Hears whether the cache was used.

    Raises:
        ConfigError: The folder of the cache is something else.
        DataError: As `tables.read_table`.
        ResourceError: The disk is full or another process uses the cache.
    """
    reading: dict[str, Any] = {
        "text": text,
        "label": label,
        "encoding": encoding,
        "encoding_errors": encoding_errors,
    }
    if cache is None:
        return read_table(path, **reading)
    settings = {"path": str(path.absolute()), **reading}
    digest = hashlib.sha256(canonical_json(settings).encode()).hexdigest()
    opened = Cache.open(Path(cache))
    with unchanged(path):
        return opened.kept(
            f"table-{digest[:16]}",
            {**settings, "content": _content(path)},
            make=partial(_write, path=path, reading=reading),
            read=partial(_open, source=str(path)),
            progress=progress,
        )


def _content(path: Path) -> str:
    """Returns a hash that changes with what a file or folder holds."""
    if not path.is_dir():
        check_regular(path, DataError)
        return sha256_of(path)
    total = hashlib.sha256()
    for file in sorted(path.glob("*/*")):
        status = file.stat()
        facts = [file.relative_to(path), status.st_size, status.st_mtime_ns]
        total.update(f"{facts}\n".encode("utf-8", "surrogateescape"))
    return total.hexdigest()


def _write(folder: Path, *, path: Path, reading: dict[str, Any]) -> None:
    decoding = Decoding(reading["encoding"], reading["encoding_errors"])
    records = records_of(
        path, text=reading["text"], label=reading["label"], decoding=decoding
    )
    with (
        closing(TextsWriter(folder / _TEXTS)) as texts,
        closing(TextsWriter(folder / _MEMBERS)) as members,
    ):
        columns = gather(records, texts=texts, members=members, decoding=decoding)
    arrays: dict[str, NDArray[Any]] = {
        "lines": columns.lines,
        "codes": columns.labels.codes,
        "keys": keys_of(StoredTexts.open(folder / _TEXTS)),
    }
    for name in _ARRAYS:
        np.save(folder / f"{name}.npy", arrays[name])
    labelled = reading["label"] is not None
    kinds = columns.labels.kinds if labelled else None
    rest = {"replaced": columns.replaced, "labels": kinds}
    write_json(folder / _REST, rest, indent=None)


def _open(folder: Path, *, source: str) -> Table:
    rest: dict[str, Any] = json.loads((folder / _REST).read_bytes())
    lines, codes, keys = (np.load(folder / f"{name}.npy") for name in _ARRAYS)
    members: Sequence[str] = StoredTexts.open(folder / _MEMBERS)
    return Table(
        texts=StoredTexts.open(folder / _TEXTS),
        labels=None if rest["labels"] is None else Cells(tuple(rest["labels"]), codes),
        lines=lines,
        source=source,
        replaced=rest["replaced"],
        members=members if len(members) else (),
        keys=keys,
    )
