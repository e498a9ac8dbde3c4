"""What single ids give to the pooled features of the bag kinds, without a backend.

Their pooled features grow in proportion when all vectors do: a mean, a sum and a
maximum of vectors that are half as long is half as large. So the way from no vectors to
those of a text is a way from 0 to its features, and each id has a fixed share of it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, cast

import numpy as np

from textclf.config.kinds import AverageConfig, NgramConfig
from textclf.models.spec import ModelSpec
from textclf.text.encoded import Encoded

Weights = Mapping[str, np.ndarray]


@dataclass(frozen=True)
class Layer:
    """A dense layer.

    Attributes:
        kernel: float[inputs, units].
        bias: float[units].
        rectified: Whether what is below 0 becomes 0.
    """

    kernel: np.ndarray
    bias: np.ndarray
    rectified: bool


@dataclass(frozen=True)
class Shares:
    """One text for a bag kind.

    Attributes:
        parts: float64[ids, width], what each id gives to the features.
        layers: From the features to the logits.
    """

    parts: np.ndarray
    layers: tuple[Layer, ...]

    @property
    def linear(self) -> bool:
        """Whether logits grow in proportion to the features."""
        return not any(layer.rectified for layer in self.layers)

    def logits(self, alphas: np.ndarray) -> np.ndarray:
        """Returns float64[s, outputs] for shares float[s] of the features."""
        return self._forward(alphas)[-1]

    def pulled(self, alphas: np.ndarray, weights: np.ndarray) -> np.ndarray:
        """Returns float64[s, ids]: vector times gradient of a weighted sum of logits.

        Args:
            alphas: float[s], shares of the features.
            weights: float[s, outputs], what each logit counts.
        """
        values = self._forward(alphas)
        gradient = weights
        for layer, value in zip(reversed(self.layers), reversed(values), strict=True):
            if layer.rectified:
                gradient = gradient * (value > 0)
            gradient = gradient @ layer.kernel.T
        return gradient @ self.parts.T

    def _forward(self, alphas: np.ndarray) -> list[np.ndarray]:
        value, values = alphas[:, None] * self.parts.sum(axis=0), []
        for layer in self.layers:
            value = value @ layer.kernel + layer.bias
            value = np.maximum(value, 0) if layer.rectified else value
            values.append(value)
        return values


SharesOf = Callable[[ModelSpec, Weights, Encoded], Shares]


def shares_of(spec: ModelSpec) -> SharesOf | None:
    """Returns the function that takes one text apart, if this kind has one."""
    return _SHARES.get(spec.model.kind)


def _average(spec: ModelSpec, weights: Weights, encoded: Encoded) -> Shares:
    model = cast(AverageConfig, spec.model)
    vectors = _vectors(encoded, weights["embedding/table"])
    parts = []
    if model.pooling in ("mean", "mean_max"):
        parts.append(vectors / max(len(vectors), 1))
    if model.pooling in ("max", "mean_max"):
        parts.append(_highest(vectors))
    hidden = [
        _layer(weights, f"hidden_{number}", rectified=True)
        for number in range(1, len(model.hidden) + 1)
    ]
    return Shares(np.concatenate(parts, axis=1), (*hidden, _layer(weights, "output")))


def _ngram(spec: ModelSpec, weights: Weights, encoded: Encoded) -> Shares:
    vectors = _vectors(encoded, weights["embedding/table"])
    if cast(NgramConfig, spec.model).length_norm:
        vectors /= np.sqrt(max(len(vectors), 1))
    parts = [vectors]
    kernel, bias = np.eye(spec.outputs), weights["bias/bias"].astype(np.float64)
    if "dense_embedding/table" in weights:
        words, table = encoded.row(0) < spec.units, weights["dense_embedding/table"]
        dense = np.zeros((len(words), table.shape[1]))
        dense[words] = table[encoded.row(0)[words]] / max(int(words.sum()), 1)
        parts.append(dense)
        output = _layer(weights, "output")
        kernel, bias = np.concatenate([kernel, output.kernel]), bias + output.bias
    return Shares(np.concatenate(parts, axis=1), (Layer(kernel, bias, False),))


def _layer(weights: Weights, name: str, *, rectified: bool = False) -> Layer:
    kernel, bias = weights[f"{name}/kernel"], weights[f"{name}/bias"]
    return Layer(kernel.astype(np.float64), bias.astype(np.float64), rectified)


def _vectors(encoded: Encoded, table: np.ndarray) -> np.ndarray:
    ids = encoded.row(0)
    vectors: Any = table[np.minimum(ids, len(table) - 1)].astype(np.float64)
    if encoded.guests is not None:
        others = ids >= len(table)
        vectors[others] = encoded.guests[ids[others] - len(table)]
    return cast(np.ndarray, vectors)


def _highest(vectors: np.ndarray) -> np.ndarray:
    """Gives each maximum to those that have it, in equal parts."""
    if len(vectors) == 0:
        return vectors
    best = vectors == vectors.max(axis=0)
    return np.where(best, vectors, 0.0) / best.sum(axis=0)


_SHARES: dict[str, SharesOf] = {"average": _average, "ngram": _ngram}
