"""Text rows: what is checked of every row, and the line in every message."""

import gzip
import tracemalloc

import numpy as np
import pytest

from textclf.errors import ArtefactError
from textclf.vectors import stream_vectors

GOOD = [b"the 0.5 1 2", b"of 0.5 1 2", b"and 0.5 1 2", b"film 0.5 1 2"]


def rows(path):
    return sum(len(block.tokens) for block in stream_vectors(path))


@pytest.mark.parametrize("header", [b"", b"4 3\n"])
@pytest.mark.parametrize("line", range(4))
@pytest.mark.parametrize(
    "bad",
    [b"x 1 2", b"x", b"", b"x 1 2 ", b"x 1 2\r", b"x 1 2 3 4", b"x 1 2 3 4.5e-3 5"],
)
def test_a_row_of_another_size_is_refused_by_line(raw, header, line, bad):
    lines = [*GOOD]
    lines[line] = bad
    path = raw(header + b"\n".join(lines) + b"\n")
    number = line + 1 + bool(header)
    with pytest.raises(ArtefactError, match=rf":{number}: got \d numbers, expected 3"):
        rows(path)


@pytest.mark.parametrize(
    ("promised", "message"), [(3, ":5: got more"), (5, "4 of the 5")]
)
def test_a_header_that_miscounts_is_refused(raw, promised, message):
    path = raw(b"%d 3\n" % promised + b"\n".join(GOOD) + b"\n")
    with pytest.raises(ArtefactError, match=message):
        rows(path)


def test_numbers_are_checked_where_they_are_read(raw):
    path = raw(b"the 0.5 1 2\nof 1_000 1 2\nand nan 1 2\n")
    (block,) = stream_vectors(path)
    np.testing.assert_array_equal(block.values(0), np.float32([0.5, 1, 2]))
    with pytest.raises(ArtefactError, match=':2: got "1_000" as number 1 of 3'):
        block.values(1)
    with pytest.raises(ArtefactError, match=':3: got "nan"'):
        block.values(2)


def test_controls_in_a_damaged_row_are_escaped(raw):
    path = raw(b"the 0.5 1\nof \x1b[31m 1\n")
    (block,) = stream_vectors(path)
    with pytest.raises(ArtefactError) as caught:
        block.values(1)
    assert "\x1b" not in str(caught.value)


@pytest.mark.parametrize("start", [b"the 1 2\n", b"2 2\nthe 1 2\n"])
def test_a_bomb_without_line_ends_is_refused_in_bounded_memory(raw, start):
    path = raw(gzip.compress(start + b"0" * (64 << 20), 1))
    tracemalloc.start()
    try:
        with pytest.raises(ArtefactError, match="line of more than"):
            rows(path)
        assert tracemalloc.get_traced_memory()[1] < 24 << 20
    finally:
        tracemalloc.stop()
