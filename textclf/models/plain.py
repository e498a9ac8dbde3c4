"""The forward pass of the bag kinds in NumPy, so that predicting starts no backend."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, cast

import numpy as np

from textclf.config.kinds import AverageConfig, NgramConfig
from textclf.models.spec import ModelSpec
from textclf.text.encoded import Encoded

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

_BLOCK_IDS = 1 << 20
_POOLED_IDS = 1 << 16

Weights = Mapping[str, np.ndarray]
Forward = Callable[[ModelSpec, Weights, Encoded], np.ndarray]


def plain_forward(spec: ModelSpec) -> Forward | None:
    """Returns the function that computes logits of this kind, if there is one.

    It takes the spec, the weights by their names in a bundle, and n texts; it returns
    float32[n, outputs], equal to what the Keras model gives up to rounding.
    """
    forward = _FORWARDS.get(spec.model.kind)
    if forward is None:
        return None

    def quietly(spec: ModelSpec, weights: Weights, encoded: Encoded) -> np.ndarray:
        with np.errstate(all="ignore"):  # whoever reads the logits refuses NaN
            return forward(spec, weights, encoded)

    return quietly


def in_blocks(encoded: Encoded, limit: int) -> list[Encoded]:
    """Returns consecutive texts of about `limit` ids together, at least one text."""
    blocks, start, offsets = [], 0, encoded.offsets
    while start < len(encoded):
        stop = int(np.searchsorted(offsets, offsets[start] + limit, side="right")) - 1
        stop = max(stop, start + 1)
        blocks.append(encoded.part(start, stop))
        start = stop
    return blocks


def average_features(spec: ModelSpec, weights: Weights, encoded: Encoded) -> np.ndarray:
    """Returns what the output layer of kind average is given, float32[n, width]."""
    table, model = weights["embedding/table"], cast(AverageConfig, spec.model)
    pooled = []
    if model.pooling in ("mean", "mean_max"):
        pooled.append(mean_rows(encoded, table))
    if model.pooling in ("max", "mean_max"):
        pooled.append(_max(encoded, table))
    features = np.concatenate(pooled, axis=1)
    for number in range(1, len(model.hidden) + 1):
        features = np.maximum(_dense(features, weights, f"hidden_{number}"), 0)
    return features


def _average(spec: ModelSpec, weights: Weights, encoded: Encoded) -> np.ndarray:
    return _dense(average_features(spec, weights, encoded), weights, "output")


def _ngram(spec: ModelSpec, weights: Weights, encoded: Encoded) -> np.ndarray:
    total = _sum(encoded, weights["embedding/table"])
    if cast(NgramConfig, spec.model).length_norm:
        total /= np.sqrt(_words(encoded))
    logits = total + weights["bias/bias"]
    if "dense_embedding/table" in weights:
        words = encoded.below(spec.units)
        mean = mean_rows(words, weights["dense_embedding/table"])
        logits += _dense(mean, weights, "output")
    return logits


def _dense(features: np.ndarray, weights: Weights, name: str) -> np.ndarray:
    return features @ weights[f"{name}/kernel"] + weights[f"{name}/bias"]


def mean_rows(encoded: Encoded, table: np.ndarray) -> np.ndarray:
    """Returns float32[n, dim], the means of the rows of each text; 0 for no rows."""
    return _sum(encoded, table) / _words(encoded)


def _words(encoded: Encoded) -> np.ndarray:
    """Returns float32[n, 1], how many ids each text has, at least 1."""
    return np.maximum(encoded.lengths, 1).astype(np.float32)[:, None]


def _sum(encoded: Encoded, table: np.ndarray) -> np.ndarray:
    """Returns float32[n, dim], the sums of the rows of each text."""
    if encoded.guests is not None:  # a table may be large: it is never copied
        known, others = encoded.apart(len(table))
        return _sum(known, table) + _sum(others, encoded.guests)
    return np.concatenate(
        [np.zeros((0, table.shape[1]), dtype=np.float32)]
        + [_occurrences(b, len(table)) @ table for b in in_blocks(encoded, _BLOCK_IDS)]
    )


def _occurrences(encoded: Encoded, rows: int) -> "csr_matrix":
    from scipy.sparse import csr_matrix

    ones = np.ones(len(encoded.ids), dtype=np.float32)
    return csr_matrix((ones, encoded.ids, encoded.offsets), (len(encoded), rows))


def _max(encoded: Encoded, table: np.ndarray) -> np.ndarray:
    """Returns float32[n, dim], the highest of the rows of each text; 0 for no rows."""
    highest = np.zeros((len(encoded), table.shape[1]), dtype=np.float32)
    row = 0
    for block in in_blocks(encoded, _POOLED_IDS):
        some = np.flatnonzero(~block.empty)
        if len(some):
            starts = block.offsets[some]
            highest[row + some] = np.maximum.reduceat(_vectors(block, table), starts)
        row += len(block)
    return highest


def _vectors(encoded: Encoded, table: np.ndarray) -> np.ndarray:
    """Returns float32[total, dim], the vector of each id."""
    ids, guests = encoded.ids, encoded.guests
    if guests is None:
        return np.asarray(table[ids])
    vectors = table[np.minimum(ids, len(table) - 1)]
    others = np.flatnonzero(ids >= len(table))
    vectors[others] = guests[ids[others] - len(table)]
    return np.asarray(vectors)


_FORWARDS: dict[str, Forward] = {"average": _average, "ngram": _ngram}
