"""Measures how far training moved the rows of words."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt

from textclf.evaluation.movement import QUANTILES, EpochMove, Group, Movement, Step

MOST = 20
"""How many of the words that moved most are named."""

_FREQUENT, _RARE = 100, 5  # occurrences in training
_ROWS = 4096

Floats = npt.NDArray[np.float64]


def measure(
    before: np.ndarray,
    after: np.ndarray,
    *,
    tokens: Sequence[str],
    counts: np.ndarray,
    found: np.ndarray | None,
    words: int,
    epochs: Sequence[EpochMove] = (),
) -> Movement:
    """Compares the rows of words before and after training.

    Args:
        before: float32[n, dim], row i is word i.
        after: The same after training.
        tokens: The n words.
        counts: int64[n], how often training saw each.
        found: bool[n], which rows came from a vector file; None: there was none.
        words: Words of the whole vocabulary.
        epochs: How it went.
    """
    figures = _Figures.of(before, after)
    groups: dict[str, np.ndarray] = {"all": np.ones(len(tokens), dtype=bool)}
    if found is not None:
        groups |= {"found in the file": found, "not found": ~found}
    groups[f"seen {_FREQUENT} times or more"] = counts >= _FREQUENT
    groups[f"seen {_RARE} times or less"] = counts <= _RARE
    return Movement(
        words=words,
        measured=len(tokens),
        groups=tuple(
            figures.group(name, rows) for name, rows in groups.items() if rows.any()
        ),
        most=figures.farthest(tokens),
        epochs=tuple(epochs),
    )


def step(word: str, before: np.ndarray, after: np.ndarray) -> Step:
    """Compares the two rows of one word, float32[dim] each."""
    return _Figures.of(before[None], after[None]).step(0, word)


def mean_distance(before: np.ndarray, after: np.ndarray) -> float:
    """Returns the mean Euclidean distance of rows, float32[n, dim] each."""
    return float(_Figures.of(before, after).distance.mean())


@dataclass(frozen=True, eq=False)
class _Figures:
    """Norms, distance and cosine of n words, float64[n]; cosine NaN at a zero row."""

    before: Floats
    after: Floats
    distance: Floats
    cosine: Floats

    @classmethod
    def of(cls, before: np.ndarray, after: np.ndarray) -> Self:
        parts = [
            _compared(before[start : start + _ROWS], after[start : start + _ROWS])
            for start in range(0, max(len(before), 1), _ROWS)
        ]
        return cls(*np.concatenate(parts, axis=1))

    def group(self, name: str, rows: np.ndarray) -> Group:
        cosines = self.cosine[rows]
        cosines = cosines[np.isfinite(cosines)]
        return Group(
            name=name,
            words=int(rows.sum()),
            still=int((self.distance[rows] == 0).sum()),
            before=tuple(np.quantile(self.before[rows], QUANTILES).tolist()),
            after=tuple(np.quantile(self.after[rows], QUANTILES).tolist()),
            distance=float(self.distance[rows].mean()),
            cosine=float(cosines.mean()) if len(cosines) else None,
        )

    def farthest(self, tokens: Sequence[str]) -> tuple[Step, ...]:
        order = np.argsort(-self.distance, kind="stable")[:MOST]
        return tuple(self.step(int(row), tokens[row]) for row in order)

    def step(self, row: int, word: str) -> Step:
        cosine = float(self.cosine[row])
        return Step(
            word,
            float(self.before[row]),
            float(self.after[row]),
            float(self.distance[row]),
            cosine if np.isfinite(cosine) else None,
        )


def _compared(before: np.ndarray, after: np.ndarray) -> Floats:
    """Returns norm, norm, distance and cosine of rows, float64[4, n]."""
    start, end = before.astype(np.float64), after.astype(np.float64)
    norms = [np.linalg.norm(rows, axis=1) for rows in (start, end)]
    product = norms[0] * norms[1]
    dots = np.einsum("ij,ij->i", start, end)
    cosine = np.divide(dots, product, out=np.full_like(dots, np.nan), where=product > 0)
    # Rounding would put a row that did not move at 0.9999999.
    cosine[(start == end).all(axis=1) & (product > 0)] = 1.0
    distance = np.linalg.norm(end - start, axis=1)
    return np.stack([*norms, distance, np.clip(cosine, -1.0, 1.0)])
