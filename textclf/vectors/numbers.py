"""The numbers of one row, read strictly."""

import math
import re
from collections.abc import Sequence

import numpy as np

from textclf.errors import printable

_PLAIN = b"0123456789+-.eE "
_NUMBER = re.compile(rb"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?")


def is_number(field: bytes) -> bool:
    """Whether a field is a decimal number as vector files write them."""
    return _NUMBER.fullmatch(field) is not None


def parse_numbers(payload: bytes, dim: int) -> np.ndarray:
    """Returns float32[dim] from `dim` decimal numbers with one space between.

    Names of numbers (nan, inf), digit groups (1_000), hexadecimal and values beyond
    float32 are refused: each of them means damage, or poisons the training.

    Raises:
        ValueError: With a message that names the first bad field.
    """
    fields = payload.split(b" ")
    if len(fields) != dim:
        raise ValueError(f"got {len(fields)} numbers, expected {dim}")
    if payload.translate(None, _PLAIN):
        raise ValueError(_first_bad(fields))
    try:
        with np.errstate(over="ignore"):
            row = np.array(list(map(float, fields)), dtype=np.float32)
    except ValueError as fault:
        raise ValueError(_first_bad(fields)) from fault
    if not np.isfinite(row).all():
        raise ValueError(_first_bad(fields))
    return row


def _first_bad(fields: Sequence[bytes]) -> str:
    bad = next(i for i, field in enumerate(fields) if not _fits(field))
    shown = printable(fields[bad].decode("utf-8", "backslashreplace"), limit=40)
    return (
        f'got "{shown}" as number {bad + 1} of {len(fields)}, '
        "expected a finite decimal number"
    )


def _fits(field: bytes) -> bool:
    with np.errstate(over="ignore"):
        return is_number(field) and math.isfinite(np.float32(float(field)))
