"""Almost stochastic order: is one whole distribution of scores above another?"""

import math

import numpy as np
from scipy import stats

_GRID = 1000
_RESAMPLES = 500
CLAIM_BELOW = 0.2
"""A value of `almost_stochastic_order` below which dominance may be claimed."""


def violation(a: np.ndarray, b: np.ndarray) -> float:
    """Returns how far A is from being above B at every quantile, 0 to 1.

    0: every quantile of A is the higher one; 1: every quantile of B is. It is the share
    of the squared distance of the quantile functions where B is above A (del Barrio,
    Cuesta-Albertos and Matran 2018; Dror, Shlomov and Reichart 2019, equation 5).

    Args:
        a: float64[n] scores, higher is better.
        b: float64[m] scores.

    Returns:
        The share; 0.5 where the two are the same.
    """
    shares = (np.arange(_GRID) + 0.5) / _GRID
    gaps = _quantiles(a, shares) - _quantiles(b, shares)
    return float(_share_below(gaps))


def almost_stochastic_order(
    a: np.ndarray,
    b: np.ndarray,
    *,
    rng: np.random.Generator,
    confidence: float = 0.95,
) -> float:
    """Returns the upper bound of the violation of "A is above B".

    Dror, Shlomov and Reichart 2019, equation 6: the violation less its bootstrap
    standard error times the normal quantile of 1 - `confidence`, which is negative.

    Args:
        a: float64[n] scores, one a seed, higher is better.
        b: float64[m] scores.
        rng: Resamples are drawn from it.
        confidence: Of the bound.

    Returns:
        0 to 1; below `CLAIM_BELOW`, A may be called almost stochastically dominant.
    """
    n, m = len(a), len(b)
    if min(n, m) < 2:
        return 1.0
    found = violation(a, b)
    factor = math.sqrt(n * m / (n + m))
    shares = (np.arange(_GRID) + 0.5) / _GRID
    drawn = _quantiles(a[rng.integers(0, n, (_RESAMPLES, n))], shares) - _quantiles(
        b[rng.integers(0, m, (_RESAMPLES, m))], shares
    )
    spread = float((factor * (_share_below(drawn) - found)).std())
    bound = found - spread / factor * stats.norm.ppf(1 - confidence)
    return float(np.clip(bound, 0.0, 1.0))


def _quantiles(scores: np.ndarray, shares: np.ndarray) -> np.ndarray:
    """Returns the left-continuous quantiles of the last axis."""
    ordered = np.sort(scores, axis=-1)
    places = np.ceil(shares * scores.shape[-1]).astype(int) - 1
    return np.asarray(ordered[..., places])


def _share_below(gaps: np.ndarray) -> np.ndarray:
    squared = gaps**2
    total = squared.sum(axis=-1)
    below = np.where(gaps < 0, squared, 0.0).sum(axis=-1)
    return np.where(total > 0, below / np.where(total > 0, total, 1.0), 0.5)
