"""Differences of levels where a design has not every combination: a fit per seed."""

import numpy as np
import pandas as pd

from textclf.study.analysis.pairing import DONE
from textclf.study.design import Cell, Factor
from textclf.study.fractional import coded, effects_matrix
from textclf.study.results import Results

_CLOSE = 1e-6


def fitted(
    results: Results, factor: Factor, level: str, reference: str, *, pairs: bool
) -> pd.Series:
    """Returns level − reference, by seed, as least squares see it.

    The cells of one seed are fitted by main effects, and by two-way interactions if
    asked for; the difference is that of main effects, which is what the mean over a
    whole grid would show. It is a weighted sum of scores, and seeds in which trials
    failed so that no weights give it are left out.

    Args:
        results: The trials.
        factor: Whose levels.
        level: One of them.
        reference: Another.
        pairs: Whether pairs of factors are fitted too.
    """
    done = results.frame[results.frame["status"] == DONE]
    names = [one.name for one in results.factors]
    contrast = _contrast(results.factors, factor, level, reference)
    found = {}
    for seed, rows in done.groupby("seed"):
        cells = [Cell.of(dict(row)) for row in rows[names].to_dict("records")]
        matrix = effects_matrix(results.factors, cells, pairs=pairs)
        wanted = np.zeros(matrix.shape[1])
        wanted[: len(contrast)] = contrast
        weights = np.linalg.lstsq(matrix.T, wanted, rcond=None)[0]
        if np.abs(matrix.T @ weights - wanted).max() < _CLOSE:
            scores = rows[results.metric].to_numpy(dtype=float)
            found[seed] = float(weights @ scores)
    return pd.Series(found, dtype=float).rename_axis("seed").sort_index()


def _contrast(
    factors: tuple[Factor, ...], factor: Factor, level: str, reference: str
) -> np.ndarray:
    """Returns how the columns of the mean and of main effects make the difference."""
    parts = [np.zeros(1)]
    for one in factors:
        first = one.levels[0]
        chosen = (level, reference) if one.name == factor.name else (first, first)
        codes = coded(one, [Cell.of({one.name: name}) for name in chosen])
        parts.append(codes[0] - codes[1])
    return np.concatenate(parts)
