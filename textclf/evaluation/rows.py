"""Rows: predictions written beside their texts, as CSV, JSON lines or Parquet."""

import contextlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import IO, Any, Protocol

from textclf.data.columns import Cell
from textclf.errors import ConfigError, DataError, nearest, one_of, printable
from textclf.evaluation.json_lines import ALONE, KEYS, Beside, json_lines
from textclf.evaluation.predictions import FLAGS, MULTILABEL, Predictions, check_labels
from textclf.files import write_whole

SEPARATOR = "|"
_OWN_NAMED = 10
NOTHING: Mapping[str, type] = MappingProxyType({})
_SURROGATES = re.compile("[\ud800-\udfff]")
_NEEDS_QUOTES = re.compile(r'[",\x00-\x1f\x85\u2028\u2029]|\A\s|\s\Z|\A\Z')


class RowWriter(Protocol):
    """Takes texts and their predictions, chunk after chunk."""

    def write(
        self, texts: Sequence[str], predictions: Predictions, beside: Beside = ALONE
    ) -> None:
        """Appends one row a text, with the cells that are kept beside it."""


@contextlib.contextmanager
def prediction_writer(
    path: Path,
    *,
    labels: tuple[str, ...],
    task: str,
    separator: str = SEPARATOR,
    abstains: bool = False,
    beside: Mapping[str, type] = NOTHING,
) -> Iterator[RowWriter]:
    """Opens a .csv, .jsonl or .parquet file, which appears when all rows are in.

    CSV and Parquet have the columns text, label, probability, empty, truncated,
    unknown, built, with `abstains` also abstained, and `p:<label>`; label and
    probability of a multi-label row are joined by `separator`. JSONL has the text and
    the record of `Predictions.records`. Texts come back exactly; a lone surrogate,
    which UTF-8 lacks, is U+FFFD except in JSONL.

    Columns that are kept `beside` the texts come first; what their cells are decides
    about those of Parquet: str, int, float or bool. None is an empty cell of CSV.

    Raises:
        ConfigError: The file name has another ending, or a column to keep is called as
            one of the others.
        DataError: A label holds the separator.
        ResourceError: The file cannot be written.
    """
    ending = path.suffix.lower()
    if ending not in _WRITERS:
        guess = nearest(ending, _WRITERS)
        fix = f"write to {path.with_suffix(guess).name}" if guess else None
        problem = f"got ending {path.suffix!r}, expected one of {one_of(_WRITERS)}"
        raise ConfigError(problem, where=str(path), fix=fix)
    check_labels(labels, task)
    if task == MULTILABEL and any(separator in label for label in labels):
        problem = f"got a label with the separator {separator!r} in it"
        raise DataError(problem, where=str(path), fix="choose another label_separator")
    shape = _Shape(labels, task, separator, abstains, beside)
    check_beside(beside, KEYS if ending == ".jsonl" else shape.own)
    with write_whole(path) as stream:
        writer = _WRITERS[ending](stream, shape)
        with contextlib.closing(writer) as rows:
            yield rows


def write_predictions(
    path: Path,
    texts: Sequence[str],
    predictions: Predictions,
    *,
    separator: str = SEPARATOR,
) -> None:
    """Writes all rows at once; see `prediction_writer`."""
    labels, task = predictions.labels, predictions.task
    abstains = predictions.decision.abstain is not None
    opened = prediction_writer(
        path, labels=labels, task=task, separator=separator, abstains=abstains
    )
    with opened as rows:
        rows.write(texts, predictions)


def check_beside(beside: Iterable[str], own: Sequence[str]) -> None:
    """Refuses to keep a column that is called as one of the output's own.

    Raises:
        ConfigError: One is.
    """
    for name in beside:
        if name in own:
            raise ConfigError(
                "the output has a column of that name itself; taken are "
                f"{one_of(own, limit=_OWN_NAMED)}",
                where=f"--keep {printable(name, limit=60)}",
                fix="rename it in the input, or name the columns to keep without it",
            )


@dataclass(frozen=True)
class _Shape:
    """What decides about the columns."""

    labels: tuple[str, ...]
    task: str
    separator: str
    abstains: bool
    beside: Mapping[str, type]

    @property
    def flags(self) -> tuple[str, ...]:
        """The columns of flags, named as in `Predictions`."""
        return (*FLAGS, "abstained") if self.abstains else FLAGS

    @property
    def own(self) -> list[str]:
        """The columns that are not kept from the input."""
        names = ["text", "label", "probability", *self.flags]
        return names + [_storable(f"p:{label}") for label in self.labels]

    @property
    def header(self) -> list[str]:
        """All columns."""
        return [*self.beside, *self.own]


