"""Integrated gradients, with as many steps as completeness asks for."""

from dataclasses import dataclass

import numpy as np

from textclf.explain.path import Path

TOLERANCE = 1e-3
"""Most that scores may miss of what they should add up to, in log-odds; where that is
more than 1, its share."""

MOST_SLOPES = 512
"""Most points of the path at which the slope is taken."""

_FIRST = 8


@dataclass(frozen=True)
class Integral:
    """What ids add to the log-odds along a path.

    Attributes:
        scores: float64[ids].
        begin: The log-odds without vectors.
        end: The log-odds of the text.
        slopes: At how many points of the path the slope was taken.
    """

    scores: np.ndarray
    begin: float
    end: float
    slopes: int

    @property
    def error(self) -> float:
        """How far the sum of the scores is from what it should be."""
        return abs(float(self.scores.sum()) - (self.end - self.begin))


def integrate(path: Path) -> Integral:
    """Integrates the slope along a path (Sundararajan, Taly and Yan 2017).

    The path is cut into pieces, and the slope in the middle of each stands for the
    piece. Completeness holds for every piece by itself: where the slope times its
    length misses what the log-odds gain there by too much, the piece is halved. So the
    steps go to where a maximum changes hands or a unit begins to fire.
    """
    if path.straight:
        values, slopes = path(np.array([0.0, 0.5, 1.0]))
        return Integral(slopes[1], float(values[0]), float(values[2]), 1)
    edges = np.linspace(0.0, 1.0, _FIRST + 1)
    middles = (edges[:-1] + edges[1:]) / 2
    values, slopes = path(np.concatenate([edges, middles]))
    pieces = _Pieces(edges, values[: _FIRST + 1], values[_FIRST + 1 :])
    pieces.take(slopes[_FIRST + 1 :])
    gain = float(values[_FIRST] - values[0])
    allowed, taken = TOLERANCE * max(1.0, abs(gain)), _FIRST
    while pieces.errors.sum() > allowed:
        worst = _worst(pieces.errors, allowed, most=(MOST_SLOPES - taken) // 2)
        if len(worst) == 0:
            break
        taken += 2 * len(worst)
        pieces.halve(worst, path)
    return Integral(pieces.total(), float(values[0]), float(values[_FIRST]), taken)


def _worst(errors: np.ndarray, allowed: float, *, most: int) -> np.ndarray:
    """Returns the pieces whose errors bring the rest together below what is allowed."""
    order = np.argsort(-errors, kind="stable")
    left = errors.sum() - np.cumsum(errors[order])
    return order[: min(int(np.searchsorted(-left, -allowed / 2)) + 1, most)]


class _Pieces:
    """Pieces of a path, with the log-odds at their ends and in their middles."""

    def __init__(
        self, edges: np.ndarray, at_edges: np.ndarray, at_middles: np.ndarray
    ) -> None:
        self.begins, self.sizes = edges[:-1], np.diff(edges)
        self.low, self.middle, self.high = at_edges[:-1], at_middles, at_edges[1:]

    def take(self, slopes: np.ndarray) -> None:
        """Notes the slopes float64[pieces, ids] in the middles."""
        self.slopes = slopes
        gains = self.sizes * slopes.sum(axis=1)
        self.errors = np.abs(self.high - self.low - gains)

    def total(self) -> np.ndarray:
        """Returns float64[ids], the integral."""
        return self.sizes @ self.slopes

    def halve(self, rows: np.ndarray, path: Path) -> None:
        """Cuts some pieces in two."""
        begins, sizes = self.begins[rows], self.sizes[rows] / 2
        starts = np.concatenate([begins, begins + sizes])
        sizes = np.concatenate([sizes, sizes])
        values, slopes = path(starts + sizes / 2)
        low = np.concatenate([self.low[rows], self.middle[rows]])
        high = np.concatenate([self.middle[rows], self.high[rows]])
        self.begins = np.concatenate([np.delete(self.begins, rows), starts])
        self.sizes = np.concatenate([np.delete(self.sizes, rows), sizes])
        self.low = np.concatenate([np.delete(self.low, rows), low])
        self.high = np.concatenate([np.delete(self.high, rows), high])
        self.middle = np.concatenate([np.delete(self.middle, rows), values])
        self.take(np.concatenate([np.delete(self.slopes, rows, axis=0), slopes]))
