"""Which reader a path is read by."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from textclf.data import delimited, folder, jsonl, parquet
from textclf.data.columns import Cell, Record
from textclf.errors import DataError
from textclf.files import check_regular


@dataclass(frozen=True)
class Format:
    """A form that labelled texts come in: its name and how it is read.

    Args:
        name: What the form is called in messages.
        read: Yields the records of a path.
        columns: Returns the names of the columns.
        preview: Returns the first cells of each column; None where there are no labels.
        cells: Yields the cells of named columns, a row at a time; None where there is
            nothing but texts and labels.
    """

    name: str
    read: Callable[..., Iterator[Record]]
    columns: Callable[..., list[str]]
    preview: Callable[..., dict[str, list[str]]] | None
    cells: Callable[..., Iterator[Sequence[Cell]]] | None = None


def _delimited(name: str, delimiter: str) -> Format:
    return Format(
        name,
        partial(delimited.read, delimiter=delimiter),
        partial(delimited.columns, delimiter=delimiter),
        partial(delimited.preview, delimiter=delimiter),
        partial(delimited.cells, delimiter=delimiter),
    )


_JSONL = Format("jsonl", jsonl.read, jsonl.columns, jsonl.preview, jsonl.cells)
_PACKED_OR_PLAIN = {
    ".csv": _delimited("csv", ","),
    ".tsv": _delimited("tsv", "\t"),
    ".jsonl": _JSONL,
    ".ndjson": _JSONL,
    ".txt": Format("txt", folder.read_plain, folder.plain_columns, None),
}
_PARQUET = Format(
    "parquet", parquet.read, parquet.columns, parquet.preview, parquet.cells
)
_FOLDER = Format("folder", folder.read, folder.columns, folder.preview)
_TABLES = (".csv", ".tsv", ".jsonl", ".ndjson", ".parquet")
_REMEDIES = {
    ".json": "write one JSON object a line and name the file .jsonl",
    ".xlsx": "save the sheet as CSV (UTF-8)",
    ".xls": "save the sheet as CSV (UTF-8)",
    ".zip": "unpack it, or pack the one file as .gz",
}


def format_of(path: Path) -> Format:
    """Returns the form of a path, by its name alone.

    Raises:
        DataError: The path is no regular file and no folder, or its name has none of
            the known endings.
    """
    if path.is_dir():
        return _FOLDER
    check_regular(path, DataError)
    name = path.name.lower()
    ending = Path(name.removesuffix(".gz")).suffix
    if name.endswith(".parquet"):
        return _PARQUET
    if ending in _PACKED_OR_PLAIN:
        return _PACKED_OR_PLAIN[ending]
    raise DataError(
        f"got a name ending in {ending!r}, expected .csv, .tsv, .jsonl, .ndjson or "
        ".txt (each also .gz), .parquet, or a folder with one sub-folder a class",
        where=str(path),
        fix=_REMEDIES.get(ending),
    )


def tables_of(path: Path) -> list[Path]:
    """Returns the tables that lie in a folder, by name; else the path itself.

    Raises:
        DataError: There is no such file or folder.
    """
    if not path.exists():
        raise DataError("no such file or folder", where=str(path))
    inside = sorted(path.iterdir()) if path.is_dir() else []
    return [one for one in inside if _is_table(one)] or [path]


def _is_table(path: Path) -> bool:
    name = path.name.lower().removesuffix(".gz")
    return path.is_file() and Path(name).suffix in _TABLES
