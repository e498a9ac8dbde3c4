"""The vectors of a run's words as they were before training, in one file."""

import json
from pathlib import Path
from typing import Any

import numpy as np

from textclf.errors import ArtefactError
from textclf.files import check_regular, write_whole

START = "embedding-before.safetensors"
KEPT = 10_000
"""Most words whose start is kept: the first of the vocabulary."""

_TENSOR, _SEAL = "embedding", "encoder_sha256"
_MAX_HEADER = 1 << 12


def write_start(path: Path, rows: np.ndarray, *, encoder: str) -> None:
    """Writes rows, whole or not at all.

    They stay float32: a row that did not move must equal the trained one exactly.

    Args:
        path: The file.
        rows: float32[n, dim].
        encoder: The digest of the encoder whose first `n` words they are.
    """
    from safetensors.numpy import save

    rows = np.ascontiguousarray(rows, dtype=np.float32)
    with write_whole(path) as stream:
        stream.write(save({_TENSOR: rows}, metadata={_SEAL: encoder}))


def read_start(path: Path, *, rows: int, dim: int, encoder: str) -> np.ndarray:
    """Reads what `write_start` wrote.

    The header is compared with what it must say, and the file's size with that, before
    any number is read.

    Args:
        path: The file.
        rows: How many the file must have.
        dim: Numbers a row.
        encoder: The digest of the encoder whose words they are.

    Returns:
        float32[rows, dim].

    Raises:
        ArtefactError: The file is missing, damaged, or of another run.
    """
    size = 4 * rows * dim
    expected = {
        "__metadata__": {_SEAL: encoder},
        _TENSOR: {"dtype": "F32", "shape": [rows, dim], "data_offsets": [0, size]},
    }
    most = 8 + _MAX_HEADER + size
    check_regular(path, ArtefactError, max_bytes=most)
    with path.open("rb") as stream:
        header, length = _header(stream.read(8 + _MAX_HEADER))
        if header != expected:
            raise ArtefactError(
                f"got a file that is damaged or of another run, expected {rows:,} "
                f"rows of {dim} numbers",
                where=str(path),
            )
        stream.seek(length)
        data = stream.read(size + 1)
    if len(data) != size:
        raise ArtefactError(
            f"got {len(data):,} bytes of numbers or more, expected {size:,}",
            where=str(path),
        )
    matrix = np.frombuffer(data, dtype="<f4").reshape(rows, dim)
    if not np.isfinite(matrix).all():
        raise ArtefactError("got numbers that are not finite", where=str(path))
    return matrix


def _header(beginning: bytes) -> tuple[Any, int]:
    """Returns what the header says, None if it cannot be read, and where it ends."""
    end = 8 + int.from_bytes(beginning[:8], "little")
    try:
        return (json.loads(beginning[8:end]) if end <= len(beginning) else None), end
    except (ValueError, RecursionError):
        return None, end
