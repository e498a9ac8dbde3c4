"""The table of texts and raw labels that every reader ends in."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from textclf.data.columns import Record
from textclf.data.formats import format_of
from textclf.data.lines import INVALID, Decoding
from textclf.errors import ConfigError, DataError

_REPLACEMENT = "\ufffd"


@dataclass(frozen=True, eq=False)
class Table:
    """Texts and raw labels as they stand in a file: nothing guessed, nothing dropped.

    Args:
        texts: The texts, verbatim.
        labels: The label cells, verbatim; None where no column was asked for.
        lines: int64[n], the line that each record starts in, counted from 1; for
            Parquet the row; 1 for the files of a folder.
        source: The file or folder, for messages.
        replaced: Cells in which invalid bytes were replaced by U+FFFD.
        members: For a folder, the file of each row as `class/file`; else empty.
    """

    texts: list[str]
    labels: list[str] | None
    lines: NDArray[np.int64]
    source: str
    replaced: int = 0
    members: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        rows = len(self.texts)
        lengths = {rows, len(self.lines), len(self.members) or rows}
        lengths.add(rows if self.labels is None else len(self.labels))
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
        chosen = rows.tolist()
        labels = self.labels
        return replace(
            self,
            texts=[self.texts[row] for row in chosen],
            labels=None if labels is None else [labels[row] for row in chosen],
            lines=self.lines[rows],
            members=tuple(self.members[row] for row in chosen) if self.members else (),
        )


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
    if text == label:
        raise ConfigError(
            f'got "{text}" for the text and for the label, expected two columns',
            where="data.label",
        )
    decoding = Decoding(encoding, encoding_errors)
    records = format_of(path).read(path, text=text, label=label, decoding=decoding)
    table = _table(records, path=path, labelled=label is not None, decoding=decoding)
    if not len(table):
        raise _no_rows(path)
    return table


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
    records = format_of(path).read(path, text=text, label=None, decoding=decoding)
    rows = 0
    while some := list(islice(records, batch)):
        rows += len(some)
        yield _table(some, path=path, labelled=False, decoding=decoding)
    if not rows:
        raise _no_rows(path)


def columns_of(
    path: Path, *, encoding: str = "utf-8", encoding_errors: str = "strict"
) -> list[str]:
    """Returns the column names: a header, the first object's keys or a schema.

    Raises:
        DataError: The file cannot be read as what its name says.
    """
    decoding = Decoding(encoding, encoding_errors)
    return format_of(path).columns(path, decoding=decoding)


def _table(
    records: Iterable[Record], *, path: Path, labelled: bool, decoding: Decoding
) -> Table:
    lines: list[int] = []
    texts: list[str] = []
    labels: list[str] = []
    members: list[str] = []
    for line, text, label, member in records:
        lines.append(line)
        texts.append(text)
        labels.append(label)
        members.append(member)
    replaced = 0
    if decoding.replaces:
        replaced = _replace_invalid(texts) + _replace_invalid(labels)
    return Table(
        texts=texts,
        labels=labels if labelled else None,
        lines=np.asarray(lines, dtype=np.int64),
        source=str(path),
        replaced=replaced,
        members=tuple(members) if any(members) else (),
    )


def _replace_invalid(cells: list[str]) -> int:
    marked = [row for row, cell in enumerate(cells) if INVALID in cell]
    for row in marked:
        cells[row] = cells[row].replace(INVALID, _REPLACEMENT)
    return len(marked)


def _no_rows(path: Path) -> DataError:
    return DataError("got no rows, expected at least one", where=str(path))
