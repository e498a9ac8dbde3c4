"""Cells spread evenly over a design, neither on a grid nor in clumps."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from textclf.config.yaml_text import scalar_text
from textclf.study.design import Cell, Factor
from textclf.study.factors import Range

_DOUBLINGS = 5
"""Of the points that are drawn, as constraints may forbid many."""


def quasi_random(
    factors: Sequence[Factor],
    ranges: Mapping[str, Range],
    *,
    cells: int,
    obeys: Callable[[Cell], bool],
    rng: np.random.Generator,
) -> tuple[Cell, ...]:
    """Returns different cells from scrambled Sobol points (Sobol 1967; Owen 1998).

    Args:
        factors: What is varied.
        ranges: The range of each factor that has no levels.
        cells: How many are wanted; fewer come back from a small design.
        obeys: Tells whether constraints allow a cell.
        rng: What the scrambling is drawn from.
    """
    from scipy.stats import qmc

    sobol = qmc.Sobol(len(factors), scramble=True, rng=rng)
    found: dict[Cell, None] = {}
    first = int(np.ceil(np.log2(max(cells, 2))))
    for doubling in range(_DOUBLINGS):
        # Sobol points are even in number by powers of two only.
        for point in sobol.random_base2(first + max(doubling - 1, 0)):
            levels = {
                factor.name: _level(factor, ranges.get(factor.name), float(share))
                for factor, share in zip(factors, point, strict=True)
            }
            cell = Cell.of(levels)
            if obeys(cell):
                found[cell] = None
            if len(found) == cells:
                return tuple(found)
    return tuple(found)


def _level(factor: Factor, span: Range | None, share: float) -> str:
    if span is not None:
        return scalar_text(span.at(share))
    count = len(factor.levels)
    return factor.levels[min(int(share * count), count - 1)]
