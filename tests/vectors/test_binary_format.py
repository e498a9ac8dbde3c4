"""Binary rows: counted, finite, and nothing after them."""

import gzip
import tracemalloc

import numpy as np
import pytest

from textclf.errors import ArtefactError
from textclf.vectors import stream_vectors

FORMS = ["binary", "binary-lines"]


def rows(path):
    return sum(len(block.tokens) for block in stream_vectors(path))


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_numbers_that_are_not_finite_are_refused_by_row(write, form, value):
    matrix = np.ones((3, 4), dtype=np.float32)
    matrix[1, 2] = value
    (block,) = stream_vectors(write(form, ["a", "b", "c"], matrix))
    np.testing.assert_array_equal(block.values(2), matrix[2])
    with pytest.raises(ArtefactError, match="number 3 of row 2, expected a finite"):
        block.values(1)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("after", [b"\n\n", b"x", b"word \x00\x00\x80?"])
def test_data_after_the_last_row_is_refused(write, raw, form, after):
    good = write(form, ["a", "b"], np.ones((2, 1))).read_bytes()
    with pytest.raises(ArtefactError, match="data after the 2 rows of 1 numbers"):
        rows(raw(good + after))


@pytest.mark.parametrize("dim", [3, 5])
def test_a_header_with_another_size_of_rows_is_refused(write, raw, dim):
    data = write("binary", list("abcdef"), np.ones((6, 4))).read_bytes()
    with pytest.raises(ArtefactError):
        rows(raw(data.replace(b"6 4\n", b"6 %d\n" % dim, 1)))


def test_blocks_hold_rows_larger_than_what_is_read_at_once(write):
    matrix = np.random.default_rng(0).normal(size=(40, 9000)).astype(np.float32)
    words = [f"w{i}" for i in range(40)]
    blocks = list(stream_vectors(write("binary", words, matrix)))
    assert len(blocks) > 1
    assert [t.decode() for b in blocks for t in b.tokens] == words
    got = [b.values(i) for b in blocks for i in range(len(b.tokens))]
    np.testing.assert_array_equal(np.array(got), matrix)


def test_a_bomb_without_words_is_refused_in_bounded_memory(raw):
    path = raw(gzip.compress(b"100 4\nthe \xff" + bytes(64 << 20), 1))
    tracemalloc.start()
    try:
        with pytest.raises(ArtefactError, match="no end of a word"):
            rows(path)
        assert tracemalloc.get_traced_memory()[1] < 24 << 20
    finally:
        tracemalloc.stop()
