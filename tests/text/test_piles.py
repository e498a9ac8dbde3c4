"""Piles against lists."""

import tempfile

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from textclf.text.piles import FilePile, MemoryPile

PARTS = st.lists(st.lists(st.integers(-5, 5), max_size=9), min_size=1, max_size=6)


@pytest.mark.parametrize("begin", [None, 0, 128])
@given(parts=PARTS, start=st.integers(0, 20), count=st.integers(0, 20))
def test_what_was_added_can_be_read(begin, parts, start, count):
    with tempfile.TemporaryFile() as stream:
        pile = MemoryPile(np.dtype(np.int32))
        if begin is not None:
            pile = FilePile(stream, np.dtype(np.int32), begin=begin)
        for part in parts:
            pile.append(np.array(part, dtype=np.int32))
        flat = sum(parts, [])
        start = min(start, len(flat))
        stop = min(start + count, len(flat))
        assert pile.read(start, stop).tolist() == flat[start:stop]


def test_a_pile_in_memory_grows_and_begins_again():
    pile = MemoryPile(np.dtype(np.int32))
    values = np.arange(100_000, dtype=np.int32)
    for start in range(0, 100_000, 7_000):
        pile.append(values[start : start + 7_000])
    pile.rewind()
    for start in range(0, 100_000, 7_000):
        part = pile.read(start, min(start + 7_000, 100_000))
        pile.append(part[::2] * 3)
    expected = np.concatenate(
        [values[s : s + 7_000][::2] for s in range(0, 100_000, 7_000)]
    )
    assert pile.whole().tolist() == (expected * 3).tolist()
