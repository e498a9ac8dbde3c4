"""A folder with one sub-folder a class, and the plain file of a text a line."""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from textclf.data.columns import Record
from textclf.data.lines import Decoding, lines_of, text_of
from textclf.errors import DataError


def read(
    path: Path, *, text: str, label: str | None, decoding: Decoding
) -> Iterator[Record]:
    """Yields a record for each file in each sub-folder, both sorted by name.

    The label is the sub-folder's name and the text the whole file, verbatim. Names
    that begin with a dot, and files beside the sub-folders, are not read.

    Raises:
        DataError: There is no sub-folder, one is empty or holds a folder, or a file
            does not decode.
    """
    for folder in _classes(path):
        for file in _files(folder):
            cell = text_of(file, decoding)
            name = "" if label is None else folder.name
            yield 1, cell, name, f"{folder.name}/{file.name}"


def columns(path: Path, *, decoding: Decoding) -> list[str]:
    """Returns the two names that a folder's columns have: text and label."""
    return ["text", "label"]


def preview(path: Path, *, rows: int, decoding: Decoding) -> dict[str, list[str]]:
    """Returns the first texts and their labels."""
    records = read(path, text="text", label="label", decoding=decoding)
    some = list(islice(records, rows))
    return {"text": [row[1] for row in some], "label": [row[2] for row in some]}


def read_plain(
    path: Path, *, text: str, label: str | None, decoding: Decoding
) -> Iterator[Record]:
    """Yields each line of a plain file as a text without its line end.

    Raises:
        DataError: Labels are asked for.
    """
    if label is not None:
        raise DataError(
            "got a plain text file, which has no labels",
            where=str(path),
            fix="give a .csv, .tsv, .jsonl or .parquet file, or a folder with one "
            "sub-folder a class",
        )
    for number, line in enumerate(lines_of(path, decoding), start=1):
        yield number, line.removesuffix("\n").removesuffix("\r"), "", ""


def plain_columns(path: Path, *, decoding: Decoding) -> list[str]:
    """Returns the one name that a plain file's column has: text."""
    return ["text"]


def _classes(path: Path) -> list[Path]:
    folders = [entry for entry in _visible(path) if entry.is_dir()]
    if not folders:
        raise DataError(
            "got a folder without sub-folders, expected one sub-folder a class",
            where=str(path),
        )
    return folders


def _files(folder: Path) -> list[Path]:
    files = _visible(folder)
    inner = next((entry for entry in files if entry.is_dir()), None)
    if inner is not None:
        raise DataError("got a folder among the texts of a class", where=str(inner))
    if not files:
        raise DataError("got a class without a text", where=str(folder))
    return files


def _visible(folder: Path) -> list[Path]:
    try:
        entries = sorted(folder.iterdir(), key=lambda entry: entry.name)
    except OSError as fault:
        reason = fault.strerror or str(fault)
        raise DataError(f"cannot be read ({reason})", where=str(folder)) from fault
    visible = [entry for entry in entries if not entry.name.startswith(".")]
    for entry in visible:
        if any("\ud800" <= character <= "\udfff" for character in entry.name):
            raise DataError("got a file name that is not UTF-8", where=str(entry))
    return visible
