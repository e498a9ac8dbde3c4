"""The way from zero vectors to those of a text, and the slope along it."""

from collections.abc import Callable
from typing import Protocol

import numpy as np

from textclf.backend.given import Places
from textclf.backend.slope import SlopeOf
from textclf.bundle import Bundle
from textclf.explain.target import Target
from textclf.models.shares import Shares, SharesOf, shares_of
from textclf.models.spec import ModelSpec
from textclf.text.encoded import Encoded
from textclf.text.padding import bucket_width

_BATCH_IDS = 1 << 14


class Path(Protocol):
    """What a model says when the vectors of a text are multiplied by a number."""

    @property
    def straight(self) -> bool:
        """Whether the slope is the same all along."""

    def __call__(self, alphas: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Returns the log-odds and what each id adds to their slope.

        Args:
            alphas: float64[s], from 0 to 1.

        Returns:
            float64[s], and float64[s, ids]: the gradient by the vector of each id,
            times that vector.
        """


PathOf = Callable[[Encoded, Target], Path]
"""Returns the path of the one text that it is given."""


class PlainPath:
    """The path of the kinds whose features grow in proportion; in NumPy."""

    def __init__(self, shares: Shares, target: Target) -> None:
        self._shares, self._target = shares, target
        outputs = shares.layers[-1].bias.shape[0]
        weights = target.weights(np.zeros((1, outputs)))
        alone = np.count_nonzero(weights) == 1 or outputs == 2
        self.straight = shares.linear and alone

    def __call__(self, alphas: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        logits = self._shares.logits(alphas)
        weights = self._target.weights(logits)
        slopes = self._shares.pulled(alphas, weights)
        return self._target.of_logits(logits), slopes


class KerasPath:
    """The path of any model that reads its vectors from tables of the embedding."""

    straight = False

    def __init__(
        self, slope: SlopeOf, encoded: Encoded, target: Target, outputs: int
    ) -> None:
        self._slope, self._target, self._outputs = slope, target, outputs
        self._ids = encoded.row(0)
        self._guests = encoded.guests

    def __call__(self, alphas: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        width = bucket_width(len(self._ids))
        size = max(_BATCH_IDS // width, 1)
        parts = [
            self._some(alphas[start : start + size], width)
            for start in range(0, len(alphas), size)
        ]
        values, slopes = zip(*parts, strict=True)
        return np.concatenate(values), np.concatenate(slopes)

    def _some(self, alphas: np.ndarray, width: int) -> tuple[np.ndarray, np.ndarray]:
        n = len(self._ids)
        batch = np.zeros((len(alphas), width), dtype=np.int32)
        batch[:, :n] = self._ids
        places = Places.of(batch)
        step, word = np.divmod(places.positions, width)
        factors = np.concatenate([[0.0], alphas[step]]).astype(np.float32)[:, None]
        rows = self._slope.rows(places, self._guests)
        question = self._target.question(len(alphas), self._outputs)
        found = self._slope(places, [row * factors for row in rows], question)
        slopes = np.zeros((len(alphas), n))
        for gradient, row in zip(found.gradients, rows, strict=True):
            products = np.einsum("nd,nd->n", gradient, row, dtype=np.float64)
            slopes[step, word] += products[1:]
        return found.values.astype(np.float64), slopes


def path_of(bundle: Bundle) -> PathOf:
    """Returns the way to take paths through the model of a bundle.

    The bag kinds need no backend for it.
    """
    plain = shares_of(bundle.spec)
    if plain is not None:
        return _plain(plain, bundle)
    return keras_path(bundle.spec, bundle)


def _plain(plain: SharesOf, bundle: Bundle) -> PathOf:
    spec, weights = bundle.spec, bundle.weights()
    return lambda encoded, target: PlainPath(plain(spec, weights, encoded), target)


def keras_path(spec: ModelSpec, bundle: Bundle) -> PathOf:
    """Returns the general way, by the gradients of the backend."""
    slope = SlopeOf(bundle.model())
    return lambda encoded, target: KerasPath(slope, encoded, target, spec.outputs)
