"""The rows of a vocabulary: its own from the file, the others drawn alike."""

import gzip
import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from textclf.errors import ArtefactError, ConfigError
from textclf.text.vocabulary import RESERVED, Vocabulary
from textclf.vectors import seed_rows

FORMS = ["glove", "word2vec-text", "fasttext-vec", "binary", "binary-lines"]


def vocabulary(*tokens):
    counts = np.arange(len(tokens) + 2, 0, -1, dtype=np.int64)
    return Vocabulary((*RESERVED, *tokens), counts)


def seeded(path, known, *, dim=3, seed=7):
    return seed_rows(path, known, dim=dim, rng=np.random.default_rng(seed))


def slow_reference(words, matrix, tokens):
    """Token to row, by a search of the whole file for each token."""
    rows = {}
    for token in tokens:
        exact = [i for i, word in enumerate(words) if word == token]
        small = [i for i, word in enumerate(words) if word == token.lower()]
        other = [i for i, word in enumerate(words) if word.lower() == token]
        for candidates in (exact, small, other):
            if candidates:
                rows[token] = matrix[candidates[0]]
                break
    return rows


@given(
    words=st.lists(st.text("abAB", min_size=1, max_size=3), min_size=1, max_size=30),
    tokens=st.lists(
        st.text("abAB", min_size=1, max_size=3), min_size=1, max_size=12, unique=True
    ),
    form=st.sampled_from(FORMS),
    packed=st.booleans(),
)
def test_rows_equal_those_of_a_slow_search(write, words, tokens, form, packed):
    matrix = np.random.default_rng(len(words)).normal(size=(len(words), 3))
    matrix = matrix.astype(np.float32)
    expected = slow_reference(words, matrix, tokens)
    path = write(form, words, matrix, packed=packed)
    known = vocabulary(*tokens)
    if not expected:
        with pytest.raises(ConfigError, match="none of the"):
            seeded(path, known)
        return
    result = seeded(path, known)
    assert result.found.tolist() == [token in expected for token in known.tokens]
    for token, row in expected.items():
        np.testing.assert_array_equal(result.matrix[known.ids[token]], row)


@pytest.mark.parametrize("name", ["GoogleNews-300d.13605words.bin.gz"])
def test_kims_bound_follows_from_the_real_vectors(shared, name):
    found = ["good", "bad", "film", "movie", "actor", "funny", "dull", "story"]
    known = vocabulary(*found, *(f"unheard-{i}" for i in range(400)))
    result = seeded(shared / "vectors" / name, known, dim=300)
    assert result.coverage.types_found == len(found)
    drawn = result.matrix[~result.found][1:]
    # Kim (2014) used U(-0.25, 0.25) for this file.
    assert 0.2 < np.abs(drawn).max() < 0.35
    assert drawn.var() == pytest.approx(result.matrix[result.found].var(), rel=0.02)


def test_drawn_rows_have_the_variance_of_the_found_and_padding_is_zero(write):
    words = [f"w{i}" for i in range(50)]
    matrix = np.random.default_rng(1).normal(2.0, 0.3, size=(50, 40))
    known = vocabulary(*words[:30], *(f"new{i}" for i in range(9000)))
    result = seeded(write("binary", words, matrix), known, dim=40)
    drawn = result.matrix[~result.found][1:]
    assert not result.matrix[0].any()
    assert result.matrix[1].any()
    assert np.abs(drawn).max() <= 0.3 * np.sqrt(3) * 1.1
    assert drawn.var() == pytest.approx(result.matrix[result.found].var(), rel=0.01)
    assert drawn.mean() == pytest.approx(0.0, abs=0.01)
    assert len(np.unique(drawn[:, 0])) > 8900


