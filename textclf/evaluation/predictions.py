"""Predictions: what a model says about texts, and the files that hold it."""

import contextlib
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import IO, Any, Protocol

import numpy as np
import numpy.typing as npt

from textclf.errors import ArtefactError, ConfigError, DataError, nearest, one_of
from textclf.files import write_whole

BINARY, MULTICLASS, MULTILABEL = "binary", "multiclass", "multilabel"
TASKS = (BINARY, MULTICLASS, MULTILABEL)
THRESHOLD = 0.5  # a label of a multi-label task is chosen from this probability on
SEPARATOR = "|"
_SUM_TOLERANCE = 1e-6
_FLAGS = ("empty", "truncated", "unknown")
_SURROGATES = re.compile("[\ud800-\udfff]")
_NEEDS_QUOTES = re.compile(r'[",\x00-\x1f\x85\u2028\u2029]|\A\s|\s\Z|\A\Z')

Floats = npt.NDArray[np.float64]
Marks = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Predictions:
    """The probabilities of n texts over k labels, and what a reader should know.

    `probabilities` is float64 [n, k]: rows sum to 1 for a binary (k = 2) or multiclass
    task and are independent for a multi-label one. `empty` and `truncated` are bool
    [n]; `unknown` is float64 [n], the share of units the vocabulary lacks (0 if empty).

    Raises:
        DataError: The parts do not fit together, or a value is out of its range.
    """

    labels: tuple[str, ...]
    task: str
    probabilities: Floats
    empty: Marks
    truncated: Marks
    unknown: Floats

    def __post_init__(self) -> None:
        kinds = {"probabilities": float, "empty": bool, "truncated": bool}
        for name, kind in (kinds | {"unknown": float}).items():
            column = np.asarray(getattr(self, name), dtype=kind).view()
            column.flags.writeable = False
            object.__setattr__(self, name, column)
        _check_labels(self.labels, self.task)
        self._check_shapes()
        self._check_values()

    def _check_shapes(self) -> None:
        shape, k = self.probabilities.shape, len(self.labels)
        if len(shape) != 2 or shape[1] != k:
            problem = f"got probabilities of shape {shape}, expected [texts, {k}]"
            raise DataError(problem)
        for name in _FLAGS:
            got = getattr(self, name).shape
            if got != shape[:1]:
                raise DataError(f"got `{name}` of shape {got}, expected {shape[:1]}")

    def _check_values(self) -> None:
        for name in ("probabilities", "unknown"):
            column = getattr(self, name)
            # Written so that a NaN fails too.
            good = (column >= -_SUM_TOLERANCE) & (column <= 1 + _SUM_TOLERANCE)
            if not good.all():
                worst = float(column[~good][0])
                raise DataError(f"got {worst} in `{name}`, expected 0 to 1")
        if self.task != MULTILABEL:
            sums = self.probabilities.sum(axis=1)
            if not np.allclose(sums, 1.0, rtol=0.0, atol=_SUM_TOLERANCE):
                worst = float(sums[np.abs(sums - 1.0).argmax()])
                raise DataError(f"got probabilities that sum to {worst}, expected 1")

    def __len__(self) -> int:
        return len(self.probabilities)

    def chosen(self) -> npt.NDArray[Any]:
        """Returns the likeliest label's id int64[n], or the label sets bool[n, k].

        Of equally likely labels the first is taken; a label set may be empty.
        """
        if self.task == MULTILABEL:
            return self.probabilities >= THRESHOLD
        return np.asarray(self.probabilities.argmax(axis=1))

    def records(self) -> Iterator[dict[str, Any]]:
        """Yields a dict a text: label, probability, probabilities, flags.

        In a multi-label task `label` and `probability` are lists, in label order.
        """
        columns = (self.chosen(), self.probabilities, *self._flags())
        for picked, row, empty, truncated, unknown in zip(*columns, strict=True):
            values = row.tolist()
            places = np.flatnonzero(picked) if picked.ndim else [int(picked)]
            label: Any = [self.labels[place] for place in places]
            probability: Any = [values[place] for place in places]
            if self.task != MULTILABEL:
                (label,), (probability,) = label, probability
            yield {
                "label": label,
                "probability": probability,
                "probabilities": dict(zip(self.labels, values, strict=True)),
                "flags": {
                    "empty": bool(empty),
                    "truncated": bool(truncated),
                    "unknown": float(unknown),
                },
            }

    def _flags(self) -> tuple[npt.NDArray[Any], ...]:
        return self.empty, self.truncated, self.unknown


