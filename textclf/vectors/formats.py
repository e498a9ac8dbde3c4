"""Tells the format of a vector file by its content, never by its name."""

import re
from collections import Counter
from pathlib import Path

from textclf.errors import ArtefactError, printable
from textclf.vectors.fasttext_format import open_fasttext
from textclf.vectors.fasttext_head import is_fasttext
from textclf.vectors.layout import Format, Layout
from textclf.vectors.numbers import parse_numbers
from textclf.vectors.unpacked import BLOCK, Unpacked, unpacked

_BOM = b"\xef\xbb\xbf"
_HEADER = re.compile(rb"([-+]?\d+)[ \t]+([-+]?\d+)[ \t]*\r?\n")
_LONGEST_COUNT = 15
_SAMPLED_LINES = 64
_NOT_IN_NUMBERS = re.compile(rb"[^0-9A-Za-z+\-._ \t\r\n]")
_FOREIGN = {
    b"PK\x03\x04": ("a zip archive", "unpack it"),
    b"BZh91AY&SY": ("a bzip2 file", "unpack it"),
    b"\xfd7zXZ": ("an xz file", "unpack it"),
    b"\x28\xb5\x2f\xfd": ("a zstd file", "unpack it"),
    b"\x93NUMPY": ("a NumPy array without words", "save it as word2vec text"),
    b"\x89HDF": ("an HDF5 file", "save it as word2vec text"),
    b"\x80\x02": ("a Python pickle", "save it with save_word2vec_format"),
    b"\x80\x03": ("a Python pickle", "save it with save_word2vec_format"),
    b"\x80\x04": ("a Python pickle", "save it with save_word2vec_format"),
    b"\x80\x05": ("a Python pickle", "save it with save_word2vec_format"),
    b"\xff\xfe": ("UTF-16 text", "save it as UTF-8"),
    b"\xfe\xff": ("UTF-16 text", "save it as UTF-8"),
}
_KNOWN = (
    "GloVe text, word2vec text or binary, fastText .vec (gzip too), or fastText .bin"
)


def sniff(path: Path) -> Layout:
    """Returns the form of a vector file from its first bytes.

    Raises:
        ArtefactError: The file is missing, empty, damaged at its start, of a foreign
            or unsupported format, or its header promises more than the file holds.
    """
    with unpacked(path) as source:
        head = source.read(BLOCK)
        _refuse_foreign(head, path)
        bom = len(_BOM) if head.startswith(_BOM) else 0
        header = _HEADER.match(head, bom)
        if header is not None:
            return _with_header(head, header, source)
        if is_fasttext(head):
            return _fasttext(source)
        return _without_header(head, bom, source)


def _refuse_foreign(head: bytes, path: Path) -> None:
    for magic, (kind, fix) in _FOREIGN.items():
        if head.startswith(magic):
            raise ArtefactError(
                f"got {kind}, expected {_KNOWN}", where=str(path), fix=fix
            )


def _fasttext(source: Unpacked) -> Layout:
    if source.packed:
        raise ArtefactError(
            "got a gzip'd fastText model, whose rows are read here and there",
            where=str(source.path),
            fix="unpack it",
        )
    with open_fasttext(source.path) as model:
        head = model.head
    return Layout(
        head.path,
        Format.FASTTEXT_BINARY,
        head.dim,
        head.words,
        head.start,
        head.size,
        packed=False,
    )


def _with_header(head: bytes, header: re.Match[bytes], source: Unpacked) -> Layout:
    if max(map(len, header.groups())) > _LONGEST_COUNT:
        shown = printable(header[0].decode().strip(), limit=60)
        raise ArtefactError(
            f'got the header "{shown}", expected two counts', where=str(source.path)
        )
    rows, dim = map(int, header.groups())
    start = header.end()

    def layout(kind: Format) -> Layout:
        return Layout(
            source.path, kind, dim, rows, start, source.size, packed=source.packed
        )

    text = layout(Format.WORD2VEC_TEXT)
    if _is_text(head[start:], dim):
        return text
    return layout(Format.WORD2VEC_BINARY)


def _is_text(body: bytes, dim: int) -> bool:
    """Whether the first row after a header is text.

    Four bytes of a float32 near 1 end in one of `= > ? @`, `bd` to `c0`: none of them
    stands among the numbers of a text row, so the first `dim` values tell.
    """
    line = body.partition(b"\n")[0].rstrip(b" \r")
    if line.count(b" ") >= dim:
        numbers = b" ".join(line.rsplit(b" ", dim)[1:])
        if _NOT_IN_NUMBERS.search(numbers) is None:
            return True
    values = body[body.find(b" ") + 1 :][: 4 * dim]
    return _NOT_IN_NUMBERS.search(values) is None


def _without_header(head: bytes, start: int, source: Unpacked) -> Layout:
    body = head[start:]
    lines = body.split(b"\n", _SAMPLED_LINES)[:-1]
    if b"\0" in body[:4096]:
        raise ArtefactError(
            f"got binary data without a header, expected {_KNOWN}",
            where=str(source.path),
        )
    if not lines:
        raise ArtefactError(
            f"got no line end up to {source.place()}, expected {_KNOWN}",
            where=str(source.path),
            fix="get the file again: it is cut off or no vector file",
        )
    dim = _usual_dim(lines)
    _check_first(lines, dim, source.path)
    return Layout(
        source.path,
        Format.GLOVE_TEXT,
        dim,
        None,
        start,
        source.size,
        packed=source.packed,
    )


def _usual_dim(lines: list[bytes]) -> int:
    # The most frequent count: the first row alone may have a word with spaces.
    counts = Counter(line.rstrip(b" \r").count(b" ") for line in lines)
    return max(counts, key=lambda dim: (counts[dim], -dim))


def _check_first(lines: list[bytes], dim: int, path: Path) -> None:
    rows = [line.rstrip(b" \r") for line in lines]
    first = next(i for i, row in enumerate(rows) if row.count(b" ") == dim)
    try:
        if dim == 0:
            raise ValueError("got no space in the line")
        parse_numbers(rows[first].partition(b" ")[2], dim)
    except ValueError as fault:
        raise ArtefactError(
            f"{fault}; a line is a word and its numbers, with one space between",
            where=f"{path}:{first + 1}",
            fix=f"use {_KNOWN}",
        ) from fault
