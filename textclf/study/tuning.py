"""Nuisance settings: the points that are tried in each cell, and which one won."""

import itertools
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from textclf.errors import ConfigError
from textclf.study.factors import Range, check_key, read_range
from textclf.study.spec import NuisanceConfig

Point = Mapping[str, Any]


def points_of(
    nuisance: NuisanceConfig | None, rng: np.random.Generator
) -> tuple[Point, ...]:
    """Returns the points that are tried in each cell; one empty: nothing is tuned.

    Lists alone are crossed. A single range is divided evenly, ends included; several
    get scrambled Sobol points (Sobol 1967).

    Raises:
        ConfigError: A key or a range is wrong.
    """
    if nuisance is None:
        return ({},)
    axes = {key: _axis(key, value) for key, value in nuisance.settings.items()}
    ranges = {key: axis for key, axis in axes.items() if isinstance(axis, Range)}
    if not ranges:
        lists = [axis for axis in axes.values() if not isinstance(axis, Range)]
        return tuple(
            dict(zip(axes, values, strict=True)) for values in itertools.product(*lists)
        )
    shares = _shares(nuisance.trials, len(axes), rng)
    return tuple(
        {
            key: _at(axis, share)
            for (key, axis), share in zip(axes.items(), row, strict=True)
        }
        for row in shares
    )


def at_edge(point: Point, points: Sequence[Point]) -> list[str]:
    """Lists the keys whose chosen number is the least or the greatest tried."""
    edges = []
    for key, value in point.items():
        tried = sorted({p[key] for p in points if isinstance(p[key], int | float)})
        if len(tried) > 2 and value in (tried[0], tried[-1]):
            edges.append(key)
    return edges


def _axis(key: str, value: Any) -> Range | list[Any]:
    where = f"nuisance.settings.{key}"
    check_key(key, where=where)
    if isinstance(value, Mapping):
        return read_range(key, value, where=where)
    axis = value if isinstance(value, list) else [value]
    if not axis or any(axis.count(one) > 1 for one in axis):
        raise ConfigError(f"got {axis}, expected different values", where=where)
    return axis


def _shares(count: int, axes: int, rng: np.random.Generator) -> np.ndarray:
    """Returns float64[count, axes] in 0..1."""
    if axes == 1:
        return np.linspace(0, 1, count)[:, None] if count > 1 else np.array([[0.5]])
    from scipy.stats import qmc

    sampler = qmc.Sobol(axes, scramble=True, rng=rng)
    return sampler.random_base2(int(np.ceil(np.log2(max(count, 2)))))[:count]


def _at(axis: Range | list[Any], share: float) -> Any:
    if isinstance(axis, Range):
        return axis.at(float(share))
    return axis[min(int(share * len(axis)), len(axis) - 1)]
