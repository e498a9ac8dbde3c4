"""What people should know of their data: shared texts, clashing and odd labels."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

from textclf.data.labels import look_alikes, split_cells
from textclf.data.split import text_key
from textclf.data.tables import Table
from textclf.errors import one_of, printable


def notes_on_tables(tables: Mapping[str, Table], *, separator: str | None) -> list[str]:
    """Returns warnings about tables as they came, the most serious first.

    Args:
        tables: The table of each split; one is called `train`.
        separator: What stands between the labels of a cell.
    """
    keys = {
        name: [text_key(text) for text in table.texts] for name, table in tables.items()
    }
    return [
        *_overlap_notes(tables, keys),
        *_conflict_notes(tables["train"], keys["train"], separator),
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


def shared(texts: Sequence[str], others: Sequence[str]) -> int:
    """Counts the rows of `texts` whose text occurs in `others`."""
    known = set(others)
    return sum(text in known for text in texts)


def conflicting(texts: Sequence[str], labels: Sequence[tuple[str, ...]]) -> int:
    """Counts the different texts that occur with different labels."""
    seen: defaultdict[str, set[frozenset[str]]] = defaultdict(set)
    for text, cell in zip(texts, labels, strict=True):
        seen[text].add(frozenset(cell))
    return sum(len(given) > 1 for given in seen.values())


def _overlap_notes(
    tables: Mapping[str, Table], keys: Mapping[str, list[str]]
) -> Iterator[str]:
    for other, name in combinations(tables, 2):
        verbatim = shared(tables[name].texts, tables[other].texts)
        loosely = shared(keys[name], keys[other])
        if not loosely:
            continue
        more = f" ({loosely:,} if case and blanks are ignored)"
        yield (
            f"{verbatim:,} of {len(tables[name]):,} {name} texts also occur in {other}"
            f"{more if loosely > verbatim else ''}"
        )


def _conflict_notes(
    train: Table, keys: Sequence[str], separator: str | None
) -> Iterator[str]:
    cells = split_cells(train.labels or [], separator=separator, place=train.place)
    conflicts = conflicting(keys, cells)
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
