"""Trials side by side: by seed and by the other factors, never by position."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from textclf.errors import DataError

DONE = "done"


def paired(
    frame: pd.DataFrame,
    metric: str,
    *,
    factor: str,
    names: list[str],
    level: str,
    reference: str,
) -> pd.Series:
    """Returns level − reference, by seed.

    For each seed it is the mean over the combinations of the other factors that were
    trained with both levels.

    Args:
        frame: The trials (`results.frame_of`).
        metric: A column.
        factor: Which factor.
        names: All factors.
        level: One of its levels.
        reference: Another.
    """
    others = [name for name in names if name != factor]
    done = frame[frame["status"] == DONE]
    keys = ["seed", *others]
    sides = [
        _side(done[done[factor] == one], keys, metric) for one in (level, reference)
    ]
    both = sides[0].to_frame("a").join(sides[1].to_frame("b"), how="inner")
    difference = both["a"] - both["b"]
    return difference.groupby(level="seed").mean().sort_index()


def paired_cells(frame: pd.DataFrame, metric: str, a: str, b: str) -> pd.Series:
    """Returns cell a − cell b, by seed."""
    done = frame[frame["status"] == DONE]
    sides = [_side(done[done["cell"] == cell], ["seed"], metric) for cell in (a, b)]
    both = sides[0].to_frame("a").join(sides[1].to_frame("b"), how="inner")
    return (both["a"] - both["b"]).sort_index()


def _side(rows: pd.DataFrame, keys: list[str], metric: str) -> pd.Series:
    indexed = rows.set_index(keys)[metric]
    if indexed.index.has_duplicates:
        twice = indexed.index[indexed.index.duplicated()][0]
        raise DataError(f"got two trials of one cell and seed: {twice}")
    return indexed


@dataclass(frozen=True, eq=False)
class Answers:
    """What one trial said of the texts it was judged by.

    Attributes:
        ids: int64[n], which texts; each once.
        targets: int[n] or int[n, k], the truth.
        predicted: The same shape, what was said.
    """

    ids: np.ndarray
    targets: np.ndarray
    predicted: np.ndarray

    def __post_init__(self) -> None:
        if not len(self.ids) == len(self.targets) == len(self.predicted):
            raise DataError(
                f"got {len(self.ids)} ids, {len(self.targets)} targets and "
                f"{len(self.predicted)} predictions, expected as many"
            )
        if len(np.unique(self.ids)) < len(self.ids):
            raise DataError("got an id twice, expected each text once")

    @property
    def right(self) -> np.ndarray:
        """bool[n], whether the whole answer is right."""
        same = self.targets == self.predicted
        return same if same.ndim == 1 else same.all(axis=1)


@dataclass(frozen=True, eq=False)
class Joined:
    """Two answers to the same texts, in the order of their ids."""

    ids: np.ndarray
    right_a: np.ndarray
    right_b: np.ndarray


def joined(a: Answers, b: Answers) -> Joined:
    """Joins two answers by the ids of the texts.

    Raises:
        DataError: The texts differ, or the same text has two truths: then rows were
            moved without their ids.
    """
    first, second = np.argsort(a.ids), np.argsort(b.ids)
    if not np.array_equal(a.ids[first], b.ids[second]):
        raise DataError("got answers to different texts, expected the same ids")
    if not np.array_equal(a.targets[first], b.targets[second]):
        raise DataError(
            "got two truths for one text: rows and ids do not belong together"
        )
    return Joined(a.ids[first], a.right[first], b.right[second])
