"""The columns of a file: which one a name means."""

from collections.abc import Sequence

from textclf.data.separators import other_separator, separator_fix
from textclf.errors import DataError, nearest, one_of, printable

Record = tuple[int, str, str, str]
"""Line, text, raw label ("" where none was asked for), file inside a folder or ""."""


class JsonText(str):
    """A cell that is JSON already, kept as it stands: a number, an array, an object."""

    __slots__ = ()


Cell = str | JsonText | int | float | bool | None
"""What stands in a column that is kept beside the texts."""


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
        raise MissingColumnError(name, columns, key=key, where=where)
    if columns.count(name) > 1:
        raise DataError(
            f"got {columns.count(name)} columns named {_quoted(name)}, expected one",
            where=where,
            fix="rename or remove the others",
        )
    return columns.index(name)


class MissingColumnError(DataError):
    """A column that is not there; the fix has the most similar name.

    Args:
        name: What was asked for.
        columns: What there is.
        key: The key of the configuration that names the column.
        where: File and line.
    """

    def __init__(
        self, name: str, columns: Sequence[str], *, key: str, where: str
    ) -> None:
        self.name, self.similar = name, _similar(name, columns)
        mark = other_separator(columns, where=where)
        self.separated = mark and separator_fix(mark, where=where)
        told = "one of these" if self.similar is None else _quoted(self.similar)
        super().__init__(
            f"no column {_quoted(name)}; found: {one_of(columns)}",
            where=where,
            fix=self._remedy(f"set {key} to {told}"),
        )

    def by_flag(self, flag: str) -> DataError:
        """Returns the same for a command whose flag names the column."""
        named = "NAME, one of these" if self.similar is None else _quoted(self.similar)
        fix = self._remedy(f"give {flag} {named}")
        return DataError(self.problem, where=self.where, fix=fix)

    def by_renaming(self) -> DataError:
        """Returns the same for a command that cannot name another column."""
        there = "one of these" if self.similar is None else _quoted(self.similar)
        fix = self._remedy(f"rename {there} to {_quoted(self.name)} in the file")
        return DataError(self.problem, where=self.where, fix=fix)

    def _remedy(self, otherwise: str) -> str:
        return self.separated or otherwise


def _similar(name: str, columns: Sequence[str]) -> str | None:
    plain = {column.strip().casefold(): column for column in reversed(columns)}
    match = nearest(name.strip().casefold(), plain)
    return None if match is None else plain[match]


def _quoted(name: str) -> str:
    return f'"{printable(name, limit=60)}"'
