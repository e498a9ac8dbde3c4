"""Comma- and tab-separated files: RFC 4180, strict, every cell a string."""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path

from textclf.data.columns import Record, position
from textclf.data.lines import CELL_CAP, Decoding, lines_of
from textclf.data.separators import other_separator, wrong_separator
from textclf.errors import DataError

_NAMED_FAULTS = 5
_TO_CLOSING_QUOTE = re.compile(r'[^"]*+(?:""[^"]*+)*+"')


def read(
    path: Path, *, text: str, label: str | None, decoding: Decoding, delimiter: str
) -> Iterator[Record]:
    """Yields the records of a file; the line is the one a record starts in.

    Raises:
        DataError: The file is not strictly delimited text or lacks a column.
    """
    rows = rows_of(path, decoding=decoding, delimiter=delimiter)
    line, header = next(rows)
    where = f"{path}:{line}"
    text_at = position(text, header, key="data.text", where=where)
    if label is None:
        for line, cells in rows:
            yield line, cells[text_at], "", ""
        return
    label_at = position(label, header, key="data.label", where=where)
    for line, cells in rows:
        yield line, cells[text_at], cells[label_at], ""


def columns(path: Path, *, decoding: Decoding, delimiter: str) -> list[str]:
    """Returns the names in the header."""
    return next(rows_of(path, decoding=decoding, delimiter=delimiter))[1]


def preview(
    path: Path, *, rows: int, decoding: Decoding, delimiter: str
) -> dict[str, list[str]]:
    """Returns the first cells of each column."""
    records = rows_of(path, decoding=decoding, delimiter=delimiter)
    header = next(records)[1]
    cells = [fields for _, fields in islice(records, rows)]
    return {name: [row[at] for row in cells] for at, name in enumerate(header)}


def cells(
    path: Path, *, names: Sequence[str], decoding: Decoding, delimiter: str
) -> Iterator[list[str]]:
    """Yields the cells of some columns, a row at a time."""
    rows = rows_of(path, decoding=decoding, delimiter=delimiter)
    header = next(rows)[1]
    places = [header.index(name) for name in names]
    for _, fields in rows:
        yield [fields[at] for at in places]


def rows_of(
    path: Path, *, decoding: Decoding, delimiter: str
) -> Iterator[tuple[int, list[str]]]:
    """Yields the header and then each row with the line that it starts in.

    Wholly empty lines are skipped, also in a file of one column: there an empty text is
    written as `""`.

    Raises:
        DataError: A quote is not closed, a row is wider or narrower than the header, or
            there is no header.
    """
    records = _records(path, decoding=decoding, delimiter=delimiter)
    line, header = next(records, (0, []))
    if not header:
        raise DataError(
            "got an empty file, expected a line of column names", where=str(path)
        )
    yield line, header
    header_line, wrong = line, list[tuple[int, int]]()
    for line, fields in records:
        if len(fields) != len(header):
            wrong.append((line, len(fields)))
            if len(wrong) == _NAMED_FAULTS:
                break
        elif not wrong:
            yield line, fields
    where = f"{path}:{header_line}"
    if wrong and (mark := other_separator(header, where=where)):
        raise wrong_separator(mark, header, where=where)
    if wrong:
        raise _wrong_width(path, wrong=wrong, width=len(header))


def _records(
    path: Path, *, decoding: Decoding, delimiter: str
) -> Iterator[tuple[int, list[str]]]:
    # The limit belongs to the whole process, so it is only ever raised.
    csv.field_size_limit(max(csv.field_size_limit(), CELL_CAP))
    lines = lines_of(path, decoding)
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    start = 1
    try:
        for fields in reader:
            if fields:
                yield start, fields
            start = reader.line_num + 1
    except csv.Error as fault:
        span = islice(lines_of(path, decoding), start - 1, reader.line_num)
        opened = opening_line(span, first=start, delimiter=delimiter)
        _check_separator(path, decoding, delimiter)
        raise _broken(path, fault, opened=opened, line=reader.line_num) from fault


def _check_separator(path: Path, decoding: Decoding, delimiter: str) -> None:
    """Refuses a file of another separator, behind which its quotes look broken."""
    lines = (line.strip() for line in lines_of(path, decoding))
    header = next(filter(None, lines), "")
    columns, where = header.replace('"', "").split(delimiter), f"{path}:1"
    if mark := other_separator(columns, where=where):
        raise wrong_separator(mark, columns, where=where)


def opening_line(lines: Iterable[str], *, first: int, delimiter: str) -> int:
    """Returns the line in which the quoted field that breaks a record was opened.

    Args:
        lines: The lines of the record, up to the one in which the fault was seen.
        first: The number of the first of them.
        delimiter: What stands between fields.
    """
    opened, quoted = first, False
    for number, line in enumerate(lines, start=first):
        at = 0
        while at < len(line):
            if quoted:
                closing = _TO_CLOSING_QUOTE.match(line, at)
                if closing is None:
                    break
                at = closing.end()
                if line[at : at + 1] not in {delimiter, "\n", "\r", ""}:
                    return opened
                quoted = False
            elif line[at] == '"':
                opened, quoted, at = number, True, at + 1
                continue
            at = (line.find(delimiter, at) + 1) or len(line)
    return opened


def _broken(path: Path, fault: csv.Error, *, opened: int, line: int) -> DataError:
    fix = 'close the quote; inside a quoted text write "" for a quote'
    if "expected after" in str(fault):
        problem = (
            f"got text behind the quote in line {line} that closes the field opened in "
            f"line {opened}"
        )
    elif "field larger" in str(fault):
        problem = (
            f"got a field of more than {CELL_CAP:,} characters, opened in line {opened}"
        )
    else:
        problem = f"got a quote opened in line {opened} that is never closed"
    return DataError(problem, where=f"{path}:{opened}", fix=fix)


def _wrong_width(path: Path, *, wrong: list[tuple[int, int]], width: int) -> DataError:
    listed = ", ".join(f"line {line} ({count})" for line, count in wrong)
    return DataError(
        f"got rows of another width than the {width} columns of the header: {listed}",
        where=f"{path}:{wrong[0][0]}",
        fix="put quotes around a text that holds the separator or a line break",
    )
