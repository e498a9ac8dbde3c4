"""The table of texts and raw labels that every reader ends in."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from textclf.data.cells import CellCoder, Cells
from textclf.data.columns import Record
from textclf.data.copies import Prints, keys_of
from textclf.data.formats import format_of
from textclf.data.lines import INVALID, Decoding
from textclf.data.stored import chosen
from textclf.errors import ConfigError, DataError

_REPLACEMENT = "\ufffd"
_BLOCK = 4096


@dataclass(frozen=True, eq=False)
class Table:
    """Texts and raw labels as they stand in a file: nothing guessed, nothing dropped.

    Args:
        texts: The texts, verbatim; a list, or stored texts that are read on demand.
        labels: The label cells, verbatim; None where no column was asked for.
        lines: int64[n], the line that each record starts in, counted from 1; for
            Parquet the row; 1 for the files of a folder.
        source: The file or folder, for messages.
        replaced: Cells in which invalid bytes were replaced by U+FFFD.
        members: For a folder, the file of each row as `class/file`; else empty.
        keys: uint64[n], what copies of a text share (`copies.keys_of`), once known.
        weights: float32[n], what each row counts in training; None: all alike.
    """

    texts: Sequence[str]
    labels: Sequence[str] | None
    lines: NDArray[np.int64]
    source: str
    replaced: int = 0
    members: Sequence[str] = ()
    keys: Prints | None = None
    weights: NDArray[np.float32] | None = None

    def __post_init__(self) -> None:
        rows = len(self.texts)
        lengths = {rows, len(self.lines), len(self.members) or rows}
        lengths.add(rows if self.labels is None else len(self.labels))
        lengths.add(rows if self.weights is None else len(self.weights))
        if len(lengths) > 1:
            raise ValueError(f"columns of one length expected, got {sorted(lengths)}")

    def __len__(self) -> int:
        return len(self.texts)

    def place(self, row: int) -> str:
        """Returns where a row (counted from 0) stands: `file:line` or its file."""
        if self.members:
            return f"{self.source}/{self.members[row]}"
        return f"{self.source}:{self.lines[row]}"

    def take(self, rows: Sequence[int] | NDArray[np.int64]) -> "Table":
        """Returns the table of these rows, which still know their places."""
        rows = np.asarray(rows, dtype=np.int64)
        return replace(
            self,
            texts=chosen(self.texts, rows),
            labels=None if self.labels is None else Cells.of(self.labels).take(rows),
            lines=self.lines[rows],
            members=chosen(self.members, rows) if self.members else (),
            keys=None if self.keys is None else self.keys[rows],
            weights=None if self.weights is None else self.weights[rows],
        )

    def copy_keys(self) -> Prints:
        """Returns uint64[n]: what copies of a text share."""
        return keys_of(self.texts) if self.keys is None else self.keys


class Texts(Protocol):
    """Where texts are put as they are read: a list, or a file."""

    def extend(self, texts: Iterable[str], /) -> None:
        """Appends texts."""


@dataclass(frozen=True, eq=False)
class Columns:
    """What is kept of records beside their texts: see `Table`."""

    labels: Cells
    lines: NDArray[np.int64]
    replaced: int


def read_table(
    path: Path,
    *,
    text: str,
    label: str | None,
    encoding: str = "utf-8",
    encoding_errors: str = "strict",
) -> Table:
    """Reads the texts, and the labels if asked for, of a file or folder.

    Args:
        path: A .csv, .tsv, .jsonl, .ndjson or .txt file (each also .gz), a .parquet
            file, or a folder with one sub-folder a class.
        text: The column of the texts.
        label: The column of the labels; None reads no labels.
        encoding: The encoding of a text file without a byte order mark.
        encoding_errors: `strict`, or `replace` invalid bytes and count the cells.

    Raises:
        DataError: The file cannot be read, is not strictly what its name says, lacks a
            column or has no rows.
    """
    decoding = Decoding(encoding, encoding_errors)
    records = records_of(path, text=text, label=label, decoding=decoding)
    return _table(records, path=path, labelled=label is not None, decoding=decoding)


def records_of(
    path: Path, *, text: str, label: str | None, decoding: Decoding
) -> Iterator[Record]:
    """Yields the records of a file or folder; see `read_table`."""
    if text == label:
        raise ConfigError(
            f'got "{text}" for the text and for the label, expected two columns',
            where="data.label",
        )
    records = format_of(path).read(path, text=text, label=label, decoding=decoding)
    first = next(records, None)
    if first is None:
        raise _no_rows(path)
    yield first
    yield from records


def read_batches(
    path: Path,
    *,
    text: str,
    batch: int,
    encoding: str = "utf-8",
    encoding_errors: str = "strict",
) -> Iterator[Table]:
    """Yields the texts of a file in tables of at most `batch` rows, without labels.

    Memory is bounded by one batch (and one slice of 8,192 Parquet rows). A fault in a
    later row is raised when its batch is reached.

    Raises:
        DataError: As `read_table`.
    """
    decoding = Decoding(encoding, encoding_errors)
    records = records_of(path, text=text, label=None, decoding=decoding)
    while some := list(islice(records, batch)):
        yield _table(some, path=path, labelled=False, decoding=decoding)


def columns_of(
    path: Path, *, encoding: str = "utf-8", encoding_errors: str = "strict"
) -> list[str]:
    """Returns the column names: a header, the first object's keys or a schema.

    Raises:
        DataError: The file cannot be read as what its name says.
    """
    decoding = Decoding(encoding, encoding_errors)
    return format_of(path).columns(path, decoding=decoding)


def gather(
    records: Iterable[Record], *, texts: Texts, members: Texts, decoding: Decoding
) -> Columns:
    """Takes records block by block; hands texts and members on, keeps the rest."""
    records, labels, replaced = iter(records), CellCoder(), 0
    lines = [np.zeros(0, dtype=np.int64)]
    while columns := _transposed(islice(records, _BLOCK)):
        numbers, cells, names, files = columns
        if decoding.replaces:
            replaced += _replace_invalid(cells) + _replace_invalid(names)
        lines.append(np.asarray(numbers, dtype=np.int64))
        texts.extend(cells)
        labels.extend(names)
        if files[0]:
            members.extend(files)
    return Columns(labels.cells(), np.concatenate(lines), replaced)


def _transposed(
    records: Iterable[Record],
) -> tuple[list[int], list[str], list[str], list[str]] | None:
    """Returns the columns of some records; None if there are none."""
    lines: list[int] = []
    texts: list[str] = []
    labels: list[str] = []
    files: list[str] = []
    # Not by zip: it would keep the records, and the collector would visit them all.
    for line, text, label, file in records:
        lines.append(line)
        texts.append(text)
        labels.append(label)
        files.append(file)
    return (lines, texts, labels, files) if lines else None


def _table(
    records: Iterable[Record], *, path: Path, labelled: bool, decoding: Decoding
) -> Table:
    texts: list[str] = []
    members: list[str] = []
    columns = gather(records, texts=texts, members=members, decoding=decoding)
    return Table(
        texts=texts,
        labels=columns.labels if labelled else None,
        lines=columns.lines,
        source=str(path),
        replaced=columns.replaced,
        members=members,
    )


def _replace_invalid(cells: list[str]) -> int:
    marked = [row for row, cell in enumerate(cells) if INVALID in cell]
    for row in marked:
        cells[row] = cells[row].replace(INVALID, _REPLACEMENT)
    return len(marked)


def _no_rows(path: Path) -> DataError:
    return DataError("got no rows, expected at least one", where=str(path))