def _check_labels(labels: tuple[str, ...], task: str) -> None:
    if task not in TASKS:
        raise DataError(f"got task {task!r}, expected one of {one_of(TASKS)}")
    k, wanted = len(labels), "2" if task == BINARY else "2 or more"
    if k < 2 or (task == BINARY and k != 2):
        raise DataError(f"got {k} labels for a {task} task, expected {wanted}")
    if len(set(labels)) != k:
        raise DataError("got a label twice, expected distinct labels")


def concatenate(parts: Sequence[Predictions]) -> Predictions:
    """Joins predictions of one model, in order.

    Raises:
        DataError: There are none, or their labels or tasks differ.
    """
    if not parts:
        raise DataError("got no predictions to join, expected at least one")
    first = parts[0]
    if any((part.labels, part.task) != (first.labels, first.task) for part in parts):
        raise DataError("got predictions of different labels or tasks, expected equal")
    columns = [field.name for field in fields(Predictions)][2:]
    joined = [
        np.concatenate([getattr(part, name) for part in parts]) for name in columns
    ]
    return Predictions(first.labels, first.task, *joined)


def probabilities_from_logits(logits: npt.ArrayLike, task: str) -> Floats:
    """Turns a model's raw outputs [n, o] into probabilities float64 [n, k].

    A binary task has o = 1 and k = 2 (sigmoid, then the rest before it); a multiclass
    task takes the softmax of a row, a multi-label task the sigmoid of each number.

    Raises:
        ArtefactError: An output is not finite.
        DataError: The shape does not fit the task.
    """
    numbers = np.asarray(logits, dtype=np.float64)
    if task not in TASKS:
        raise DataError(f"got task {task!r}, expected one of {one_of(TASKS)}")
    outputs = numbers.shape[1] if numbers.ndim == 2 else 0
    if outputs < 1 or (task == BINARY and outputs != 1):
        wanted = "[texts, 1]" if task == BINARY else "[texts, labels]"
        raise DataError(f"got outputs of shape {numbers.shape}, expected {wanted}")
    if not np.isfinite(numbers).all():
        problem = "got outputs of the model that are not finite, expected numbers"
        raise ArtefactError(problem, fix="train it again, with a smaller learning_rate")
    if task == MULTICLASS:
        powers = np.exp(numbers - numbers.max(axis=1, keepdims=True))
        return np.asarray(powers / powers.sum(axis=1, keepdims=True))
    if task == BINARY:
        # Not 1 - p, which would round a small probability to 0.
        numbers = np.concatenate([-numbers, numbers], axis=1)
    return np.asarray(np.exp(-np.logaddexp(0.0, -numbers)))


class RowWriter(Protocol):
    """Takes texts and their predictions, chunk after chunk."""

    def write(self, texts: Sequence[str], predictions: Predictions) -> None:
        """Appends one row a text."""


@contextlib.contextmanager
def prediction_writer(
    path: Path, *, labels: tuple[str, ...], task: str, separator: str = SEPARATOR
) -> Iterator[RowWriter]:
    """Opens a .csv, .jsonl or .parquet file, which appears when all rows are in.

    CSV and Parquet have the columns text, label, probability, empty, truncated,
    unknown and `p:<label>`; label and probability of a multi-label row are joined by
    `separator`. JSONL has the text and the record of `Predictions.records`. Texts come
    back exactly; a lone surrogate, which UTF-8 lacks, is U+FFFD except in JSONL.

    Raises:
        ConfigError: The file name has another ending.
        DataError: A label holds the separator.
        ResourceError: The file cannot be written.
    """
    ending = path.suffix.lower()
    if ending not in _WRITERS:
        guess = nearest(ending, _WRITERS)
        fix = f"write to {path.with_suffix(guess).name}" if guess else None
        problem = f"got ending {path.suffix!r}, expected one of {one_of(_WRITERS)}"
        raise ConfigError(problem, where=str(path), fix=fix)
    _check_labels(labels, task)
    if task == MULTILABEL and any(separator in label for label in labels):
        problem = f"got a label with the separator {separator!r} in it"
        raise DataError(problem, where=str(path), fix="choose another label_separator")
    with write_whole(path) as stream:
        writer = _WRITERS[ending](stream, labels, task, separator)
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
    opened = prediction_writer(path, labels=labels, task=task, separator=separator)
    with opened as rows:
        rows.write(texts, predictions)


