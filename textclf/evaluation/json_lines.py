"""Predictions as lines of JSON: the bytes of `json.dumps`, a chunk at a time."""

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np

from textclf.data.columns import Cell, JsonText
from textclf.evaluation.predictions import MULTILABEL, Predictions

if TYPE_CHECKING:
    import polars as pl

_ENCODER = json.JSONEncoder(ensure_ascii=False, allow_nan=False)
_ESCAPED = [*map(chr, range(0x20)), '"', "\\"]
_ESCAPES = [_ENCODER.encode(character)[1:-1] for character in _ESCAPED]
_TRUTH = ("false", "true")
KEYS = ("text", "label", "probability", "probabilities", "abstained", "flags")
"""What a line may have of its own."""

Beside = Mapping[str, Sequence[Cell]]
"""Columns that are kept beside the texts: a cell a text, by name."""
ALONE: Beside = MappingProxyType({})


def json_line(record: dict[str, Any]) -> bytes:
    """Returns one line of JSONL in UTF-8; a lone surrogate becomes its JSON escape."""
    return f"{_ENCODER.encode(record)}\n".encode("utf-8", "backslashreplace")


def json_lines(
    texts: Sequence[str], predictions: Predictions, beside: Beside = ALONE
) -> bytes | memoryview:
    """Returns `json_line` of each text with its record, one after the other.

    The texts are copied and escaped as a column, and no row becomes a dict. What is
    kept beside a text stands before it; numbers that JSON lacks are null there.
    """
    import polars as pl

    heads = list(_heads(beside, len(texts)))
    try:
        column = pl.Series("text", texts, dtype=pl.String)
        tails = pl.Series("tail", list(_tails(predictions)), dtype=pl.String)
    except UnicodeEncodeError:  # a lone surrogate, which no column holds
        rows = zip(heads, texts, predictions.records(), strict=True)
        return b"".join(
            b"{" + head.encode() + json_line({"text": text} | record)[1:]
            for head, text, record in rows
        )
    text = pl.col("text").str.replace_many(_ESCAPED, _ESCAPES)
    begins = pl.concat_str(pl.lit("{"), pl.col("head"), pl.lit('"text": "'))
    line = pl.concat_str(begins, text, pl.col("tail"))
    start = pl.Series("head", heads, dtype=pl.String)
    return _content(pl.DataFrame([start, column, tails]).select(line).to_series())


def _heads(beside: Beside, rows: int) -> Iterator[str]:
    """Yields what stands before the text in each line."""
    if not beside:
        yield from [""] * rows
        return
    names = [_ENCODER.encode(name) for name in beside]
    for cells in zip(*beside.values(), strict=True):
        pairs = zip(names, map(_json_cell, cells), strict=True)
        yield "".join(f"{name}: {cell}, " for name, cell in pairs)


def _json_cell(cell: Cell) -> str:
    if isinstance(cell, JsonText):
        return str(cell)
    if isinstance(cell, float) and not math.isfinite(cell):
        return "null"
    return _ENCODER.encode(cell)


def _content(column: "pl.Series") -> memoryview:
    """Returns the bytes of all strings, end to end."""
    import polars as pl

    arrow = column.to_arrow(compat_level=pl.CompatLevel.oldest())
    _, places, content = arrow.buffers()
    if content is None:
        return memoryview(b"")
    offsets = np.frombuffer(places, dtype=np.int64)[arrow.offset :]
    return memoryview(content)[offsets[0] : offsets[len(arrow)]]


def _tails(predictions: Predictions) -> Iterator[str]:
    """Yields what follows the text in each line."""
    names = [_ENCODER.encode(label) for label in predictions.labels]
    each = ", ".join(f"{name.replace('%', '%%')}: %s" for name in names)
    abstained = _abstained(predictions)
    tail = (
        f'", "label": %s, "probability": %s, "probabilities": {{{each}}}, %s'
        '"flags": {"empty": %s, "truncated": %s, "unknown": %s, "built": %s}}\n'
    )
    numbers = [list(map(repr, row)) for row in predictions.probabilities.tolist()]
    told = _sets if predictions.task == MULTILABEL else _ones
    columns = zip(
        told(predictions.chosen(), names, numbers),
        numbers,
        abstained,
        (_TRUTH[flag] for flag in predictions.empty.tolist()),
        (_TRUTH[flag] for flag in predictions.truncated.tolist()),
        map(repr, predictions.unknown.tolist()),
        map(repr, predictions.built.tolist()),
        strict=True,
    )
    for (label, probability), row, *flags in columns:
        yield tail % (label, probability, *row, *flags)


def _abstained(predictions: Predictions) -> list[str]:
    if predictions.decision.abstain is None:
        return [""] * len(predictions)
    marks = predictions.abstained.tolist()
    return [f'"abstained": {_TRUTH[mark]}, ' for mark in marks]


def _ones(
    chosen: np.ndarray, names: list[str], numbers: list[list[str]]
) -> Iterator[tuple[str, str]]:
    """Yields label and probability of each row as JSON."""
    for place, row in zip(chosen.tolist(), numbers, strict=True):
        yield names[place], row[place]


def _sets(
    chosen: np.ndarray, names: list[str], numbers: list[list[str]]
) -> Iterator[tuple[str, str]]:
    """Yields the labels of each row and their probabilities as JSON."""
    for picked, row in zip(chosen, numbers, strict=True):
        places = np.flatnonzero(picked).tolist()
        labels = ", ".join(names[place] for place in places)
        yield f"[{labels}]", f"[{', '.join(row[place] for place in places)}]"
