"""Columns of a file that are kept beside its texts, into what is written of them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, repeat
from pathlib import Path
from typing import Self

from textclf.data import parquet
from textclf.data.columns import Cell, position
from textclf.data.formats import format_of
from textclf.data.lines import Decoding
from textclf.data.tables import Table
from textclf.errors import DataError

_STRICT = Decoding("utf-8", "strict")


@dataclass(frozen=True)
class Kept:
    """Columns of a file, which is read a second time for them.

    Attributes:
        path: The file.
        kinds: What the cells of each column are, None apart: str, int, float or bool.
    """

    path: Path
    kinds: Mapping[str, type]

    @classmethod
    def of(cls, path: Path, names: Sequence[str] | None, *, text: str) -> Self:
        """Looks for columns in a file.

        Args:
            path: CSV, TSV, JSONL or Parquet.
            names: The columns; None: all, less that of the texts.
            text: The column of the texts.

        Raises:
            DataError: The file cannot be read or has no further columns, or a column
                holds what no cell of a table can.
            MissingColumnError: There is no such column.
        """
        form = format_of(path)
        if form.cells is None:
            problem = f"got a {form.name}, which has no columns beside its texts"
            raise DataError(problem, where=str(path))
        there = form.columns(path, decoding=_STRICT)
        chosen = [name for name in there if name != text] if names is None else names
        for name in chosen:
            position(name, there, key="keep", where=str(path))
        chosen = list(dict.fromkeys(chosen))
        if form.name == "parquet":
            return cls(path, parquet.kinds(path, chosen))
        return cls(path, dict.fromkeys(chosen, str))

    def beside(
        self, tables: Iterable[Table]
    ) -> Iterator[tuple[Sequence[str], dict[str, list[Cell]]]]:
        """Yields the texts of each table of the file with the cells beside them.

        Of JSONL, whose kind is str, also the booleans and None of the file; numbers and
        whatever has parts are `JsonText`, and a key that a line lacks is None.

        Args:
            tables: The whole file, table after table.

        Raises:
            DataError: The file is not strictly what its name says, or it has changed.
        """
        records = self._records()
        for table in tables:
            some = list(islice(records, len(table)))
            if len(some) < len(table):
                raise DataError("changed while it was read", where=str(self.path))
            columns = map(list, zip(*some, strict=True))
            yield table.texts, dict(zip(self.kinds, columns, strict=True))

    def _records(self) -> Iterator[Sequence[Cell]]:
        read = format_of(self.path).cells
        if read is None or not self.kinds:
            return repeat(())
        return read(self.path, names=list(self.kinds), decoding=_STRICT)
