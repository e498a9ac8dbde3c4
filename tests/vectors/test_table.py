"""Vectors in memory."""

import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from textclf.errors import ArtefactError, DataError
from textclf.vectors.table import Vectors


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "small.txt"
    path.write_bytes(b"the 3 4\nParis 0 0\n\xff\xfe 1 1\nthe 9 9\nparis 0 2\nof 1 0\n")
    return path


def test_all_rows_are_read_and_the_first_of_a_word_is_kept(path):
    vectors = Vectors.read(path)
    assert vectors.tokens == ("the", "Paris", "paris", "of")
    assert vectors.matrix.tolist() == [[3, 4], [0, 0], [0, 2], [1, 0]]
    assert vectors.matrix.dtype == np.float32
    assert (len(vectors), vectors.dim) == (4, 2)


def test_a_part_is_read(path):
    assert Vectors.read(path, limit=2).tokens == ("the", "Paris")
    assert Vectors.read(path, words={"of", "the"}).tokens == ("the", "of")
    with pytest.raises(DataError, match="none of the words"):
        Vectors.read(path, words={"absent"})


def test_a_limit_stops_before_damage(tmp_path):
    path = tmp_path / "cut.txt"
    rows = b"".join(b"w%d 1 2\n" % n for n in range(300_000))
    path.write_bytes(rows + b"bad")
    assert len(Vectors.read(path, limit=1000)) == 1000
    with pytest.raises(ArtefactError):
        Vectors.read(path)


def test_a_word_is_found_as_written_then_in_lower_case(path):
    vectors = Vectors.read(path)
    assert vectors.rows(["Paris", "paris", "PARIS", "The"]).tolist() == [1, 2, 2, 0]
    with pytest.raises(DataError, match=r'"pari".*did you mean paris\?'):
        vectors.row("pari")
    with pytest.raises(DataError, match="try another word"):
        vectors.row("zzzzzz")


@given(st.lists(st.lists(st.floats(-9, 9), min_size=3, max_size=3), max_size=9))
def test_unit_rows(rows):
    matrix = np.array(rows, dtype=np.float32).reshape(-1, 3)
    unit = Vectors(tuple(map(str, range(len(rows)))), matrix).unit
    for row, got in zip(matrix, unit, strict=True):
        norm = np.linalg.norm(row)
        expected = row / norm if norm > 0 else row
        np.testing.assert_allclose(got, expected, rtol=1e-5, atol=1e-6)


def test_what_does_not_fit_is_refused():
    with pytest.raises(ArtefactError, match="a row a word"):
        Vectors(("a",), np.zeros((2, 3), np.float32))
    with pytest.raises(ArtefactError, match="twice"):
        Vectors(("a", "a"), np.zeros((2, 3), np.float32))


def test_reading_all_rows_holds_them_once(write):
    rows, dim = 30_000, 64
    matrix = np.ones((rows, dim), dtype=np.float32)
    path = write("binary", [f"w{i}" for i in range(rows)], matrix)
    tracemalloc.start()
    try:
        vectors = Vectors.read(path)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert vectors.matrix.nbytes == matrix.nbytes
    words = rows * 200  # strings and their places in a dictionary
    assert peak < 1.3 * matrix.nbytes + words + 4e6
