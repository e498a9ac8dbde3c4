"""Every form, whole and cut, against a plain reader that holds the whole file."""

import gzip
import struct
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from textclf.errors import ArtefactError
from textclf.vectors import sniff, stream_vectors
from textclf.vectors.unpacked import Unpacked

FORMS = ["glove", "glove-crlf", "word2vec-text", "fasttext-vec", "binary"]
FORMS += ["binary-lines"]
WORDS = ["the", "naïve", "猫", "🎬"]
MATRIX = np.array(
    [[0.5, -1.25, 7.0], [3.0, 0.0, 9.5], [0.1, 1e-8, -0.25], [1.0, 2.0, 4.0]],
    dtype=np.float32,
)


def read(path: Path) -> tuple[list[str], np.ndarray]:
    words: list[str] = []
    rows: list[np.ndarray] = []
    for block in stream_vectors(path):
        words += [token.decode(errors="surrogateescape") for token in block.tokens]
        rows += [block.values(row) for row in range(len(block.tokens))]
    return words, np.array(rows)


def plain_text(path: Path, dim: int, header: bool) -> tuple[list[str], np.ndarray]:
    """Reads text the obvious way."""
    data = path.read_bytes()
    text = (gzip.decompress(data) if path.suffix == ".gz" else data).decode(
        errors="surrogateescape"  # one real file has words that are not UTF-8
    )
    rows = [line.strip(" ").rsplit(" ", dim) for line in text.split("\n")[:-1]]
    rows = rows[1:] if header else rows
    return [r[0] for r in rows], np.array([r[1:] for r in rows], dtype=np.float32)


def plain_binary(path: Path) -> tuple[list[str], np.ndarray]:
    """Reads word2vec binary byte by byte, as the C tool does."""
    data = path.read_bytes()
    data = gzip.decompress(data) if path.suffix == ".gz" else data
    header, _, body = data.partition(b"\n")
    count, dim = map(int, header.split())
    words, rows, position = [], [], 0
    for _ in range(count):
        word = b""
        while (byte := body[position : position + 1]) != b" ":
            word += byte if byte != b"\n" else b""
            position += 1
        words.append(word.decode())
        rows.append(struct.unpack_from(f"<{dim}f", body, position + 1))
        position += 1 + 4 * dim
    return words, np.array(rows, dtype=np.float32)


@given(
    words=st.lists(
        st.text(st.characters(exclude_categories=["Cs"], exclude_characters=" \n\r"))
        .filter(bool)
        .filter(lambda word: not word.startswith("\ufeff")),
        min_size=1,
        max_size=8,
    ),
    form=st.sampled_from(FORMS),
    packed=st.booleans(),
    seed=st.integers(0, 1000),
)
def test_what_was_written_is_read(write, words, form, packed, seed):
    words = ["first", *words]
    matrix = np.random.default_rng(seed).normal(size=(len(words), 5))
    path = write(form, words, matrix, packed=packed)
    got_words, got = read(path)
    assert got_words == words
    np.testing.assert_array_equal(got, matrix.astype(np.float32))


@pytest.mark.parametrize("form", ["glove", "glove-crlf", "word2vec-text"])
def test_spaces_of_any_kind_belong_to_the_word(write, form):
    words = ["a", "b", ". . .", "to name@domain.com", "1\u00a02", "x\u0085y", "\u2028"]
    words += ["at 5 pm", "\u00a0", "c"]
    path = write(form, words, np.ones((len(words), 3)))
    assert read(path)[0] == words


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("size", [1, 2, 3, 7, 16, 29])
def test_where_blocks_end_does_not_matter(write, monkeypatch, form, size):
    path = write(form, WORDS, MATRIX)
    whole = Unpacked.read
    monkeypatch.setattr(Unpacked, "read", lambda s, most=size: whole(s, most))
    words, matrix = read(path)
    assert words == WORDS
    np.testing.assert_array_equal(matrix, MATRIX)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("packed", [False, True])
def test_a_cut_at_any_byte_is_refused_or_loses_no_half_row(write, raw, form, packed):
    data = write(form, WORDS, MATRIX, packed=packed).read_bytes()
    for length in range(len(data)):
        cut = data[:length]
        path = raw(cut, "cut")
        if not packed and form == "binary-lines" and length == len(data) - 1:
            assert read(path)[0] == WORDS  # only the last line end is gone
        elif not packed and form.startswith("glove") and cut.endswith(b"\n"):
            assert read(path)[0] == WORDS[: cut.count(b"\n")]
        else:
            with pytest.raises(ArtefactError):
                read(path)


