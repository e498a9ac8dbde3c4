"""A part of a grid from which main effects and two-way interactions can be told."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from textclf.errors import ConfigError
from textclf.study.design import Cell, Factor

_RIDGE = 1e-6
_PASSES = 20


def fractional(
    factors: Sequence[Factor],
    allowed: Sequence[Cell],
    *,
    cells: int | None,
    rng: np.random.Generator,
) -> tuple[Cell, ...]:
    """Chooses cells that keep main effects and two-way interactions apart.

    A D-optimal subset by exchange (Fedorov 1972): from a random start, a chosen cell is
    swapped for another as long as the determinant of the information matrix grows.

    Args:
        factors: What is varied.
        allowed: The cells that constraints allow.
        cells: How many; None: a quarter more than there are effects to tell.
        rng: The start is drawn from it.

    Returns:
        The cells in their order in the grid; all, if no fewer will do.

    Raises:
        ConfigError: So few cells cannot tell the effects apart.
    """
    matrix = effects_matrix(factors, allowed)
    needed = int(np.linalg.matrix_rank(matrix))
    count = cells or int(np.ceil(1.25 * needed))
    if count < needed:
        raise ConfigError(
            f"got {count}, expected at least {needed}: as many as there are main "
            "effects and two-way interactions",
            where="sampler.cells",
        )
    if count >= len(allowed):
        return tuple(allowed)
    chosen = _exchanged(matrix, count, rng)
    return tuple(allowed[row] for row in sorted(chosen))


def effects_matrix(
    factors: Sequence[Factor], cells: Sequence[Cell], *, pairs: bool = True
) -> np.ndarray:
    """Returns float64[cells, effects]: mean, main effects, two-way interactions.

    Args:
        factors: What is varied.
        cells: A row each.
        pairs: Whether there are interactions.
    """
    mains = [coded(factor, cells) for factor in factors]
    columns = [np.ones((len(cells), 1)), *mains]
    for one, other in itertools.combinations(mains, 2) if pairs else ():
        crossed = one[:, :, None] * other[:, None, :]
        columns.append(crossed.reshape(len(cells), -1))
    return np.concatenate(columns, axis=1)


def lost(factors: Sequence[Factor], cells: Sequence[Cell], whole: int) -> list[str]:
    """Says in plain lines what a part of the grid cannot tell."""
    if len(cells) == whole:
        return []
    return [
        f"{len(cells)} of {whole} cells: effects of single factors and of pairs are "
        "told apart, those of three or more factors together are not",
        f"each effect rests on about {len(cells) / whole:.0%} of the trials, so its "
        f"interval is about {(whole / len(cells)) ** 0.5:.1f} times as wide",
    ]


def coded(factor: Factor, cells: Sequence[Cell]) -> np.ndarray:
    """Returns the columns of a factor, float64[cells, columns].

    Levels are coded by their difference from the last one (effect coding); numbers that
    were drawn from a range are a column from -1 to 1.
    """
    places = np.array([factor.levels.index(cell[factor.name]) for cell in cells])
    if factor.drawn:
        return position(factor)[places][:, None]
    hot = np.eye(len(factor.levels))[places]
    return hot[:, :-1] - hot[:, -1:]


def position(factor: Factor) -> np.ndarray:
    """Returns where each number that was drawn lies, from -1 to 1."""
    values = np.array(factor.numeric)
    values = np.log(values) if factor.drawn == "log" else values
    low, high = values.min(), values.max()
    return 2 * (values - low) / (high - low) - 1 if high > low else 0 * values


def _exchanged(matrix: np.ndarray, count: int, rng: np.random.Generator) -> set[int]:
    """Swaps one row at a time as long as that gains."""
    chosen = set(rng.choice(len(matrix), count, replace=False).tolist())
    for _ in range(_PASSES):
        # Worked out anew in each pass, so that rounding does not add up.
        information = _Information.of(matrix, sorted(chosen))
        gained = False
        for row in sorted(chosen):
            information.change(row, -1.0)
            gains = information.gains.copy()
            gains[sorted(chosen - {row})] = -np.inf
            best = int(gains.argmax())
            if not gains[best] > gains[row] * (1 + 1e-9):
                best = row
            information.change(best, 1.0)
            gained = gained or best != row
            chosen = {*(chosen - {row}), best}
        if not gained:
            break
    return chosen


@dataclass
class _Information:
    """The inverse information matrix A⁻¹ of chosen rows, and x'A⁻¹x of every row.

    det(A + xx') = det(A) (1 + x'A⁻¹x), so the best row to add has the largest form.
    """

    matrix: np.ndarray
    inverse: np.ndarray
    gains: np.ndarray

    @classmethod
    def of(cls, matrix: np.ndarray, rows: list[int]) -> "_Information":
        own = matrix[rows]
        inverse = np.linalg.inv(own.T @ own + _RIDGE * np.eye(matrix.shape[1]))
        return cls(matrix, inverse, (matrix @ inverse * matrix).sum(axis=1))

    def change(self, row: int, sign: float) -> None:
        """Adds a row, or takes it away (Sherman and Morrison 1950)."""
        moved = self.inverse @ self.matrix[row]
        across = self.matrix @ moved
        share = sign / (1 + sign * across[row])
        self.inverse -= share * np.outer(moved, moved)
        self.gains -= share * across**2
