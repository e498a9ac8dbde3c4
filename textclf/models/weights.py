"""Weights in a safetensors file: float32 arrays by name, and nothing else."""

import json
import math
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from textclf.errors import ArtefactError, ResourceError

_MAX_HEADER = 1 << 20
_NO_HEADER = (ValueError, KeyError, TypeError, AttributeError, RecursionError)


def write_weights(
    path: Path, weights: Mapping[str, np.ndarray], *, where: Path
) -> None:
    """Writes arrays by name.

    Raises:
        ResourceError: The file cannot be written; it names `where`.
    """
    from safetensors import SafetensorError
    from safetensors.numpy import save_file

    try:
        save_file(dict(weights), path)
    except SafetensorError as fault:
        raise ResourceError(f"cannot be written ({fault})", where=str(where)) from fault


def read_weights(path: Path) -> dict[str, np.ndarray]:
    """Reads all arrays by name.

    Raises:
        ArtefactError: The file is damaged.
    """
    from safetensors import SafetensorError
    from safetensors.numpy import load_file

    try:
        return load_file(path)
    except SafetensorError as fault:
        raise ArtefactError(
            f"got damaged weights ({fault})", where=str(path)
        ) from fault


def stored_numbers(path: Path) -> int:
    """Returns how many float32 numbers a safetensors file holds.

    The header may say anything: its numbers are believed when the file is as long.

    Raises:
        ArtefactError: It is damaged, or holds numbers of another type.
    """
    total = path.stat().st_size
    with path.open("rb") as stream:
        size = int.from_bytes(stream.read(8), "little")
        if size > min(_MAX_HEADER, total):
            raise ArtefactError("got a damaged header", where=str(path))
        try:
            header = json.loads(stream.read(size))
            tensors = [v for k, v in header.items() if k != "__metadata__"]
            kinds = {tensor["dtype"] for tensor in tensors}
            numbers = sum(math.prod(tensor["shape"]) for tensor in tensors)
        except _NO_HEADER as fault:
            raise ArtefactError("got a damaged header", where=str(path)) from fault
    if kinds - {"F32"}:
        raise ArtefactError("got numbers other than float32", where=str(path))
    if 8 + size + 4 * numbers != total:
        raise ArtefactError("got a file of another length", where=str(path))
    return numbers
