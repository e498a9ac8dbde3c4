"""Nearest words and analogies, against plain loops."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from textclf.errors import ConfigError, DataError
from textclf.vectors.queries import analogy, cosines, neighbours
from textclf.vectors.table import Vectors

MATRICES = hnp.arrays(
    np.float32,
    st.tuples(st.integers(4, 12), st.just(3)),
    elements=st.integers(-4, 4).map(float),
)


def _vectors(matrix: np.ndarray) -> Vectors:
    return Vectors(tuple(f"w{row}" for row in range(len(matrix))), matrix)


def _cosine(a: np.ndarray, b: np.ndarray) -> float:
    norms = float(np.linalg.norm(a) * np.linalg.norm(b))
    return float(a @ b) / norms if norms else 0.0


@given(MATRICES)
def test_cosines_are_those_of_a_plain_loop(matrix):
    expected = [_cosine(row, matrix[0]) for row in matrix]
    vectors = _vectors(matrix)
    got = cosines(vectors, vectors.unit[0])
    np.testing.assert_allclose(got, expected, atol=1e-5)


@given(MATRICES, st.integers(1, 20))
def test_neighbours_are_sorted_and_leave_the_word_out(matrix, k):
    near = neighbours(_vectors(matrix), "w1", k=k)
    assert len(near) == min(k, len(matrix) - 1)
    assert "w1" not in {one.word for one in near}
    scores = [one.score for one in near]
    assert scores == sorted(scores, reverse=True)
    left = {f"w{r}" for r in range(len(matrix))} - {one.word for one in near} - {"w1"}
    for word in left:
        row = int(word[1:])
        assert _cosine(matrix[row], matrix[1]) <= scores[-1] + 1e-5


@pytest.mark.parametrize("method", ["add", "mul"])
@given(matrix=MATRICES)
def test_analogies_have_the_best_score_of_a_plain_loop(method, matrix):
    def score(row: int) -> float:
        a, b, c = (_cosine(matrix[row], matrix[other]) for other in (0, 1, 2))
        if method == "add":
            return b - a + c
        return (b + 1) / 2 * (c + 1) / 2 / ((a + 1) / 2 + 1e-3)

    near = analogy(_vectors(matrix), ["w0", "w1", "w2"], k=1, method=method)
    best = max(score(row) for row in range(3, len(matrix)))
    assert near[0].score == pytest.approx(best, rel=1e-3, abs=1e-4)
    assert int(near[0].word[1:]) >= 3


def test_equal_scores_come_in_the_order_of_the_file():
    near = neighbours(_vectors(np.ones((6, 3), np.float32)), "w2", k=3)
    assert [one.word for one in near] == ["w0", "w1", "w3"]


def test_what_cannot_be_asked():
    vectors = _vectors(np.eye(3, dtype=np.float32))
    with pytest.raises(ConfigError, match="--k"):
        neighbours(vectors, "w0", k=0)
    with pytest.raises(DataError, match="no vector"):
        analogy(vectors, ["w0", "w1", "absent"], k=1, method="add")


def test_a_country_is_to_its_people(shared):
    path = shared / "vectors" / "glove.6B.50d.first10000.txt.gz"
    vectors = Vectors.read(path)
    near = neighbours(vectors, "good", k=10)
    assert "better" in {one.word for one in near}
    queen = analogy(vectors, ["man", "king", "woman"], k=5, method="add")
    assert "queen" in {one.word for one in queen}


def test_answers_are_those_of_gensim(shared):
    keyed = pytest.importorskip("gensim.models").KeyedVectors
    path = shared / "vectors" / "wiki-news-300d.first999.vec.gz"
    theirs = keyed.load_word2vec_format(str(path), limit=999)
    ours = Vectors.read(path)
    for word in ("time", "people", "city"):
        expected = theirs.most_similar(word, topn=5)
        got = neighbours(ours, word, k=5)
        assert [one.word for one in got] == [word for word, _ in expected]
        np.testing.assert_allclose(
            [one.score for one in got], [score for _, score in expected], atol=1e-5
        )