def test_the_seed_alone_decides_the_drawn_rows(write):
    path = write("glove", ["a", "b"], [[1, 2, 3], [4, 5, 7]])
    known = vocabulary("a", "b", "c")
    first, again, other = (seeded(path, known, seed=s).matrix for s in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    np.testing.assert_array_equal(first[2:4], other[2:4])
    assert (first[[1, 4]] != other[[1, 4]]).all()


def test_another_size_names_the_key_and_the_cure(write):
    path = write("glove", ["a", "b"], np.ones((2, 3)))
    with pytest.raises(ConfigError) as caught:
        seeded(path, vocabulary("a"), dim=100)
    assert str(caught.value) == (
        "embedding.dim: got 100, the file has 3 (vectors.dat); "
        "fix: set embedding.dim: 3"
    )


def test_nothing_found_shows_both_sides(write):
    path = write("glove", ["der", "die\x1b"], np.ones((2, 3)))
    with pytest.raises(ConfigError) as caught:
        seeded(path, vocabulary("the", "of"))
    message = str(caught.value)
    assert "embedding.vectors" in message
    assert "der, die\\x1b" in message
    assert "the, of" in message


@pytest.mark.parametrize("bad", [b"nan", b"inf", b"1_000", b"0x1", b"1e99", b"one"])
def test_bad_numbers_of_wanted_rows_are_refused_by_line(raw, bad):
    path = raw(b"a 1 2 3\nb 1 2 3\nc 1 %b 3\n" % bad)
    with pytest.raises(ArtefactError, match=":3: got"):
        seeded(path, vocabulary("a", "c"))
    assert seeded(path, vocabulary("a", "b")).coverage.rows == 3  # c is not read


def test_words_that_are_no_utf8_are_passed_over(write):
    path = write("binary", ["a\udcff", "a", "b"], [[9, 9, 9], [1, 2, 3], [4, 5, 6]])
    result = seeded(path, vocabulary("a", "b"))
    assert result.matrix[2].tolist() == [1, 2, 3]
    assert result.coverage.undecodable == 1


@pytest.mark.parametrize("form", ["glove", "binary"])
@pytest.mark.parametrize("packed", [False, True])
def test_memory_does_not_grow_with_the_file(tmp_path, form, packed):
    rows, dim = 60_000, 50
    path = tmp_path / "large"
    numbers = {
        "glove": b" " + b" ".join([b"0.123456"] * dim) + b"\n",
        "binary": b" " + np.linspace(-1, 1, dim, dtype="<f4").tobytes(),
    }[form]
    header = b"%d %d\n" % (rows, dim) if form == "binary" else b""
    data = header + b"".join(b"w%d" % i + numbers for i in range(rows))
    path.write_bytes(gzip.compress(data, 1) if packed else data)
    size = len(data)
    del data
    known = vocabulary(*(f"w{i}" for i in range(0, rows, 20)))
    tracemalloc.start()
    try:
        result = seeded(path, known, dim=dim)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert result.coverage.types_found == rows // 20
    assert size > 12e6
    assert peak < result.matrix.nbytes + 10e6


@given(size=st.floats(0.01, 50), scale=st.floats(0.01, 5))
def test_one_factor_brings_the_found_rows_to_a_scale(write, size, scale):
    words = [f"w{i}" for i in range(40)]
    matrix = np.random.default_rng(3).normal(1, size, size=(40, 3)).astype(np.float32)
    path = write("glove", words, matrix)
    known = vocabulary(*words[:30], "absent", "lacking")
    rng = np.random.default_rng(1)
    result = seed_rows(path, known, dim=3, rng=rng, scale=scale)
    rows = result.matrix[2:32]
    assert rows.std() == pytest.approx(scale, rel=1e-3)
    plain = seeded(path, known).matrix[2:32]
    assert rows / plain == pytest.approx(
        np.full((30, 3), scale / plain.std()), rel=1e-3
    )
    bound = np.sqrt(3) * scale
    assert np.abs(result.matrix[32:]).max() <= bound * 1.001


def test_rows_of_zeros_have_no_scale(write):
    path = write("glove", ["a", "b"], np.zeros((2, 3), dtype=np.float32))
    rng = np.random.default_rng(1)
    result = seed_rows(path, vocabulary("a", "b"), dim=3, rng=rng, scale=0.1)
    assert not result.matrix.any()
