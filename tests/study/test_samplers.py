"""Designs that are smaller than the grid: they keep what they promise."""

import numpy as np
import pytest

from textclf.errors import ConfigError
from textclf.study.design import grid
from textclf.study.factors import read_space
from textclf.study.fractional import effects_matrix, fractional, lost
from textclf.study.quasi_random import quasi_random
from textclf.study.spec import NuisanceConfig
from textclf.study.tuning import at_edge, points_of

FACTORS = read_space(
    {
        "embedding.dim": [2, 5, 10, 50],
        "text.ngrams": [1, 2],
        "regularisation.dropout": [0.0, 0.25, 0.5],
        "training.batch_size": [16, 64],
    },
    reference={},
).factors


def rng():
    return np.random.default_rng(1)


def test_a_part_of_the_grid_tells_effects_of_pairs_apart():
    cells = tuple(grid(FACTORS))
    part = fractional(FACTORS, cells, cells=None, rng=rng())
    rank = np.linalg.matrix_rank(effects_matrix(FACTORS, cells))
    assert rank <= len(part) < len(cells)
    assert np.linalg.matrix_rank(effects_matrix(FACTORS, part)) == rank
    assert len(lost(FACTORS, part, len(cells))) == 2


def test_it_is_better_than_chance():
    cells = tuple(grid(FACTORS))
    part = fractional(FACTORS, cells, cells=None, rng=rng())

    def log_det(chosen):
        matrix = effects_matrix(FACTORS, chosen)
        return np.linalg.slogdet(matrix.T @ matrix + 1e-6 * np.eye(matrix.shape[1]))[1]

    draws = rng().choice(len(cells), (20, len(part)), replace=True)
    by_chance = [log_det([cells[i] for i in draw]) for draw in draws]
    assert log_det(part) > max(by_chance)


def test_too_few_cells_are_refused_and_a_small_grid_is_kept_whole():
    cells = tuple(grid(FACTORS))
    with pytest.raises(ConfigError, match="expected at least"):
        fractional(FACTORS, cells, cells=5, rng=rng())
    small = FACTORS[:2]
    whole = tuple(grid(small))
    assert fractional(small, whole, cells=None, rng=rng()) == whole
    assert lost(small, whole, len(whole)) == []


def test_forbidden_cells_are_never_chosen():
    allowed = tuple(c for c in grid(FACTORS) if not (c["dim"] == "2" == c["ngrams"]))
    part = fractional(FACTORS, allowed, cells=None, rng=rng())
    assert set(part) <= set(allowed)


def test_quasi_random_cells_are_spread_and_obey():
    space = read_space(
        {"embedding.dim": {"log": [2, 300]}, "text.ngrams": [1, 2, 3]}, reference={}
    )
    cells = quasi_random(
        space.factors,
        space.ranges,
        cells=32,
        obeys=lambda cell: cell["ngrams"] != "3",
        rng=rng(),
    )
    assert len(cells) == len(set(cells)) == 32
    assert {cell["ngrams"] for cell in cells} == {"1", "2"}
    logs = np.log([float(cell["dim"]) for cell in cells])
    quarters = np.histogram(logs, bins=4, range=(np.log(2), np.log(300)))[0]
    assert quarters.min() >= 4


def test_nuisance_points_of_one_range_are_even_and_hold_its_ends():
    settings = {"training.learning_rate": {"log": [0.001, 0.1]}}
    points = points_of(NuisanceConfig(settings=settings, trials=3), rng())
    rates = [point["training.learning_rate"] for point in points]
    assert rates == pytest.approx([0.001, 0.01, 0.1])
    assert at_edge(points[0], points) == ["training.learning_rate"]
    assert at_edge(points[1], points) == []


def test_nuisance_lists_are_crossed_and_several_ranges_spread():
    crossed = {"training.learning_rate": [0.1, 0.2], "training.batch_size": [16, 32]}
    assert len(points_of(NuisanceConfig(settings=crossed), rng())) == 4
    spread = {
        "training.learning_rate": {"log": [0.001, 0.1]},
        "regularisation.l2": {"linear": [0.0, 0.1]},
    }
    points = points_of(NuisanceConfig(settings=spread, trials=5), rng())
    assert len({tuple(point.values()) for point in points}) == 5


def test_without_nuisance_there_is_one_empty_point():
    assert points_of(None, rng()) == ({},)
