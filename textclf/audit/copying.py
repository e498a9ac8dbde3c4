"""Rows of files written to other files of the same form, with all their columns."""

import contextlib
import gzip
import shutil
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, TypeVar

import polars as pl

from textclf.data import delimited
from textclf.data.formats import format_of
from textclf.data.lines import INVALID, Decoding, lines_of
from textclf.errors import DataError, one_of
from textclf.evaluation.rows import csv_cell

Plan = Mapping[str | int, str]
"""The split of each row of a file, by its line, or of each file of a folder."""

Value = TypeVar("Value")
_DELIMITERS = {"csv": ",", "tsv": "\t"}
_ROW = "textclf row"  # of a Parquet file; taken off again


def copy_rows(
    plans: Mapping[Path, Plan], folder: Path, *, decoding: Decoding
) -> dict[str, Path]:
    """Writes the rows of all files into one file a split, in their order.

    CSV, TSV and JSONL become UTF-8 with LF line ends, packed as the source is; Parquet
    keeps its types; a folder of classes becomes one folder of classes a split.

    Args:
        plans: For each file what becomes of its rows.
        folder: An existing folder.
        decoding: How text files are read.

    Returns:
        The file or folder of each split.

    Raises:
        DataError: The files differ in form or in columns.
    """
    form = _one([format_of(path).name for path in plans], plans, "form")
    if form == "folder":
        return _copy_members(plans, folder)
    if form == "parquet":
        return _copy_parquet(plans, folder)
    first = next(iter(plans)).name.lower()
    ending = f".{form}{'.gz' if first.endswith('.gz') else ''}"
    with _Files(folder, ending) as files:
        if form == "jsonl":
            _copy_lines(plans, files, decoding)
        else:
            _copy_delimited(plans, files, decoding, _DELIMITERS[form])
    return files.paths


class _Files(contextlib.ExitStack):
    """The files of the splits, opened when they are first written to."""

    def __init__(self, folder: Path, ending: str) -> None:
        super().__init__()
        self.paths: dict[str, Path] = {}
        self._folder, self._ending = folder, ending
        self._streams: dict[str, IO[bytes]] = {}

    def write(self, split: str, line: str, *, header: str = "") -> None:
        """Appends a line, below the header if it is the first."""
        if split not in self._streams:
            path = self._folder / f"{split}{self._ending}"
            self.paths[split] = path
            stream: IO[bytes] = self.enter_context(path.open("wb"))
            if path.suffix == ".gz":  # without a time: the same rows, the same bytes
                stream = gzip.GzipFile("", "wb", fileobj=stream, mtime=0)  # type: ignore[assignment]
                self.callback(stream.close)
            self._streams[split] = stream
            line = f"{header}{line}"
        text = line.replace(INVALID, "\ufffd")
        self._streams[split].write(text.encode())


def _copy_delimited(
    plans: Mapping[Path, Plan], files: _Files, decoding: Decoding, delimiter: str
) -> None:
    opened = {
        path: delimited.rows_of(path, decoding=decoding, delimiter=delimiter)
        for path in plans
    }
    headers = [next(rows)[1] for rows in opened.values()]
    _one([tuple(names) for names in headers], plans, "columns")
    header = _joined(headers[0], delimiter)
    for path, rows in opened.items():
        for line, cells in rows:
            files.write(
                _split(plans, path, line), _joined(cells, delimiter), header=header
            )


def _joined(cells: list[str], delimiter: str) -> str:
    return f"{delimiter.join(map(csv_cell, cells))}\n"


def _copy_lines(plans: Mapping[Path, Plan], files: _Files, decoding: Decoding) -> None:
    for path in plans:
        for number, line in enumerate(lines_of(path, decoding), start=1):
            if line.strip(" \t\r\n"):
                files.write(_split(plans, path, number), line.rstrip("\r\n") + "\n")


def _copy_parquet(plans: Mapping[Path, Plan], folder: Path) -> dict[str, Path]:
    frames = [pl.read_parquet(path, glob=False) for path in plans]
    _one([tuple(frame.schema.items()) for frame in frames], plans, "columns")
    splits = pl.concat(
        [
            pl.Series([_split(plans, path, row + 1) for row in range(len(frame))])
            for frame, path in zip(frames, plans, strict=True)
        ]
    )
    frame, paths = pl.concat(frames), {}
    for split in splits.unique(maintain_order=True):
        paths[split] = folder / f"{split}.parquet"
        frame.filter(splits == split).write_parquet(paths[split], compression="zstd")
    return paths


def _copy_members(plans: Mapping[Path, Plan], folder: Path) -> dict[str, Path]:
    """Copies the files of classes; the second of a name gets its folder's before it."""
    paths = {}
    for source, plan in plans.items():
        for member, split in plan.items():
            paths[split] = folder / split
            target = paths[split] / str(member)
            target.parent.mkdir(parents=True, exist_ok=True)
            if target.exists():
                target = target.with_name(f"{source.name}-{target.name}")
            shutil.copyfile(source / str(member), target)
    return paths


def _split(plans: Mapping[Path, Plan], path: Path, row: int) -> str:
    if row not in plans[path]:
        raise DataError("changed since it was read", where=f"{path}:{row}")
    return plans[path][row]


def _one(values: Sequence[Value], plans: Mapping[Path, Plan], what: str) -> Value:
    """Returns the value that all files share."""
    for path, value in zip(plans, values, strict=True):
        if value != values[0]:
            first = next(iter(plans))
            raise DataError(
                f"has another {what} than {first}, expected the same in "
                f"{one_of(map(str, plans))}",
                where=str(path),
                fix="divide the files one by one, or make them alike first",
            )
    return values[0]


def planned(pieces: Iterator[tuple[Path, str | int, str]]) -> dict[Path, Plan]:
    """Gathers path, row and split into the plan of each file."""
    plans: dict[Path, dict[str | int, str]] = {}
    for path, row, split in pieces:
        plans.setdefault(path, {})[row] = split
    return dict(plans)