class _JsonLines:
    def __init__(self, stream: IO[bytes], _: _Shape) -> None:
        self._stream = stream

    def write(
        self, texts: Sequence[str], predictions: Predictions, beside: Beside = ALONE
    ) -> None:
        _check_paired(texts, predictions)
        self._stream.write(json_lines(texts, predictions, beside))

    def close(self) -> None:
        return None


class _Csv:
    def __init__(self, stream: IO[bytes], shape: _Shape) -> None:
        self._stream, self._shape = stream, shape
        self._lines([map(csv_cell, shape.header)])

    def write(
        self, texts: Sequence[str], predictions: Predictions, beside: Beside = ALONE
    ) -> None:
        own = _columns(texts, predictions, self._shape)
        columns = [*beside.values(), *own]
        cells = [[*map(csv_cell, column)] for column in columns]
        self._lines(zip(*cells, strict=True))

    def close(self) -> None:
        return None

    def _lines(self, rows: Iterable[Iterable[str]]) -> None:
        self._stream.write("".join(f"{','.join(row)}\n" for row in rows).encode())


class _Parquet:
    def __init__(self, stream: IO[bytes], shape: _Shape) -> None:
        import pyarrow as pa
        from pyarrow.parquet import ParquetWriter

        text, number, mark = pa.string(), pa.float64(), pa.bool_()
        cells = {str: text, int: pa.int64(), float: number, bool: mark}
        kinds = [cells[kind] for kind in shape.beside.values()]
        kinds += [text, text, text if shape.task == MULTILABEL else number]
        kinds += [mark, mark, number, number] + [mark] * shape.abstains
        kinds += [number] * len(shape.labels)
        self._schema = pa.schema(list(zip(shape.header, kinds, strict=True)))
        self._rows = ParquetWriter(stream, self._schema, compression="zstd")
        self._shape = shape

    def write(
        self, texts: Sequence[str], predictions: Predictions, beside: Beside = ALONE
    ) -> None:
        import pyarrow as pa

        kept = [
            list(map(_stored, cells)) if self._shape.beside[name] is str else cells
            for name, cells in beside.items()
        ]
        columns = [*kept, *_columns(texts, predictions, self._shape)]
        if len(predictions):
            table = pa.table(columns, schema=self._schema)
            self._rows.write_table(table, row_group_size=len(predictions))

    def close(self) -> None:
        self._rows.close()


_WRITERS: dict[str, Any] = {".csv": _Csv, ".jsonl": _JsonLines, ".parquet": _Parquet}


def _columns(
    texts: Sequence[str], predictions: Predictions, shape: _Shape
) -> list[list[Any]]:
    """Returns the cells under each name of the header."""
    _check_paired(texts, predictions)
    records = list(predictions.records())
    labels = [record["label"] for record in records]
    likely = [record["probability"] for record in records]
    if predictions.task == MULTILABEL:
        labels = [shape.separator.join(names) for names in labels]
        likely = [shape.separator.join(map(repr, values)) for values in likely]
    flags = [getattr(predictions, name).tolist() for name in shape.flags]
    named = [list(map(_storable, column)) for column in (texts, labels)]
    return [*named, likely, *flags, *predictions.probabilities.T.tolist()]


def _check_paired(texts: Sequence[str], predictions: Predictions) -> None:
    if len(texts) != len(predictions):
        problem = f"got {len(texts)} texts for {len(predictions)} predictions"
        raise DataError(f"{problem}, expected equal numbers")


def _storable(text: str) -> str:
    """Returns the text with U+FFFD for what UTF-8 cannot hold."""
    return text if text.isascii() else _SURROGATES.sub("\ufffd", text)


def _stored(cell: Cell) -> str | None:
    """Returns a cell for a column of strings."""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    return None if cell is None else str(cell)


def csv_cell(cell: Any) -> str:
    """Returns a cell as it stands in CSV or TSV, quoted where it has to be.

    None is nothing at all, an empty text is `""`.
    """
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return repr(cell)
    text = str(cell)
    # The pattern alone would decide; most texts have a comma, which is found faster.
    if "," in text or _NEEDS_QUOTES.search(text):
        return f'"{text.replace(chr(34), chr(34) * 2)}"'
    return text
