"""Vectors written in one format and read back."""

import gzip

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from textclf.errors import ArtefactError, ConfigError, DataError
from textclf.vectors.formats import sniff
from textclf.vectors.layout import Format
from textclf.vectors.table import Vectors
from textclf.vectors.writers import Choice, convert, format_of

NAMES = ["out.txt", "out.vec", "out.bin", "out.txt.gz", "out.vec.gz", "out.bin.gz"]
NUMBERS = hnp.arrays(
    np.float32,
    st.tuples(st.integers(1, 8), st.integers(2, 4)),
    elements=st.floats(width=32, allow_nan=False, allow_infinity=False),
)


def _glove(path, matrix):
    words = [f"wört{row}" for row in range(len(matrix))]
    lines = [
        f"{word} {' '.join(repr(float(n)) for n in row)}\n"
        for word, row in zip(words, matrix, strict=True)
    ]
    path.write_text("".join(lines), encoding="utf-8")
    return words


@pytest.mark.parametrize("name", NAMES)
@given(matrix=NUMBERS)
def test_every_format_gives_the_same_bits_back(tmp_path_factory, name, matrix):
    folder = tmp_path_factory.mktemp("convert")
    words = _glove(folder / "in.txt", matrix)
    written = convert(folder / "in.txt", folder / name, Choice())
    assert sniff(folder / name).format == written.format == format_of(folder / name)
    again = Vectors.read(folder / name)
    assert again.tokens == tuple(words)
    # -0.0 and 0.0 are equal here, and differ in no use.
    np.testing.assert_array_equal(again.matrix, matrix)


def test_rows_are_chosen(tmp_path):
    source, target = tmp_path / "in.txt", tmp_path / "out.vec"
    source.write_bytes(b"the 3 4\nthe 9 9\n\xff\xfe 1 1\nof 1 0\nin 0 1\nat 2 2\n")
    written = convert(source, target, Choice(limit=3))
    assert target.read_text().startswith("3 2\nthe ")
    assert (written.rows, written.repeated, written.undecodable) == (3, 1, 1)
    written = convert(source, target, Choice(words={"at", "of", "absent"}))
    assert Vectors.read(target).tokens == ("of", "at")
    with pytest.raises(DataError, match="none of the words"):
        convert(source, target, Choice(words={"absent"}))
    assert Vectors.read(target).tokens == ("of", "at"), "the old file is left"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.txt", "out.vec"]


def test_words_with_blanks_stay_where_the_format_holds_them(tmp_path):
    source = tmp_path / "in.txt"
    source.write_text("the 1 2\n. . 3 4\nname@mail 5 6\nof 1 1\n", encoding="utf-8")
    assert convert(source, tmp_path / "a.txt", Choice()).rows == 4
    assert Vectors.read(tmp_path / "a.txt").tokens[1] == ". ."
    written = convert(source, tmp_path / "a.bin", Choice())
    assert (written.rows, written.unfit) == (3, 1)


def test_float16_rounds_or_refuses(tmp_path):
    source, target = tmp_path / "in.txt", tmp_path / "out.bin"
    source.write_text("a 0.1 2\nb 3 4\n")
    convert(source, target, Choice(rounded=True))
    rounded = np.float32(np.float16(0.1))
    assert Vectors.read(target).matrix[0, 0] == rounded != np.float32(0.1)
    source.write_text("a 100000 2\nb 3 4\n")
    with pytest.raises(ConfigError, match="float16 cannot hold"):
        convert(source, target, Choice(rounded=True))
    assert Vectors.read(target).matrix[0, 0] == rounded, "the old file is left"


def test_equal_vectors_give_equal_packed_files(tmp_path):
    source = tmp_path / "in.txt"
    source.write_text("a 1 2\nb 3 4\n")
    for name in ("one.txt.gz", "two.txt.gz"):
        convert(source, tmp_path / name, Choice())
    one, two = ((tmp_path / f"{n}.txt.gz").read_bytes() for n in ("one", "two"))
    assert one == two
    assert gzip.decompress(one).startswith(b"a 1")


def test_names_and_limits_are_checked(tmp_path):
    source = tmp_path / "in.txt"
    source.write_text("a 1 2\nb 3 4\n")
    with pytest.raises(ConfigError, match=r"ends in \.txt"):
        convert(source, tmp_path / "out.npy", Choice())
    with pytest.raises(ConfigError, match="1 or more"):
        Choice(limit=0)
    assert [path.name for path in tmp_path.iterdir()] == ["in.txt"]


def test_damage_leaves_nothing(tmp_path):
    source, target = tmp_path / "in.txt", tmp_path / "out.vec"
    source.write_text("a 1 2\nb 3 4\nc 5 bad\n")
    with pytest.raises(ArtefactError, match="in.txt:3"):
        convert(source, target, Choice())
    assert [path.name for path in tmp_path.iterdir()] == ["in.txt"]


def test_gensim_reads_what_was_written(shared, tmp_path):
    keyed = pytest.importorskip("gensim.models").KeyedVectors
    source = shared / "vectors" / "glove.6B.50d.first10000.txt.gz"
    ours = Vectors.read(source, limit=2000)
    for name, kind in (("a.vec", Format.WORD2VEC_TEXT), ("a.bin", "binary")):
        convert(source, tmp_path / name, Choice(limit=2000))
        theirs = keyed.load_word2vec_format(
            str(tmp_path / name), binary=kind == "binary"
        )
        assert tuple(theirs.index_to_key) == ours.tokens
        np.testing.assert_array_equal(theirs.vectors, ours.matrix)
