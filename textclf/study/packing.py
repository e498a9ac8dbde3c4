"""Small arrays inside lines of JSON."""

import base64
import zlib
from typing import Any

import numpy as np

_DTYPES = ("<i8", "<i4", "<i2", "|i1", "<f4")


def pack(values: np.ndarray) -> dict[str, Any]:
    """Returns a mapping that JSON can hold; whole numbers take the room they need."""
    if np.issubdtype(values.dtype, np.integer):
        values = values.astype(np.min_scalar_type(_extreme(values)))
    little = values.astype(values.dtype.newbyteorder("<"))
    data = base64.b64encode(zlib.compress(little.tobytes(), 6)).decode("ascii")
    return {"dtype": little.dtype.str, "shape": list(values.shape), "data": data}


def unpack(packed: dict[str, Any]) -> np.ndarray:
    """Returns what `pack` packed.

    Raises:
        ValueError, KeyError, TypeError: It is something else.
    """
    if packed["dtype"] not in _DTYPES:
        raise ValueError(f"got dtype {packed['dtype']!r}, expected one of {_DTYPES}")
    content = zlib.decompress(base64.b64decode(packed["data"], validate=True))
    flat = np.frombuffer(content, dtype=packed["dtype"])
    return flat.reshape([int(size) for size in packed["shape"]])


def _extreme(values: np.ndarray) -> int:
    """Returns a number whose signed type holds all of them."""
    low, high = int(values.min(initial=0)), int(values.max(initial=0))
    return min(low, -high - 1)
