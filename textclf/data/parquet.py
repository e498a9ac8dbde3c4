"""Parquet files: columns of strings, read without a guess and without a crash."""

import contextlib
from collections.abc import Iterator, Sequence
from itertools import repeat
from pathlib import Path

import polars as pl

from textclf.data.columns import Cell, Record, position
from textclf.data.lines import CELL_CAP, Decoding, unchanged
from textclf.errors import DataError, printable
from textclf.files import check_regular

_SLICE = 8192
_NAMED_FAULTS = 5
_UNWRITABLE = (pl.Binary, pl.Object, pl.Duration)
_INTEGERS = (pl.Int8, pl.Int16, pl.Int32, pl.Int64, pl.UInt8, pl.UInt16, pl.UInt32)
# A dictionary lets a few bytes stand for gigabytes: what a small file may unfold to.
_MOST_EXPANSION = 200
_FREE_EXPANSION = 1 << 30


def read(
    path: Path, *, text: str, label: str | None, decoding: Decoding
) -> Iterator[Record]:
    """Yields the records of a file; the line is the row, counted from 1.

    Integer and boolean labels become their exact decimal or `true` and `false`.

    Raises:
        DataError: The file is damaged, or text or label hold anything but strings.
    """
    types = _schema(path)
    names = [text] if label is None else [text, label]
    for name, key in zip(names, ("data.text", "data.label"), strict=False):
        position(name, list(types), key=key, where=str(path))
        _check_type(name, types[name], is_label=key == "data.label", where=str(path))
    for first, frame in _slices(path, names):
        columns = [
            _strings(cells, name=name, first=first, path=path)
            for name, cells in zip(names, frame, strict=True)
        ]
        labels = columns[1] if label is not None else repeat("")
        for row, (cell, given) in enumerate(
            zip(columns[0], labels, strict=False), start=first
        ):
            yield row, cell, given, ""


def columns(path: Path, *, decoding: Decoding) -> list[str]:
    """Returns the names of all columns."""
    return list(_schema(path))


def preview(path: Path, *, rows: int, decoding: Decoding) -> dict[str, list[str]]:
    """Returns the first cells of each column that can be text or label."""
    types = _schema(path)
    names = [name for name, kind in types.items() if _is_exact(kind)]
    with _faults_told(path):
        frame = _scan(path, names).head(rows).collect()
        usable = [name for name in names if frame[name].null_count() == 0]
        return {name: frame[name].cast(pl.String).to_list() for name in usable}


def kinds(path: Path, names: Sequence[str]) -> dict[str, type]:
    """Returns what the cells of columns become: str, int, float or bool.

    Raises:
        DataError: A column has cells with parts, or bytes.
    """
    types = _schema(path)
    for name in names:
        if types[name].is_nested() or isinstance(types[name], _UNWRITABLE):
            raise DataError(
                f'got a column "{printable(name, limit=60)}" of {types[name]}, which '
                "cannot be kept",
                where=str(path),
                fix="keep other columns",
            )
    return {name: _kind(types[name]) for name in names}


def cells(
    path: Path, *, names: Sequence[str], decoding: Decoding
) -> Iterator[tuple[Cell, ...]]:
    """Yields the cells of some columns, a row at a time; see `kinds`."""
    strings = [kind is str for kind in kinds(path, names).values()]
    for _, frame in _slices(path, list(names)):
        kept = [
            column.cast(pl.String) if string else column
            for column, string in zip(frame, strings, strict=True)
        ]
        yield from zip(*(column.to_list() for column in kept), strict=True)


def _kind(kind: pl.DataType) -> type:
    if isinstance(kind, pl.Boolean):
        return bool
    if kind.is_float():
        return float
    return int if isinstance(kind, _INTEGERS) else str  # larger ones: their digits


def _schema(path: Path) -> dict[str, pl.DataType]:
    check_regular(path, DataError)
    with _faults_told(path):
        return dict(pl.scan_parquet(path, glob=False).collect_schema())


def _scan(path: Path, names: list[str]) -> pl.LazyFrame:
    frame = pl.scan_parquet(path, glob=False, hive_partitioning=False)
    # By selector: a plain name such as "^a.*$" would be a pattern.
    return frame.select(pl.selectors.by_name(*names))


def _slices(path: Path, names: list[str]) -> Iterator[tuple[int, pl.DataFrame]]:
    """Yields the number of the first row and the rows, slice after slice."""
    size = check_regular(path, DataError)
    most = max(_FREE_EXPANSION, size * _MOST_EXPANSION)
    with unchanged(path):
        with _faults_told(path):
            total = _scan(path, names).select(pl.len()).collect().item()
        for start in range(0, total, _SLICE):
            with _faults_told(path):
                frame = _scan(path, names).slice(start, _SLICE).collect()
                # Series methods too take a name such as "*" for a pattern.
                frame.columns = [f"column {at}" for at in range(len(names))]
                most -= _characters(frame, where=str(path))
            if frame.height != min(_SLICE, total - start):
                raise DataError(
                    f"got fewer rows than the {total:,} that the file announces",
                    where=str(path),
                )
            if most < 0:
                raise DataError(
                    "got far more text than a file of this size can sensibly hold",
                    where=f"{path}:{start + 1}",
                )
            yield start + 1, frame


def _characters(frame: pl.DataFrame, *, where: str) -> int:
    """Returns the bytes of all strings, of which none may exceed the cap."""
    total = 0
    for series in frame:
        if series.dtype == pl.String:
            lengths = series.str.len_bytes()
            if (lengths > CELL_CAP).any():
                raise DataError(
                    f"got a cell of more than {CELL_CAP:,} bytes ",
                    where=where,
                )
            total += int(lengths.sum())
        elif isinstance(series.dtype, pl.Categorical | pl.Enum):
            total += int(series.cast(pl.String).str.len_bytes().sum())
    return total


def _strings(series: pl.Series, *, name: str, first: int, path: Path) -> list[str]:
    if series.null_count():
        rows = (series.is_null().arg_true() + first).head(_NAMED_FAULTS).to_list()
        raise DataError(
            f'got null as "{printable(name, limit=60)}" in row '
            f"{', '.join(str(row) for row in rows)}, expected a string",
            where=f"{path}:{rows[0]}",
            fix="write a string, or leave the row out",
        )
    return series.cast(pl.String).to_list()


def _is_exact(kind: pl.DataType) -> bool:
    return (
        isinstance(kind, pl.String | pl.Categorical | pl.Enum | pl.Boolean)
        or kind.is_integer()
    )


def _check_type(name: str, kind: pl.DataType, *, is_label: bool, where: str) -> None:
    string = isinstance(kind, pl.String | pl.Categorical | pl.Enum)
    if string or (is_label and _is_exact(kind)):
        return
    fix = "write the column as strings"
    if kind.is_float() and is_label:
        fix += ': "1", "1.0" and "01" are different labels'
    raise DataError(
        f'got a column "{printable(name, limit=60)}" of {kind}, expected strings',
        where=where,
        fix=fix,
    )


@contextlib.contextmanager
def _faults_told(path: Path) -> Iterator[None]:
    """Turns every fault of the native reader into an error for people.

    A panic of native code is a `BaseException` and no `Exception`.
    """
    try:
        yield
    except (DataError, KeyboardInterrupt, SystemExit, GeneratorExit, MemoryError):
        raise
    except BaseException as fault:
        reason = printable(str(fault).split("\n")[0], limit=200)
        raise DataError(
            f"damaged or no Parquet file ({reason})", where=str(path)
        ) from fault
