"""Vector files as small tests need them, written in every form by plain code."""

import gzip
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

Write = Callable[..., Path]


def _text_rows(words: Sequence[str], matrix: np.ndarray, end: str) -> bytes:
    rows = (
        " ".join([word, *(repr(float(x)) for x in row)]) + end
        for word, row in zip(words, matrix, strict=True)
    )
    return "".join(rows).encode("utf-8", "surrogateescape")


def _binary_rows(words: Sequence[str], matrix: np.ndarray, end: bytes) -> bytes:
    return b"".join(
        word.encode("utf-8", "surrogateescape")
        + b" "
        + row.astype("<f4").tobytes()
        + end
        for word, row in zip(words, matrix, strict=True)
    )


def encode(form: str, words: Sequence[str], matrix: np.ndarray) -> bytes:
    """The bytes of a vector file in one of the forms that are read."""
    header = f"{len(words)} {matrix.shape[1]}\n".encode()
    return {
        "glove": lambda: _text_rows(words, matrix, "\n"),
        "glove-crlf": lambda: _text_rows(words, matrix, "\r\n"),
        "word2vec-text": lambda: header + _text_rows(words, matrix, "\n"),
        "fasttext-vec": lambda: header + _text_rows(words, matrix, " \n"),
        "binary": lambda: header + _binary_rows(words, matrix, b""),
        "binary-lines": lambda: header + _binary_rows(words, matrix, b"\n"),
    }[form]()


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes a vector file of a form and returns its path."""

    def writer(
        form: str,
        words: Sequence[str],
        matrix: np.ndarray,
        *,
        name: str = "vectors.dat",
        packed: bool = False,
    ) -> Path:
        data = encode(form, words, np.asarray(matrix, dtype=np.float32))
        path = tmp_path / name
        path.write_bytes(gzip.compress(data, 1) if packed else data)
        return path

    return writer


@pytest.fixture
def raw(tmp_path: Path) -> Callable[..., Path]:
    """Writes bytes and returns the path."""

    def writer(data: bytes, name: str = "vectors.dat") -> Path:
        path = tmp_path / name
        path.write_bytes(data)
        return path

    return writer
