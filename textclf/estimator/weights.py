"""What each text counts, as scikit-learn hands it in."""

from typing import Any

import numpy as np

from textclf.data.tables import Table
from textclf.estimator.faults import InputError


def weights_of(given: Any, texts: int) -> np.ndarray | None:
    """Returns float32[texts], or None where all texts count alike.

    Raises:
        InputError: They are not one a text, not finite, negative, or all zero.
    """
    if given is None:
        return None
    try:
        weights = np.asarray(given, dtype=np.float64)
    except (TypeError, ValueError) as fault:
        raise InputError("got no numbers", where="sample_weight") from fault
    if weights.ndim == 0:
        weights = np.full(texts, weights)
    if weights.ndim != 1:
        raise InputError(
            "Sample weights must be 1D array or scalar", where="sample_weight"
        )
    if len(weights) != texts:
        raise InputError(
            f"got shape {weights.shape}, expected ({texts},)", where="sample_weight"
        )
    if not np.isfinite(weights).all() or (weights < 0).any():
        raise InputError("got a negative or infinite weight", where="sample_weight")
    if not weights.any():
        raise InputError(
            "got weights that are all zero: no text would be learnt from",
            where="sample_weight",
        )
    return weights.astype(np.float32)


def relative(weights: np.ndarray) -> np.ndarray:
    """Returns weights that average 1, so that they do not change the learning rate."""
    return weights / weights.mean(dtype=np.float64).astype(np.float32)


def counted(table: Table) -> Table:
    """Leaves out what counts nothing."""
    weights = np.asarray(table.weights)
    kept = table.take(np.flatnonzero(weights > 0))
    if len(set(kept.labels or ())) < 2:
        problem = "got texts of one class with a weight above 0, expected two classes"
        raise InputError(problem, where="sample_weight")
    scaled = relative(np.asarray(kept.weights))
    return Table(kept.texts, kept.labels, kept.lines, kept.source, weights=scaled)
