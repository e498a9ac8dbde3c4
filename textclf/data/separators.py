"""Files whose fields are separated by another mark than their name says."""

import re
import shlex
from collections.abc import Sequence

from textclf.errors import DataError, printable

_MARKS = ";\t|,"
_PLACE = re.compile(
    r"(?P<path>.+\.(?P<ending>csv|tsv))(?P<packed>\.gz)?:\d+", re.I | re.S
)
_OWN = {"csv": ",", "tsv": "\t"}
_NAMES = {"\t": (".tsv", "tabs"), ",": (".csv", "commas")}


def other_separator(columns: Sequence[str], *, where: str) -> str | None:
    """Returns what seems to separate the fields of a header that has but one.

    Args:
        columns: The names of the header.
        where: File and line; None is returned of what is no .csv or .tsv.
    """
    found = _PLACE.fullmatch(where)
    if len(columns) != 1 or found is None:
        return None
    others = _MARKS.replace(_OWN[found["ending"].lower()], "")
    return next((mark for mark in others if mark in columns[0]), None)


def wrong_separator(mark: str, columns: Sequence[str], *, where: str) -> DataError:
    """Returns the error of a file that has one column where it should have more."""
    header = printable(columns[0], limit=60)
    problem = f'got one column, "{header}", which has {mark!r} in its name'
    return DataError(problem, where=where, fix=separator_fix(mark, where=where))


def separator_fix(mark: str, *, where: str) -> str:
    """Returns how to go on: another name, or a command that writes commas."""
    if mark in _NAMES:
        ending, marks = _NAMES[mark]
        return f"this file seems to have {marks} between its fields: name it {ending}"
    advice = f"save it with commas; {mark!r} seems to separate its fields"
    found = _PLACE.fullmatch(where)
    if found is None or found["packed"]:
        return advice
    code = (
        "import csv, sys; csv.writer(sys.stdout).writerows("
        f'csv.reader(open(0, newline=""), delimiter="{mark}"))'
    )
    source = found["path"]
    target = f"{source[:-4]}-commas.csv"
    files = f"< {shlex.quote(source)} > {shlex.quote(target)}"
    return f"{advice}; or: python -c '{code}' {files}"
