"""Two coordinates for vectors of many, for pictures."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from textclf.errors import ConfigError

Method = Literal["pca", "tsne"]
Floats = npt.NDArray[np.float64]

FEWEST = 3
"""Fewest words that make a map."""

_PERPLEXITY = 30.0
_EQUAL = 1e-6


@dataclass(frozen=True, eq=False)
class Projection:
    """Places of words on a plane.

    Attributes:
        after: float64[n, 2].
        before: float64[n, 2], the same words before training on the same plane, NaN for
            those whose start is not known; None: of none it is.
        told: What the plane is, for people.
        variance: The shares of the variance of the rows that the two axes hold; None
            for t-SNE, whose axes mean nothing.
    """

    after: Floats
    before: Floats | None
    told: str
    variance: tuple[float, float] | None


def project(
    after: np.ndarray, before: np.ndarray | None, *, method: Method, seed: int
) -> Projection:
    """Places vectors on a plane.

    PCA is fitted on the rows after training and places those before on the same axes:
    a word that did not move stands where it stood. t-SNE (van der Maaten and Hinton
    2008) has no axes to reuse, so it places both sets at once, as rows of length 1,
    because neighbours are told by their cosine.

    Args:
        after: float32[n, dim], n at least 3.
        before: float32[n, dim], the same words before training, rows of NaN where that
            is not known; None: there was none.
        method: `pca` or `tsne`.
        seed: Draws what t-SNE draws.

    Raises:
        ConfigError: There are too few words.
    """
    if len(after) < FEWEST:
        raise ConfigError(
            f"got {len(after)} words, expected at least {FEWEST} for a map"
        )
    known = None if before is None else np.isfinite(before).all(axis=1)
    start = None if before is None else before[known]
    place = {"pca": _pca, "tsne": _tsne}[method]
    ends, starts, told, variance = place(after, start, seed)
    if starts is None or known is None:
        return Projection(ends, None, told, variance)
    places = np.full((len(after), 2), np.nan)
    places[known] = starts
    return Projection(ends, places, told, variance)


_Placed = tuple[Floats, Floats | None, str, tuple[float, float] | None]


def _pca(after: np.ndarray, before: np.ndarray | None, seed: int) -> _Placed:
    from sklearn.decomposition import PCA

    axes = min(2, after.shape[1])
    fitted = PCA(axes, svd_solver="full").fit(after.astype(np.float64))
    ends = _two(fitted.transform(after))
    starts = _two(fitted.transform(before)) if before is not None else None
    shares = [*np.nan_to_num(fitted.explained_variance_ratio_).tolist(), 0.0][:2]
    first, second = map(_percent, shares)
    told = f"PCA: the axes hold {first} and {second} of the variance"
    if before is not None:
        told += "; both maps have the axes of the trained words"
    return ends, starts, told, (shares[0], shares[1])


def _tsne(after: np.ndarray, before: np.ndarray | None, seed: int) -> _Placed:
    from sklearn.manifold import TSNE
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    rows = after if before is None else np.concatenate([after, before])
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    unit = (rows / np.where(lengths > 0, lengths, 1)).astype(np.float64)
    perplexity = min(_PERPLEXITY, (len(unit) - 1) / 3)
    init = "pca" if unit.shape[1] > 1 else "random"
    if np.ptp(unit, axis=0).max() < _EQUAL:  # scikit-learn 1.9 crashes on equal rows
        places = np.zeros((len(unit), 2))
    else:
        tsne = TSNE(2, perplexity=perplexity, init=init, random_state=seed)
        with threadpool_limits(1, user_api="openmp"):  # on a busy machine many are slow
            places = tsne.fit_transform(unit).astype(np.float64)
    told = f"t-SNE of cosines, perplexity {perplexity:.0f}, seed {seed}"
    if before is None:
        return places, None, told, None
    told += "; words before and after were placed together"
    return places[: len(after)], places[len(after) :], told, None


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"


def _two(places: Floats) -> Floats:
    missing = 2 - places.shape[1]
    return np.pad(places, ((0, 0), (0, missing))) if missing > 0 else places
