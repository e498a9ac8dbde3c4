"""From ids to logits: the part of predicting that an engine does."""

from collections.abc import Callable
from typing import Any

import numpy as np

from textclf import backend
from textclf.text.encoded import Encoded
from textclf.text.padding import bucket_width, by_length, pad
from textclf.text.vocabulary import PAD

_BATCH = 256
_BATCH_IDS = 256 * 512


Engine = Callable[[np.ndarray], np.ndarray]
"""Computes logits: int32[batch, width] padded ids to float32[batch, outputs]."""


def keras_engine(model: Any) -> Engine:
    """Returns the engine that calls a Keras model, compiled once for all shapes."""
    return backend.compiled_forward(model)


def logits_of(
    engine: Engine, encoded: Encoded, silent: np.ndarray, *, outputs: int
) -> np.ndarray:
    """Returns float32[n, outputs], row for row; batches are made by length.

    Args:
        engine: Computes the logits of a batch.
        encoded: The texts.
        silent: bool[n], the texts without evidence: they get the logits of nothing.
        outputs: Logits of a text.
    """
    longest = int(encoded.lengths.max(initial=1))
    size = int(np.clip(_BATCH_IDS // max(longest, 1), 1, _BATCH))
    result = np.zeros((len(encoded), outputs), dtype=np.float32)
    for rows in by_length(encoded, size=size):
        result[rows] = engine(pad(encoded, rows))
    if silent.any():
        result[silent] = engine(np.full((1, bucket_width(0)), PAD, dtype=np.int32))
    return result
