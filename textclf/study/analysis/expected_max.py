"""What the best of n random trials is expected to score."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.special import gammaln

_RESAMPLES = 1000

Form = Literal["biased", "unbiased"]


@dataclass(frozen=True, eq=False)
class ExpectedMax:
    """A curve over the number of trials.

    Attributes:
        trials: int64[k], 1 to half of what was observed: beyond, it rests on too few.
        mean: float64[k], expected score of the best.
        low: float64[k], of the bootstrap band of 95 %.
        high: float64[k], of the same.
    """

    trials: np.ndarray
    mean: np.ndarray
    low: np.ndarray
    high: np.ndarray


def expected_max(
    scores: np.ndarray, *, rng: np.random.Generator, form: Form = "biased"
) -> ExpectedMax:
    """Returns the expected-maximum curve of trials drawn at random.

    Only of independent random trials: neither of a grid nor of a guided search. The
    biased form (Dodge et al. 2019, equation 7) misleads less often than the unbiased
    one (Tang et al. 2020, equation 4), as Dodge et al. 2021 found.

    Args:
        scores: float64[N], higher is better.
        rng: Resamples are drawn from it.
        form: Which estimator.
    """
    most = max(len(scores) // 2, 1)
    weights = np.stack([_WEIGHTS[form](len(scores), n) for n in range(1, most + 1)])
    draws = rng.integers(0, len(scores), (_RESAMPLES, len(scores)))
    resampled = np.sort(scores[draws], axis=1) @ weights.T
    low, high = np.quantile(resampled, [0.025, 0.975], axis=0)
    return ExpectedMax(np.arange(1, most + 1), weights @ np.sort(scores), low, high)


def _biased(total: int, n: int) -> np.ndarray:
    """Returns the weight of each order statistic, drawing with replacement."""
    shares = np.arange(total + 1) / total
    return np.diff(shares**n)


def _unbiased(total: int, n: int) -> np.ndarray:
    """The same without replacement: C(i - 1, n - 1) / C(N, n)."""
    ranks = np.arange(1, total + 1)
    possible = ranks >= n
    rest = np.where(possible, ranks - n, 0)
    logs = gammaln(ranks) - gammaln(n) - gammaln(rest + 1)
    whole = gammaln(total + 1) - gammaln(n + 1) - gammaln(total - n + 1)
    return np.where(possible, np.exp(logs - whole), 0.0)


_WEIGHTS = {"biased": _biased, "unbiased": _unbiased}
