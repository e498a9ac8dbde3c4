"""From ids to logits: the part of predicting that an engine does."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import numpy as np

from textclf import backend
from textclf.models.plain import Weights, plain_forward
from textclf.models.spec import ModelSpec
from textclf.text.encoded import Encoded
from textclf.text.padding import by_length, pad

_BATCH = 256
_ENGINES = 2
_BATCH_IDS = 256 * 512


Engine = Callable[[Encoded], np.ndarray]
"""Computes the logits of n texts, float32[n, outputs], row for row."""


def keras_engine(model: Any) -> Engine:
    """Returns the engine that calls a Keras model, compiled once for all shapes.

    Batches are made by length, and two are worked on at a time.
    """
    forward = backend.compiled_forward(model)
    outputs = model.output_shape[-1]

    def logits(encoded: Encoded) -> np.ndarray:
        longest = int(encoded.lengths.max(initial=1))
        size = int(np.clip(_BATCH_IDS // max(longest, 1), 1, _BATCH))
        result = np.zeros((len(encoded), outputs), dtype=np.float32)
        batches = list(by_length(encoded, size=size))
        with ThreadPoolExecutor(_ENGINES) as pool:
            answers = pool.map(
                lambda rows: forward(pad(encoded, rows), encoded.guests), batches
            )
            for rows, answer in zip(batches, answers, strict=True):
                result[rows] = answer
        return result

    return logits


def plain_engine(spec: ModelSpec, weights: Weights) -> Engine | None:
    """Returns the engine that needs no backend, for the kinds that have one."""
    forward = plain_forward(spec)
    return partial(forward, spec, weights) if forward else None


def engine_of(spec: ModelSpec, model: Any) -> Engine:
    """Returns the engine that a bundle of this trained model will be answered by."""
    weights = {variable.path: variable.numpy() for variable in model.weights}
    return plain_engine(spec, weights) or keras_engine(model)


def logits_of(engine: Engine, encoded: Encoded, silent: np.ndarray) -> np.ndarray:
    """Returns float32[n, outputs]; texts without evidence get the logits of nothing.

    Args:
        engine: The model.
        encoded: n texts.
        silent: bool[n], which of them hold nothing that the model was trained on.
    """
    result = engine(encoded)
    if silent.any():
        result[silent] = engine(_NOTHING)
    return result


_NOTHING = Encoded(
    np.zeros(0, dtype=np.int32),
    np.zeros(2, dtype=np.int64),
    np.zeros(1, dtype=bool),
    np.zeros(1, dtype=np.float32),
)
