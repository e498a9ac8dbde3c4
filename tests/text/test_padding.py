"""Rectangles of ids: padding touches no id and few widths occur."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from textclf.text.encoded import Encoded, offsets_of
from textclf.text.padding import bucket_width, by_length, pad

ROWS = st.lists(st.lists(st.integers(1, 9), max_size=30), max_size=9)


def encoded(rows: list[list[int]]) -> Encoded:
    ids = np.array([i for row in rows for i in row], dtype=np.int32)
    offsets = offsets_of(np.array([len(row) for row in rows], dtype=np.int64))
    flags = np.zeros(len(rows), dtype=bool)
    return Encoded(ids, offsets, flags, flags.astype(np.float32))


@given(ROWS, st.randoms())
def test_padding_stands_right_of_untouched_ids(rows, random):
    chosen = random.choices(range(len(rows)), k=5) if rows else []
    batch = pad(encoded(rows), np.array(chosen, dtype=np.int64))
    width = bucket_width(max((len(rows[i]) for i in chosen), default=0))
    assert batch.dtype == np.int32
    assert batch.shape == (len(chosen), width)
    for row, index in zip(batch.tolist(), chosen, strict=True):
        assert row == rows[index] + [0] * (width - len(rows[index]))


def test_widths_up_to_a_hundred_thousand():
    widths = [bucket_width(length) for length in range(100_001)]
    for length, width in enumerate(widths):
        assert length <= width
        assert width % 8 == 0
        assert width - length <= max(7, length / 8) or length == 0
    assert widths == sorted(widths)
    assert widths[0] == 8
    assert len(set(widths)) <= 100
    assert len({width for width in widths if width <= 400}) <= 30


@pytest.mark.parametrize(
    ("length", "width"), [(1, 8), (8, 8), (9, 16), (65, 72), (129, 144), (400, 416)]
)
def test_width_of(length, width):
    assert bucket_width(length) == width


@given(ROWS, st.integers(1, 4))
def test_batches_cover_every_text_once_shortest_first(rows, size):
    batches = [batch.tolist() for batch in by_length(encoded(rows), size=size)]
    order = [row for batch in batches for row in batch]
    assert order == sorted(range(len(rows)), key=lambda i: len(rows[i]))
    assert all(len(batch) == size for batch in batches[:-1])
    assert all(batches)
