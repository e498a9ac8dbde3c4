"""What people should know of their data: shared texts, clashing and odd labels."""

from collections.abc import Iterator, Mapping
from itertools import combinations

import numpy as np

from textclf.data.cells import LabelSets
from textclf.data.copies import Prints, fingerprints, grouped
from textclf.data.labels import look_alikes, split_cells
from textclf.data.stored import chosen
from textclf.data.tables import Table
from textclf.errors import one_of, printable


def notes_on_tables(tables: Mapping[str, Table], *, separator: str | None) -> list[str]:
    """Returns warnings about tables as they came, the most serious first.

    Args:
        tables: The table of each split; one is called `train`.
        separator: What stands between the labels of a cell.
    """
    return [
        *_overlap_notes(tables),
        *_conflict_notes(tables["train"], separator),
        *_replacement_notes(tables),
    ]


def notes_on_labels(counts: Mapping[str, int]) -> list[str]:
    """Returns warnings about labels that look alike or have a single training row."""
    notes = []
    for group in look_alikes(counts):
        names = " and ".join(
            f'"{printable(name, limit=60)}" ({counts[name]:,})' for name in group
        )
        notes.append(f"labels that look alike but are kept apart: {names}")
    lonely = [name for name, count in counts.items() if count == 1]
    if lonely:
        notes.append(f"labels with a single training row: {one_of(lonely)}")
    return notes


def shared(table: Table, other: Table) -> tuple[int, int]:
    """Counts the rows of a table whose text occurs in another.

    Returns:
        How many do verbatim, and how many if case and blanks are ignored.
    """
    keys, others = table.copy_keys(), other.copy_keys()
    loosely = np.flatnonzero(np.isin(keys, others))
    likely = np.flatnonzero(np.isin(others, keys))
    verbatim = np.isin(
        fingerprints(chosen(table.texts, loosely), len(loosely)),
        fingerprints(chosen(other.texts, likely), len(likely)),
    )
    return int(verbatim.sum()), len(loosely)


def conflicting(keys: Prints, labels: LabelSets) -> int:
    """Counts the different texts that occur with different labels."""
    sets: dict[frozenset[str], int] = {}
    of_kind = [sets.setdefault(frozenset(kind), len(sets)) for kind in labels.kinds]
    given = np.asarray(of_kind, dtype=np.int64)[labels.codes]
    groups = grouped(keys)
    lowest = np.full(len(keys), len(sets))
    np.minimum.at(lowest, groups, given)
    return len(np.unique(groups[given != lowest[groups]]))


def _overlap_notes(tables: Mapping[str, Table]) -> Iterator[str]:
    for other, name in combinations(tables, 2):
        verbatim, loosely = shared(tables[name], tables[other])
        if not loosely:
            continue
        more = f" ({loosely:,} if case and blanks are ignored)"
        yield (
            f"{verbatim:,} of {len(tables[name]):,} {name} texts also occur in {other}"
            f"{more if loosely > verbatim else ''}"
        )


def _conflict_notes(train: Table, separator: str | None) -> Iterator[str]:
    cells = split_cells(train.labels or [], separator=separator, place=train.place)
    conflicts = conflicting(train.copy_keys(), cells)
    if conflicts:
        yield (
            "texts of train that occur more than once, labelled differently: "
            f"{conflicts:,}"
        )


def _replacement_notes(tables: Mapping[str, Table]) -> Iterator[str]:
    replaced = {table.source: table.replaced for table in tables.values()}
    for source, cells in replaced.items():
        if cells:
            yield f"{cells:,} cells of {source} held invalid bytes, replaced by U+FFFD"
