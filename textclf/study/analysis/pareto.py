"""What cannot be had better in one respect without being worse in another."""

import numpy as np


def front(points: np.ndarray) -> np.ndarray:
    """Returns bool[n]: which points no other one dominates.

    Args:
        points: float64[n, k]; less is better in every column. Equal points stay both.
    """
    no_worse = (points[:, None, :] <= points[None, :, :]).all(axis=-1)
    better = (points[:, None, :] < points[None, :, :]).any(axis=-1)
    return np.asarray(~(no_worse & better).any(axis=0))
