"""The columns of a file: which one a name means."""

from collections.abc import Sequence

from textclf.errors import DataError, nearest, one_of, printable

Record = tuple[int, str, str, str]
"""Line, text, raw label ("" where none was asked for), file inside a folder or ""."""


def position(name: str, columns: Sequence[str], *, key: str, where: str) -> int:
    """Returns the place of the one column called `name`.

    Args:
        name: What the configuration asks for.
        columns: The names that the file has, in order.
        key: The key of the configuration that names the column.
        where: File and line, for messages.

    Raises:
        DataError: No column, or more than one, has the name.
    """
    if name not in columns:
        raise missing(name, columns, key=key, where=where)
    if columns.count(name) > 1:
        raise DataError(
            f"got {columns.count(name)} columns named {_quoted(name)}, expected one",
            where=where,
            fix="rename or remove the others",
        )
    return columns.index(name)


def missing(name: str, columns: Sequence[str], *, key: str, where: str) -> DataError:
    """Returns the error for a column that is not there, with the most similar name."""
    similar = _similar(name, columns)
    fix = f"set {key} to " + (
        _quoted(similar) if similar is not None else "one of these"
    )
    if len(columns) == 1 and (mark := _other_separator(columns[0])):
        fix = f"separate the fields by commas; this file seems to use {mark!r}"
    return DataError(
        f"no column {_quoted(name)}; found: {one_of(columns)}", where=where, fix=fix
    )


def _similar(name: str, columns: Sequence[str]) -> str | None:
    plain = {column.strip().casefold(): column for column in reversed(columns)}
    match = nearest(name.strip().casefold(), plain)
    return None if match is None else plain[match]


def _other_separator(header: str) -> str | None:
    return next((mark for mark in ";\t|," if mark in header), None)


def _quoted(name: str) -> str:
    return f'"{printable(name, limit=60)}"'
