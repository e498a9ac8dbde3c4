"""The start of a run's words: read back exactly, or refused before it is believed."""

import json
import struct

import numpy as np
import pytest
from safetensors.numpy import load_file

from textclf.errors import ArtefactError
from textclf.vectors.start import read_start, write_start

ROWS = np.random.default_rng(0).normal(size=(5, 3)).astype(np.float32)
ASKED = {"rows": 5, "dim": 3, "encoder": "abc"}


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "start.safetensors"
    write_start(path, ROWS, encoder="abc")
    return path


def test_the_numbers_come_back_exactly(path):
    assert (read_start(path, **ASKED) == ROWS).all()
    assert (load_file(path)["embedding"] == ROWS).all()


@pytest.mark.parametrize("other", [{"rows": 4}, {"dim": 2}, {"encoder": "abd"}])
def test_another_run_is_refused(path, other):
    with pytest.raises(ArtefactError, match="another run"):
        read_start(path, **ASKED | other)


def test_a_file_cut_anywhere_is_refused(path):
    whole = path.read_bytes()
    for length in range(len(whole)):
        path.write_bytes(whole[:length])
        with pytest.raises(ArtefactError):
            read_start(path, **ASKED)


def test_a_file_that_goes_on_is_refused(path):
    path.write_bytes(path.read_bytes() + b"\0" * 4)
    with pytest.raises(ArtefactError, match="bytes"):
        read_start(path, **ASKED)
    path.write_bytes(path.read_bytes() + b"\0" * 5000)
    with pytest.raises(ArtefactError, match="allowed"):
        read_start(path, **ASKED)


@pytest.mark.parametrize(
    "header",
    [
        {"embedding": {"dtype": "F32", "shape": [1 << 40, 3], "data_offsets": [0, 60]}},
        {"embedding": {"dtype": "F16", "shape": [5, 3], "data_offsets": [0, 30]}},
        [],
        None,
    ],
)
def test_a_header_that_lies_is_refused(tmp_path, header):
    text = json.dumps(header).encode()
    (tmp_path / "s").write_bytes(struct.pack("<Q", len(text)) + text + ROWS.tobytes())
    with pytest.raises(ArtefactError, match="damaged"):
        read_start(tmp_path / "s", **ASKED)


@pytest.mark.parametrize("size", [0, 1 << 20, (1 << 64) - 1])
def test_a_length_that_lies_is_refused(tmp_path, size):
    (tmp_path / "s").write_bytes(struct.pack("<Q", size) + b"{" * 60)
    with pytest.raises(ArtefactError, match="damaged"):
        read_start(tmp_path / "s", **ASKED)


def test_numbers_that_are_not_finite_are_refused(path):
    rows = ROWS.copy()
    rows[2, 1] = np.nan
    write_start(path, rows, encoder="abc")
    with pytest.raises(ArtefactError, match="finite"):
        read_start(path, **ASKED)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(ArtefactError, match="none"):
        read_start(tmp_path / "none", **ASKED)
