"""A first look at a file of labelled texts: what `init` writes a configuration from."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Literal

import numpy as np

from textclf.config.schema import TextConfig
from textclf.data.formats import Format, format_of
from textclf.data.labels import split_cells
from textclf.data.lines import Decoding
from textclf.data.separators import other_separator, wrong_separator
from textclf.data.tables import Table, read_table
from textclf.errors import DataError, printable
from textclf.text.corpus import unit_lengths

_SAMPLE = 20_000
_TEXT_NAMES = ("text", "review", "sentence", "content", "body")
_LABEL_NAMES = (
    "label",
    "labels",
    "class",
    "category",
    "sentiment",
    "target",
    "stars",
)
_MOST_LABELS = 1000
_SEPARATORS = ("|", ";", ",")
_IN_NAMES = ","
# Scripts written without blanks between words: Han, kana, Thai, Lao, Khmer, Myanmar.
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
    "\U00020000-\U0003ffff]"
)
_UNSPACED_SHARE = 0.3


@dataclass(frozen=True)
class Sniffed:
    """What a file seems to hold.

    Args:
        path: The file or folder.
        format: csv, tsv, jsonl, parquet or folder.
        columns: All columns, in order.
        text: The column of the texts.
        label: The column of the labels.
        separator: What stands between labels in a cell, if it is multi-label.
        rows: How many rows there are.
        labels: Each label with its rows, the most frequent first.
        unlabelled: Rows without a label (only with a separator).
        unit: What to cut texts into.
        lengths: Median, 95th percentile and maximum of a text's length in that unit,
            signs counted as a model would.
        unspaced: Share of the characters, blanks left out, from scripts that put no
            blanks between words.
        notes: Why, for people.
    """

    path: Path
    format: str
    columns: tuple[str, ...]
    text: str
    label: str
    separator: str | None
    rows: int
    labels: tuple[tuple[str, int], ...]
    unlabelled: int
    unit: Literal["word", "character"]
    lengths: tuple[int, int, int]
    unspaced: float
    notes: tuple[str, ...]


def sniff(
    path: Path, *, encoding: str = "utf-8", encoding_errors: str = "strict"
) -> Sniffed:
    """Finds out what a file or folder holds: columns, labels and lengths.

    Columns and the separator are judged by the first 20,000 rows; rows, labels and
    lengths are counted over all, which are read strictly.

    Raises:
        DataError: The file cannot be read, or no column looks like texts or labels.
    """
    decoding = Decoding(encoding, encoding_errors)
    form = format_of(path)
    cells = _preview(form, path, decoding)
    columns = form.columns(path, decoding=decoding)
    if mark := other_separator(columns, where=f"{path}:1"):
        raise wrong_separator(mark, columns, where=f"{path}:1")
    text, text_note = _text_column(cells, path)
    label, label_note = _label_column(cells, text=text, path=path)
    separator = guess_separator(cells[label]) if form.name != "folder" else None
    table = read_table(
        path,
        text=text,
        label=label,
        encoding=encoding,
        encoding_errors=encoding_errors,
    )
    return _described(
        table,
        path=path,
        form=form,
        columns=columns,
        chosen=(text, label, separator),
        notes=[text_note, label_note],
    )


def guess_separator(cells: Sequence[str]) -> str | None:
    """Returns what seems to stand between several labels of a cell, or None.

    A separator must make fewer labels of the cells than there are different cells. A
    comma, which names hold too, must be missing from some cell.
    """
    different = set(cells)
    for separator in _SEPARATORS:
        parts = [
            {part.strip() for part in cell.split(separator)} - {""}
            for cell in different
        ]
        several = sum(len(part) > 1 for part in parts)
        labels = set(chain.from_iterable(parts))
        alone = any(len(part) == 1 for part in parts)
        sure = alone or separator not in _IN_NAMES
        if several and len(labels) < len(different) and sure:
            return separator
    return None


def unspaced_share(texts: Sequence[str]) -> float:
    """Returns the share of characters from scripts without blanks between words."""
    characters = sum(len(text) - text.count(" ") for text in texts)
    found = sum(len(_UNSPACED.findall(text)) for text in texts if not text.isascii())
    return found / max(characters, 1)


def _preview(form: Format, path: Path, decoding: Decoding) -> dict[str, list[str]]:
    if form.preview is None:
        raise DataError("got a plain text file, which has no labels", where=str(path))
    cells = form.preview(path, rows=_SAMPLE, decoding=decoding)
    if not any(cells.values()):
        headed = cells and form.name in ("csv", "tsv")
        where_rows_are = "below the header" if headed else "of strings"
        raise DataError(
            f"got no rows {where_rows_are}, expected labelled texts", where=str(path)
        )
    return cells


def _text_column(cells: Mapping[str, list[str]], path: Path) -> tuple[str, str]:
    named = _named(cells, _TEXT_NAMES)
    if named is not None:
        return named, f'text: the column "{_short(named)}", by its name'
    varied = [name for name in cells if len(set(cells[name])) * 2 > len(cells[name])]
    if not varied:
        raise _implausible(cells, path, wanted="texts: many different cells")
    longest = max(varied, key=lambda name: _mean_length(cells[name]))
    length = _mean_length(cells[longest])
    return longest, (
        f'text: the column "{_short(longest)}", the longest ({length:.0f} characters '
        "on average)"
    )


def _label_column(
    cells: Mapping[str, list[str]], *, text: str, path: Path
) -> tuple[str, str]:
    others = {name: column for name, column in cells.items() if name != text}
    named = _named(others, _LABEL_NAMES)
    if named is not None:
        return named, f'label: the column "{_short(named)}", by its name'
    kinds = {name: len(set(column)) for name, column in others.items()}
    rows = len(cells[text])
    few = [
        name
        for name, kind in kinds.items()
        if 2 <= kind <= _MOST_LABELS and kind * 2 <= rows and any(others[name])
    ]
    if not few:
        raise _implausible(cells, path, wanted="labels: few different cells")
    fewest = min(few, key=lambda name: kinds[name])
    return fewest, (
        f'label: the column "{_short(fewest)}", which has the fewest different cells '
        f"({kinds[fewest]:,})"
    )


def _named(cells: Mapping[str, list[str]], names: Sequence[str]) -> str | None:
    plain = {name.strip().casefold(): name for name in reversed(list(cells))}
    return next((plain[name] for name in names if name in plain), None)


def _implausible(
    cells: Mapping[str, list[str]], path: Path, *, wanted: str
) -> DataError:
    seen = ", ".join(
        f'"{_short(name)}" ({len(set(column)):,} different, '
        f"{_mean_length(column):.0f} characters on average)"
        for name, column in list(cells.items())[:20]
    )
    return DataError(
        f"found no column of {wanted}; seen in the first {_SAMPLE:,} rows: {seen}",
        where=str(path),
        fix="write a configuration by hand and set data.text and data.label",
    )


def _described(
    table: Table,
    *,
    path: Path,
    form: Format,
    columns: Sequence[str],
    chosen: tuple[str, str, str | None],
    notes: list[str],
) -> Sniffed:
    text, label, separator = chosen
    cells = split_cells(table.labels or [], separator=separator, place=table.place)
    if separator is not None:
        notes.append(f'several labels a row, separated by "{separator}"')
    share = unspaced_share(table.texts[:_SAMPLE])
    unit = _unit(share, notes)
    median, high, longest = lengths = _lengths(table.texts, unit)
    notes.append(
        f"lengths: half of the texts have at most {median:,} {unit}s, 95 % at most "
        f"{high:,}, the longest {longest:,}"
    )
    return Sniffed(
        path=path,
        format=form.name,
        columns=tuple(columns),
        text=text,
        label=label,
        separator=separator,
        rows=len(table),
        labels=tuple(Counter(chain.from_iterable(cells)).most_common()),
        unlabelled=sum(not cell for cell in cells),
        unit=unit,
        lengths=lengths,
        unspaced=share,
        notes=tuple(notes),
    )


def _unit(share: float, notes: list[str]) -> Literal["word", "character"]:
    if share <= _UNSPACED_SHARE:
        return "word"
    notes.append(
        f"unit: character, as {share:.0%} of the characters are from scripts without "
        "blanks between words"
    )
    return "character"


def _lengths(
    texts: Sequence[str], unit: Literal["word", "character"]
) -> tuple[int, int, int]:
    numbers = unit_lengths(texts, TextConfig(unit=unit))
    median, high = np.quantile(numbers, (0.5, 0.95), method="higher")
    return int(median), int(high), int(numbers.max())


def _mean_length(cells: Sequence[str]) -> float:
    return sum(map(len, cells)) / max(len(cells), 1)


def _short(name: str) -> str:
    return printable(name, limit=40)
