"""How much each model of an ensemble counts."""

import numpy as np

from textclf.evaluation.predictions import MULTILABEL, Floats

_ROUNDS = 2_000
_STILL = 1e-7
_TINY = 1e-12


def mixture_weights(likelihoods: Floats) -> Floats:
    """Returns the weights under which a mean of models gives the truth most credit.

    They maximise the mean log of the weighted likelihood, a concave function; each
    round of expectation and maximisation raises it (Dempster, Laird and Rubin 1977,
    section 4.3).

    Args:
        likelihoods: float64[events, models], what each model gave to what was true.

    Returns:
        float64[models], none negative, their sum 1.
    """
    given = np.maximum(likelihoods, _TINY)
    weights = np.full(given.shape[1], 1.0 / given.shape[1])
    for _ in range(_ROUNDS):
        shares = given * weights
        new = (shares / shares.sum(axis=1, keepdims=True)).mean(axis=0)
        moved, weights = np.abs(new - weights).max(), new
        if moved < _STILL:
            break
    return np.asarray(weights)


def likelihoods(probabilities: Floats, truth: np.ndarray, task: str) -> Floats:
    """Returns what each model gave to what was true.

    Args:
        probabilities: float64[models, n, labels].
        truth: int[n] label ids, or {0, 1}[n, labels] where several may be true.
        task: The task; with several labels a text each of them is an event.

    Returns:
        float64[events, models].
    """
    if task == MULTILABEL:
        given = np.where(truth > 0, probabilities, 1.0 - probabilities)
        return np.asarray(given.reshape(len(probabilities), -1).T)
    rows = np.arange(len(truth))
    return np.asarray(probabilities[:, rows, truth.astype(np.int64)].T)
