"""From ids to logits: the part of predicting that an engine does."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np

from textclf import backend
from textclf.text.encoded import Encoded
from textclf.text.padding import bucket_width, by_length, pad
from textclf.text.vocabulary import PAD

_BATCH = 256
_ENGINES = 2
_BATCH_IDS = 256 * 512


Engine = Callable[[np.ndarray], np.ndarray]
"""Computes logits: int32[batch, width] padded ids to float32[batch, outputs]."""


def keras_engine(model: Any) -> Engine:
    """Returns the engine that calls a Keras model, compiled once for all shapes."""
    return backend.compiled_forward(model)


def logits_of(engine: Engine, encoded: Encoded, *, outputs: int) -> np.ndarray:
    """Returns float32[n, outputs], row for row; batches are made by length.

    A text without evidence, empty or of unknown units only, gets the logits of nothing.
    """
    longest = int(encoded.lengths.max(initial=1))
    size = int(np.clip(_BATCH_IDS // max(longest, 1), 1, _BATCH))
    result = np.zeros((len(encoded), outputs), dtype=np.float32)
    batches = list(by_length(encoded, size=size))
    with ThreadPoolExecutor(_ENGINES) as pool:
        answers = pool.map(lambda rows: engine(pad(encoded, rows)), batches)
        for rows, answer in zip(batches, answers, strict=True):
            result[rows] = answer
    silent = encoded.empty | (encoded.unknown == 1)
    if silent.any():
        result[silent] = engine(np.full((1, bucket_width(0)), PAD, dtype=np.int32))
    return result
