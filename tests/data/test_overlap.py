"""Notes: what is shared, contradictory or odd is counted rightly."""

import numpy as np
import pytest

from textclf.data.cells import LabelSets
from textclf.data.copies import keys_of
from textclf.data.overlap import (
    conflicting,
    notes_on_labels,
    notes_on_tables,
    shared,
)
from textclf.data.tables import Table


def table(
    rows: list[tuple[str, str]], source: str = "t.csv", replaced: int = 0
) -> Table:
    lines = np.arange(2, 2 + len(rows))
    texts, labels = [row[0] for row in rows], [row[1] for row in rows]
    return Table(texts, labels, lines, source, replaced)


def test_shared_texts_are_counted_by_row() -> None:  # row 21
    one = table([(text, "x") for text in ("a", "A", "a", "b", "c", "D ")])
    two = table([(text, "x") for text in ("a", "c", "d", "d")])
    assert shared(one, two) == (3, 5)
    assert shared(two, one) == (2, 4)
    assert shared(one, table([])) == (0, 0)


@pytest.mark.parametrize(
    ("texts", "kinds", "codes", "count"),
    [
        ("aabb", ("x", "y"), [0, 1, 0, 0], 1),
        ("aAbb", ("x", "y"), [0, 1, 1, 0], 2),
        ("abcb", ("x", "y"), [0, 1, 1, 1], 0),
        ("aa", ("xy", "yx"), [0, 1], 0),
        ("aab", ("xy", ""), [0, 1, 1], 1),
        ("", (), [], 0),
    ],
)
def test_texts_with_several_label_sets_are_counted_once(
    texts: str, kinds: tuple[str, ...], codes: list[int], count: int
) -> None:
    sets = LabelSets(tuple(map(tuple, kinds)), np.array(codes, dtype=np.int32))
    assert conflicting(keys_of(list(texts)), sets) == count


def test_notes_on_tables_name_the_splits() -> None:
    tables = {
        "train": table([("one", "a"), ("Two", "b"), ("two ", "a"), ("3", "a")]),
        "dev": table([("4", "a"), ("5", "b")]),
        "test": table([("one", "a"), ("two", "b"), (" 5", "b")], "u.csv", replaced=2),
    }
    assert notes_on_tables(tables, separator=None) == [
        "1 of 3 test texts also occur in train (2 if case and blanks are ignored)",
        "0 of 3 test texts also occur in dev (1 if case and blanks are ignored)",
        "texts of train that occur more than once, labelled differently: 1",
        "2 cells of u.csv held invalid bytes, replaced by U+FFFD",
    ]


def test_clean_tables_need_no_note() -> None:
    tables = {"train": table([("1", "a"), ("1", "a")]), "dev": table([("2", "a")])}
    assert notes_on_tables(tables, separator=None) == []
    assert notes_on_labels({"a": 2, "b": 2}) == []


@pytest.mark.parametrize(
    ("counts", "note"),
    [
        ({"Spam": 3, "ham": 2, "spam ": 1_000}, '"Spam" (3) and "spam " (1,000)'),
        ({"a": 1, "b": 2}, "single training row: a"),
    ],
)
def test_odd_labels_are_noted(counts: dict[str, int], note: str) -> None:  # 28, 29
    assert len(notes_on_labels(counts)) == 1
    assert note in notes_on_labels(counts)[0]
