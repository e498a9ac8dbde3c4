"""A vector file in figures."""

import pytest

from textclf.errors import ArtefactError
from textclf.vectors.portrait import Portrait


def test_every_figure(tmp_path):
    path = tmp_path / "small.txt"
    path.write_bytes(
        b"the 3 4\nParis 0 0\n\xff\xfe 1 0\n. . 0 2\nthe 6 8\n" + b"of 0 5\nin 5 0\n"
    )
    told = Portrait.of(path)
    assert (told.file, told.format, told.header) == ("small.txt", "glove-text", False)
    assert (told.rows, told.dim, told.packed) == (7, 2, False)
    assert (told.capitals, told.spaced, told.undecodable) == (1, 1, 1)
    assert (told.repeated, told.zero) == (1, 1)
    assert told.norms == (0.0, 5.0, 10.0)
    assert told.first == ("the", "Paris", ". .", "the", "of")
    assert told.last == ("Paris", ". .", "the", "of", "in")


def test_every_number_is_checked(tmp_path):
    path = tmp_path / "bad.txt"
    path.write_text("a 1 2\nb 3 4\nc 5 nan\n")
    with pytest.raises(ArtefactError, match="bad.txt:3"):
        Portrait.of(path)


@pytest.mark.parametrize(
    ("name", "kind", "rows", "dim", "capitals"),
    [
        ("GoogleNews-300d.13605words.bin.gz", "word2vec-binary", 13605, 300, True),
        ("glove.6B.50d.first10000.txt.gz", "glove-text", 10000, 50, False),
        ("wiki-news-300d.first999.vec.gz", "word2vec-text", 999, 300, True),
    ],
)
def test_real_slices(shared, name, kind, rows, dim, capitals):
    told = Portrait.of(shared / "vectors" / name)
    assert (told.format, told.rows, told.dim) == (kind, rows, dim)
    assert told.packed
    assert (told.capitals > 0) == capitals
    assert 0 < told.norms[0] <= told.norms[1] <= told.norms[2]
