"""Flat ids, spans and truncation against lists."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from textclf.text.encoded import Encoded, offsets_of, shorten, spans

LENGTHS = st.lists(st.integers(0, 7), max_size=8)


def encoded(*rows: list[int]) -> Encoded:
    ids = np.array([i for row in rows for i in row], dtype=np.int32)
    offsets = offsets_of(np.array([len(row) for row in rows], dtype=np.int64))
    flags = np.zeros(len(rows), dtype=bool)
    return Encoded(ids, offsets, flags, flags.astype(np.float32))


@given(st.lists(st.lists(st.integers(1, 9), max_size=4), max_size=6))
def test_rows_lengths_and_empty(rows):
    flat = encoded(*rows)
    assert len(flat) == len(rows)
    assert [flat.row(i).tolist() for i in range(len(rows))] == rows
    assert flat.lengths.tolist() == [len(row) for row in rows]
    assert flat.empty.tolist() == [not row for row in rows]


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 6)), max_size=8))
def test_spans_are_ranges_end_to_end(pairs):
    starts, lengths = (
        (np.array(part, dtype=np.int64) for part in zip(*pairs, strict=True))
        if pairs
        else (np.zeros(0, np.int64),) * 2
    )
    expected = [i for start, n in pairs for i in range(start, start + n)]
    assert spans(starts, lengths).tolist() == expected


@given(LENGTHS, st.integers(1, 8), st.sampled_from(["head", "tail", "head_tail"]))
def test_shorten_keeps_what_slices_keep(reference, lengths, limit, keep):
    sizes = np.array(lengths, dtype=np.int64)
    ends = np.cumsum(sizes)
    texts = [[*range(end - n, end)] for end, n in zip(ends, lengths, strict=True)]
    expected = [i for text in texts for i in reference.shortened(text, limit, keep)]
    ids = np.arange(sizes.sum(), dtype=np.int32)
    assert shorten(ids, sizes, limit=limit, keep=keep).tolist() == expected


@pytest.mark.parametrize(
    ("offsets", "flags"),
    [
        ([], 0),
        ([1, 3], 1),
        ([0, 2], 1),
        ([0, 4], 1),
        ([0, 2, 1, 3], 3),
        ([0, 3], 2),
        ([0, 3], 0),
    ],
)
def test_refuses_offsets_and_flags_that_do_not_fit(offsets, flags):
    ids = np.zeros(3, dtype=np.int32)
    with pytest.raises(ValueError, match="must"):
        Encoded(
            ids, np.array(offsets, np.int64), np.zeros(flags, bool), np.zeros(flags)
        )
