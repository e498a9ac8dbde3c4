"""The format is told by the content, and lies are refused before any allocation."""

import gzip
import os
import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from textclf.errors import ArtefactError
from textclf.vectors import Format, sniff

EXPECTED = {
    "glove": Format.GLOVE_TEXT,
    "glove-crlf": Format.GLOVE_TEXT,
    "word2vec-text": Format.WORD2VEC_TEXT,
    "fasttext-vec": Format.WORD2VEC_TEXT,
    "binary": Format.WORD2VEC_BINARY,
    "binary-lines": Format.WORD2VEC_BINARY,
}
WORDS = ["the", "naïve", "猫"]
MATRIX = np.array([[0.5, -1.25], [3.0, 0.0], [0.1, 1e-8]], dtype=np.float32)


@pytest.mark.parametrize("form", EXPECTED)
@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("name", ["v.txt", "v.bin", "v.vec.gz"])
def test_content_tells_the_format_and_the_name_does_not(write, form, packed, name):
    path = write(form, WORDS, MATRIX, name=name, packed=packed)
    layout = sniff(path)
    assert (layout.format, layout.dim, layout.packed) == (EXPECTED[form], 2, packed)
    assert layout.rows == (None if form.startswith("glove") else 3)


@given(
    matrix=st.integers(2, 6).flatmap(
        lambda dim: st.lists(
            st.lists(st.floats(-30, 30, width=32), min_size=dim, max_size=dim),
            min_size=1,
            max_size=4,
        )
    ),
    form=st.sampled_from(sorted(EXPECTED)),
)
def test_any_numbers_are_told_apart(write, matrix, form):
    values = np.array(matrix, dtype=np.float32)
    path = write(form, [f"w{i}" for i in range(len(matrix))], values)
    assert sniff(path).format == EXPECTED[form]


def test_first_word_with_spaces_does_not_change_the_size(write):
    path = write("glove", [". . .", "a", "b"], np.ones((3, 2)))
    assert sniff(path).dim == 2
    path = write("word2vec-text", ["• nom\u00a0x é", "a", "b"], np.ones((3, 2)))
    assert sniff(path).format == Format.WORD2VEC_TEXT


def test_byte_order_mark_is_no_part_of_the_first_word(raw):
    assert sniff(raw(b"\xef\xbb\xbfthe 1 2\n")).start == 3
    assert sniff(raw(b"\xef\xbb\xbf1 2\nthe 1 2\n")).rows == 1


@pytest.mark.parametrize("version", [0, 10, 13, 99, 2**31 - 1])
def test_other_versions_of_fasttext_models_are_unsupported(raw, version):
    data = (793712314).to_bytes(4, "little") + version.to_bytes(4, "little") + bytes(90)
    with pytest.raises(ArtefactError, match="unsupported: fastText.*use its .vec file"):
        sniff(raw(data, "cc.en.300.bin"))


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"PK\x03\x04" + bytes(60), "zip archive.*unpack it"),
        (b"\x80\x04\x95" + bytes(60), "pickle"),
        (b"\x89HDF\r\n" + bytes(60), "HDF5"),
        ("the 1 2\n".encode("utf-16"), "UTF-16"),
        (b"\n\0\0\0\x05\0\0\0" + bytes(60), "binary data without a header"),
        (b"text,label\nfine,pos\n", ":1: got"),
        (b"the\t0.1\t0.2\n", ":1: got no space"),
        (b"a good film\nthe bad film\n", "finite decimal number"),
        (b"the 0.1 0.2", "no line end"),
        (b"\n", ":1: got no space"),
    ],
)
def test_foreign_files_are_refused_with_their_name(raw, data, message):
    with pytest.raises(ArtefactError, match=message):
        sniff(raw(data))


LIES = [
    "3000000000 300",
    "300 3000000000",
    "99999999999999999999 2",
    "2 99999999999999999999",
    "9" * 5000 + " 2",
    "-1 2",
    "2 -1",
    "0 2",
    "2 0",
    "4611686018427387904 4",
    "999999999999999 999999999999999",
    "40 2",
]


@pytest.mark.parametrize("header", LIES)
@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("body", [b"a 1 2\nb 1 2\n", b"a \x00\x00\x80?\x00\x00\x80?\n"])
def test_lying_headers_are_refused_before_allocation(raw, header, packed, body):
    if packed and header == "40 2":
        header = "40000 2"  # what a packed file of this size cannot hold either
    data = header.encode() + b"\n" + body
    path = raw(gzip.compress(data) if packed else data)
    tracemalloc.start()
    try:
        with pytest.raises(ArtefactError, match=r"header|rows of"):
            sniff(path)
        assert tracemalloc.get_traced_memory()[1] < 8 << 20
    finally:
        tracemalloc.stop()


def test_missing_folder_pipe_and_empty_are_refused(tmp_path, raw):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    empty_gzip = raw(gzip.compress(b""), "empty.gz")
    for path in (tmp_path / "none", tmp_path, pipe, raw(b"", "empty"), empty_gzip):
        with pytest.raises(ArtefactError):
            sniff(path)


@given(data=st.binary(max_size=200))
def test_any_bytes_give_a_layout_or_an_explained_error(raw, data):
    try:
        layout = sniff(raw(data))
    except ArtefactError:
        return
    assert layout.dim >= 1
