"""Further columns of a file whose texts were read."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from textclf.data.tables import Table, columns_of, read_table
from textclf.errors import DataError, nearest, one_of


def column_beside(
    table: Table,
    name: str,
    *,
    text: str,
    encoding: str = "utf-8",
    encoding_errors: str = "strict",
) -> Sequence[str]:
    """Returns the cells of another column, a cell for each row of a table.

    The file is read again; rows are found by the lines they stand in, whatever part of
    the file the table holds.

    Args:
        table: Some rows of a file.
        name: The column.
        text: The column that the table's texts are from.
        encoding: As for `read_table`.
        encoding_errors: As for `read_table`.

    Raises:
        DataError: The table is from a folder, or there is no such column or line.
    """
    path = Path(table.source)
    if table.members:
        raise DataError(
            f"got a folder, which has no column {name!r}", where=table.source
        )
    if name == text:
        return table.texts
    columns = columns_of(path, encoding=encoding, encoding_errors=encoding_errors)
    if name not in columns:
        near = nearest(name, columns)
        raise DataError(
            f"no column {name!r}; found: {one_of(columns)}",
            where=table.source,
            fix=f"did you mean {near!r}?" if near else None,
        )
    whole = read_table(
        path, text=text, label=name, encoding=encoding, encoding_errors=encoding_errors
    )
    rows = np.searchsorted(whole.lines, table.lines)
    rows = np.minimum(rows, len(whole) - 1)
    if not np.array_equal(whole.lines[rows], table.lines):
        raise DataError("changed since it was read", where=table.source)
    return [(whole.labels or [])[row] for row in rows.tolist()]
