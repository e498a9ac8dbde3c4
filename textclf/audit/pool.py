"""All rows of all splits in one numbering, each with its place, label and group."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from textclf.audit.finding import Example, excerpt
from textclf.audit.near import near_groups
from textclf.data.cells import CellCoder, Cells, LabelSets
from textclf.data.copies import Prints, fingerprints, grouped
from textclf.data.tables import Table
from textclf.evaluation.terms import has_blanks
from textclf.text.encoded import offsets_of

Rows = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Pool:
    """The rows of all tables, one after the other.

    Args:
        tables: The table of each split; `train` comes first.
        separator: What stands between the labels of a cell, if there may be several.
    """

    tables: Mapping[str, Table]
    separator: str | None

    def __len__(self) -> int:
        return int(self.starts[-1])

    @property
    def splits(self) -> tuple[str, ...]:
        """The names of the splits."""
        return tuple(self.tables)

    @cached_property
    def starts(self) -> Rows:
        """int64[splits + 1]: the first row of each split."""
        return offsets_of(np.array([len(table) for table in self.tables.values()]))

    def rows(self, split: str) -> Rows:
        """Returns the rows of a split."""
        at = self.splits.index(split)
        return np.arange(self.starts[at], self.starts[at + 1])

    @cached_property
    def split_of(self) -> Rows:
        """int64[n]: the number of each row's split."""
        return np.repeat(np.arange(len(self.tables)), np.diff(self.starts))

    @cached_property
    def texts(self) -> list[str]:
        """The texts, in memory."""
        return list(chain.from_iterable(one.texts for one in self.tables.values()))

    @cached_property
    def cells(self) -> Cells:
        """The label cells, verbatim."""
        coder = CellCoder()
        for table in self.tables.values():
            coder.extend(table.labels or ())
        return coder.cells()

    @cached_property
    def labels(self) -> LabelSets:
        """The labels of each row; none where a cell is blank."""

        def parts(cell: str) -> tuple[str, ...]:
            if self.separator is None:
                return (cell,) if cell.strip() else ()
            names = (name.strip() for name in cell.split(self.separator))
            return tuple(dict.fromkeys(filter(None, names)))

        return LabelSets(tuple(map(parts, self.cells.kinds)), self.cells.codes)

    def labels_in(self, split: str) -> LabelSets:
        """Returns the labels of the rows of a split."""
        return LabelSets(self.labels.kinds, self.labels.codes[self.rows(split)])

    @cached_property
    def set_of(self) -> Rows:
        """int64[n]: a number for each different set of labels."""
        known: dict[frozenset[str], int] = {}
        of_kind = [
            known.setdefault(frozenset(kind), len(known)) for kind in self.labels.kinds
        ]
        return np.asarray(of_kind, dtype=np.int64)[self.labels.codes]

    @cached_property
    def verbatim(self) -> Prints:
        """uint64[n]: equal for texts that are equal to the last sign."""
        return fingerprints(self.texts, len(self.texts))

    @cached_property
    def group_of(self) -> Rows:
        """int64[n]: the group of texts equal but for case and blanks."""
        keys = [table.copy_keys() for table in self.tables.values()]
        return grouped(np.concatenate(keys))

    @cached_property
    def first_of(self) -> Rows:
        """int64[groups]: the first row of each group."""
        return np.unique(self.group_of, return_index=True)[1]

    @cached_property
    def spaced(self) -> bool:
        """Whether blanks part the words of these texts."""
        return has_blanks(self.texts)

    @cached_property
    def cluster_of(self) -> Rows:
        """int64[n]: the cluster of a row: copies, near copies, near copies of these."""
        texts = [self.texts[row] for row in self.first_of.tolist()]
        clusters = near_groups(texts, characters=not self.spaced)
        return np.asarray(clusters[self.group_of])

    def place(self, row: int) -> str:
        """Returns where a row stands: `file:line`."""
        at = int(self.split_of[row])
        table = self.tables[self.splits[at]]
        return table.place(int(row - self.starts[at]))

    def example(self, row: int, note: str = "", at: int = 0) -> Example:
        """Returns a row as an example; `at` is the place in the text that is meant."""
        text = excerpt(self.texts[row], at)
        return Example(self.place(row), text, self.cells[row], note)
