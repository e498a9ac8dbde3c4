"""fastText models as bytes, written by plain code."""

import struct

import numpy as np

MAGIC, VERSION = 793712314, 12
SUPERVISED, SKIPGRAM = 3, 2


def model_bytes(
    words,
    matrix,
    *,
    labels=(),
    kind=SKIPGRAM,
    shortest=3,
    longest=6,
    buckets=20,
    version=VERSION,
    quantised=False,
    dim=None,
    rows=None,
    pruned=None,
):
    """A model; `matrix` has a row a word, then a row a bucket; version 0: of 2016."""
    dim = matrix.shape[1] if dim is None else dim
    mark = struct.pack("<ii", MAGIC, version) if version else b""
    settings = struct.pack(
        "<12id", dim, 5, 5, 1, 5, 1, 1, kind, buckets, shortest, longest, 100, 1e-4
    )
    entries = len(words) + len(labels)
    sizes = struct.pack("<3iq", entries, len(words), len(labels), 99)
    sizes += struct.pack("<q", -1 if pruned is None else pruned) if version else b""
    dictionary = b"".join(
        word + b"\0" + struct.pack("<qb", 3, kind)
        for some, kind in ((words, 0), (labels, 1))
        for word in some
    )
    dictionary += bytes(8 * min(max(pruned or 0, 0), 9))
    flag = struct.pack("<?", quantised) if version else b""
    rows = len(matrix) if rows is None else rows
    shape = struct.pack("<2q", rows, dim)
    numbers = np.asarray(matrix, dtype="<f4").tobytes()
    return mark + settings + sizes + dictionary + flag + shape + numbers + b"output"


def numbers(words, buckets, dim=4, seed=5):
    """A row a word and a bucket."""
    rng = np.random.default_rng(seed)
    return rng.standard_normal((len(words) + buckets, dim)).astype(np.float32)