@pytest.mark.parametrize("form", ["word2vec-text", "binary", "glove"])
def test_a_cut_names_the_place(write, raw, form):
    data = write(form, WORDS, MATRIX).read_bytes()
    with pytest.raises(ArtefactError, match=rf"byte {len(data) - 2}\b"):
        read(raw(data[:-2], "cut"))


@pytest.mark.parametrize("form", FORMS)
def test_a_flipped_bit_of_gzip_never_changes_what_is_read(write, raw, form):
    data = write(form, WORDS, MATRIX, packed=True).read_bytes()
    passed = 0
    # After the ten bytes of the gzip header (time, system), which carry no content.
    for place in range(10, len(data)):
        bad = bytearray(data)
        bad[place] ^= 0x10
        path = raw(bytes(bad), "flipped")
        try:
            words, matrix = read(path)
        except ArtefactError:
            continue
        passed += 1
        assert words == WORDS
        np.testing.assert_array_equal(matrix, MATRIX)
    assert passed <= 1  # the bits that fill the last byte of the packed data


@given(data=st.binary(max_size=80), form=st.sampled_from(FORMS), at=st.integers(0, 99))
def test_overwritten_bytes_never_give_a_traceback(write, raw, data, form, at):
    good = write(form, WORDS, MATRIX).read_bytes()
    try:
        words, matrix = read(raw(good[:at] + data + good[at + len(data) :], "bad"))
    except ArtefactError:
        return
    assert len(words) == len(matrix)
    assert np.isfinite(matrix).all()


def test_progress_adds_up_to_the_size_of_the_file(write):
    class Listener:
        def __init__(self):
            self.total, self.done = 0.0, 0.0

        def task(self, name, total=None):
            self.total = total
            return self

        def advance(self, steps=1.0, note=""):
            self.done += steps

        __enter__ = lambda self: self  # noqa: E731
        __exit__ = lambda self, *fault: None  # noqa: E731

    matrix = np.random.default_rng(0).normal(size=(300, 4000))
    path, heard = write("binary", [f"w{i}" for i in range(300)], matrix), Listener()
    list(stream_vectors(path, progress=heard))
    assert heard.done == heard.total == path.stat().st_size


# Rows and size: the table of the shared README, and the headers of the fixtures.
SLICES = [
    ("GoogleNews-300d.13605words.bin.gz", 13605, 300, "word2vec-binary"),
    ("glove.6B.50d.first10000.txt.gz", 10000, 50, "glove-text"),
    ("glove.6B.50d.first10000_plus3330.txt.gz", 13330, 50, "glove-text"),
    ("glove.6B.100d.first2604.txt.gz", 2604, 100, "glove-text"),
    ("glove.6B.300d.sample100.txt.gz", 100, 300, "glove-text"),
    ("glove.twitter.27B.25d.11925words.txt.gz", 11925, 25, "glove-text"),
    ("wiki-news-300d.first999.vec.gz", 999, 300, "word2vec-text"),
    ("emoji2vec.bin", 1661, 300, "word2vec-binary"),
    ("format_fixtures/euclidean_vectors.bin", 2747, 10, "word2vec-binary"),
    ("format_fixtures/lee_fasttext.vec", 1762, 10, "word2vec-text"),
    ("format_fixtures/pang_lee_polarity_fasttext.vec", 1694, 100, "word2vec-text"),
    ("format_fixtures/test_glove.txt", None, 50, "glove-text"),
]


@pytest.mark.parametrize(("name", "rows", "dim", "form"), SLICES)
def test_real_files_equal_a_plain_reader(shared, name, rows, dim, form):
    path = shared / "vectors" / name
    layout = sniff(path)
    assert (layout.format, layout.dim) == (form, dim)
    words, matrix = read(path)
    if form == "word2vec-binary":
        expected, values = plain_binary(path)
    else:
        expected, values = plain_text(path, dim, header=form == "word2vec-text")
    assert words == expected
    assert rows in (None, len(words))
    np.testing.assert_array_equal(matrix, values)
