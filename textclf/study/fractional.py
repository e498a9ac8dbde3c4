"""A part of a grid from which main effects and two-way interactions can be told."""

import itertools
from collections.abc import Sequence

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


def effects_matrix(factors: Sequence[Factor], cells: Sequence[Cell]) -> np.ndarray:
    """Returns float64[cells, effects]: mean, main effects, two-way interactions.

    Levels are coded by their difference from the last one (effect coding).
    """
    mains = [_coded(factor, cells) for factor in factors]
    columns = [np.ones((len(cells), 1)), *mains]
    for one, other in itertools.combinations(mains, 2):
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


def _coded(factor: Factor, cells: Sequence[Cell]) -> np.ndarray:
    places = np.array([factor.levels.index(cell[factor.name]) for cell in cells])
    hot = np.eye(len(factor.levels))[places]
    return hot[:, :-1] - hot[:, -1:]


def _exchanged(matrix: np.ndarray, count: int, rng: np.random.Generator) -> set[int]:
    """Swaps one row at a time as long as that gains."""
    chosen = set(rng.choice(len(matrix), count, replace=False).tolist())
    ridge = _RIDGE * np.eye(matrix.shape[1])
    for _ in range(_PASSES):
        gained = False
        for row in sorted(chosen):
            others = sorted(chosen - {row})
            inverse = np.linalg.inv(matrix[others].T @ matrix[others] + ridge)
            # det(A + xx') = det(A) (1 + x'A⁻¹x), so the best x has the largest form.
            gains = np.einsum("ij,jk,ik->i", matrix, inverse, matrix)
            gains[others] = -np.inf
            best = int(gains.argmax())
            if gains[best] > gains[row] * (1 + 1e-9):
                chosen = {*others, best}
                gained = True
        if not gained:
            break
    return chosen