def json_line(record: dict[str, Any]) -> bytes:
    """Returns one line of JSONL in UTF-8; a lone surrogate becomes its JSON escape."""
    line = json.dumps(record, ensure_ascii=False, allow_nan=False) + "\n"
    return line.encode("utf-8", "backslashreplace")


class _JsonLines:
    def __init__(self, stream: IO[bytes], *_: Any) -> None:
        self._stream = stream

    def write(self, texts: Sequence[str], predictions: Predictions) -> None:
        _check_paired(texts, predictions)
        for text, record in zip(texts, predictions.records(), strict=True):
            self._stream.write(json_line({"text": text} | record))

    def close(self) -> None:
        return None


class _Csv:
    def __init__(
        self, stream: IO[bytes], labels: tuple[str, ...], _: str, separator: str
    ) -> None:
        self._stream, self._separator = stream, separator
        self._line(_header(labels))

    def write(self, texts: Sequence[str], predictions: Predictions) -> None:
        for row in zip(*_columns(texts, predictions, self._separator), strict=True):
            self._line(row)

    def close(self) -> None:
        return None

    def _line(self, cells: Sequence[Any]) -> None:
        self._stream.write((",".join(map(_csv_cell, cells)) + "\n").encode())


class _Parquet:
    def __init__(
        self, stream: IO[bytes], labels: tuple[str, ...], task: str, separator: str
    ) -> None:
        import pyarrow as pa
        from pyarrow.parquet import ParquetWriter

        text, number, mark = pa.string(), pa.float64(), pa.bool_()
        kinds = [text, text, text if task == MULTILABEL else number]
        kinds += [mark, mark, number] + [number] * len(labels)
        self._schema = pa.schema(list(zip(_header(labels), kinds, strict=True)))
        self._rows = ParquetWriter(stream, self._schema, compression="zstd")
        self._separator = separator

    def write(self, texts: Sequence[str], predictions: Predictions) -> None:
        import pyarrow as pa

        columns = _columns(texts, predictions, self._separator)
        if len(predictions):
            table = pa.table(columns, schema=self._schema)
            self._rows.write_table(table, row_group_size=len(predictions))

    def close(self) -> None:
        self._rows.close()


_WRITERS: dict[str, Any] = {".csv": _Csv, ".jsonl": _JsonLines, ".parquet": _Parquet}


def _header(labels: tuple[str, ...]) -> list[str]:
    names = ["text", "label", "probability", *_FLAGS]
    return names + [_storable(f"p:{label}") for label in labels]


def _columns(
    texts: Sequence[str], predictions: Predictions, separator: str
) -> list[list[Any]]:
    """Returns the cells under each name of the header."""
    _check_paired(texts, predictions)
    records = list(predictions.records())
    labels = [record["label"] for record in records]
    likely = [record["probability"] for record in records]
    if predictions.task == MULTILABEL:
        labels = [separator.join(names) for names in labels]
        likely = [separator.join(map(repr, values)) for values in likely]
    flags = [getattr(predictions, name).tolist() for name in _FLAGS]
    named = [list(map(_storable, column)) for column in (texts, labels)]
    return [*named, likely, *flags, *predictions.probabilities.T.tolist()]


def _check_paired(texts: Sequence[str], predictions: Predictions) -> None:
    if len(texts) != len(predictions):
        problem = f"got {len(texts)} texts for {len(predictions)} predictions"
        raise DataError(f"{problem}, expected equal numbers")


def _storable(text: str) -> str:
    """Returns the text with U+FFFD for what UTF-8 cannot hold."""
    return text if text.isascii() else _SURROGATES.sub("\ufffd", text)


def _csv_cell(cell: Any) -> str:
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return repr(cell)
    text = str(cell)
    return (
        f'"{text.replace(chr(34), chr(34) * 2)}"'
        if _NEEDS_QUOTES.search(text)
        else text
    )
