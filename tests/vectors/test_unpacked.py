"""gzip is told by its magic bytes; its faults become explained errors."""

import gzip

import pytest

from textclf.errors import ArtefactError
from textclf.vectors.unpacked import unpacked

DATA = b"the 1 2\n" * 100


def read_all(path):
    with unpacked(path) as source:
        parts = []
        while part := source.read(64):
            parts.append(part)
        return b"".join(parts), source


@pytest.mark.parametrize("packed", [False, True])
def test_bytes_and_place_are_those_of_the_content(raw, packed):
    path = raw(gzip.compress(DATA) if packed else DATA)
    data, source = read_all(path)
    assert (data, source.offset, source.packed) == (DATA, len(DATA), packed)
    assert source.place(3) == ("unpacked byte 3" if packed else "byte 3")


def test_members_one_after_another_are_one_stream(raw):
    path = raw(gzip.compress(DATA) + gzip.compress(b"end 1 2\n"))
    assert read_all(path)[0] == DATA + b"end 1 2\n"


@pytest.mark.parametrize("keep", [2, 9, 15, -8, -4, -1])
def test_cut_gzip_is_refused(raw, keep):
    with pytest.raises(ArtefactError, match="cut off near byte"):
        read_all(raw(gzip.compress(DATA)[:keep]))


def test_damaged_gzip_is_refused(raw):
    data = gzip.compress(DATA)
    for bad in (data[:-6] + bytes(6), data[:12] + b"\xff\xff" + data[14:], data + b"x"):
        with pytest.raises(ArtefactError, match="damaged near byte"):
            read_all(raw(bad))
