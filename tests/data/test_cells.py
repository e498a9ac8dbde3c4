"""Cells: codes that behave like the list of strings they stand for."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from textclf.data.cells import CellCoder, Cells, LabelSets

RAW = st.lists(st.sampled_from(["a", "b", "A", "", " a", "é|b"]), max_size=20)


@given(raw=RAW, place=st.slices(20), data=st.data())
def test_cells_are_the_list_they_stand_for(
    raw: list[str], place: slice, data: st.DataObject
) -> None:
    cells = Cells.of(raw)
    assert cells == raw
    assert cells[place] == raw[place]
    assert cells.kinds == tuple(dict.fromkeys(raw))
    assert cells.codes.dtype == np.int32
    assert Cells.of(cells) is cells
    rows = data.draw(st.lists(st.integers(0, len(raw) - 1))) if raw else []
    some = cells.take(np.array(rows, dtype=np.int64))
    assert some == [raw[row] for row in rows]
    assert some.kinds == tuple(dict.fromkeys(some))


def test_cells_differ_from_others() -> None:
    cells = Cells.of(["a", "b"])
    assert cells != ["a"]
    assert cells != ["b", "a"]
    assert cells != 3
    assert [cells[0], cells[-1]] == ["a", "b"]


@given(blocks=st.lists(RAW, max_size=4))
def test_blocks_are_coded_like_the_whole(blocks: list[list[str]]) -> None:
    coder = CellCoder()
    for block in blocks:
        coder.extend(block)
    assert coder.cells() == [cell for block in blocks for cell in block]


def test_label_sets_are_counted_by_row() -> None:
    sets = LabelSets((("a",), ("b", "a"), ()), np.array([0, 1, 1, 2], np.int32))
    assert list(sets) == [("a",), ("b", "a"), ("b", "a"), ()]
    assert sets[2:] == [("b", "a"), ()]
    assert dict(sets.counts()) == {"a": 3, "b": 2}
    assert list(sets.counts()) == ["a", "b"]
