"""Cells: their table, the best one, the smallest that is as good, the front."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from tests.study.frames import DIMS, DROPOUTS, noisy, results
from textclf.study.analysis.cells import (
    cell_table,
    level_means,
    smallest_within_one_se,
    trend,
)
from textclf.study.analysis.effects import effects
from textclf.study.analysis.pareto import front
from textclf.study.design import Factor


def test_every_cell_has_a_row_with_its_numbers():
    table = cell_table(results(noisy({}), lost=[("dim=10,dropout=word", 0)]))
    assert list(table["cell"])[:2] == ["dim=2,dropout=none", "dim=2,dropout=word"]
    row = table.set_index("cell").loc["dim=10,dropout=word"]
    assert (row["seeds"], row["failed"]) == (9, 1)
    assert row["lowest"] <= row["low"] <= row["mean"] <= row["high"] <= row["highest"]
    assert row["gap"] == pytest.approx(10.0)


def test_levels_with_other_company_are_not_confounded():
    """Dimension 100 was trained without word dropout alone, which is much worse."""
    effect = {"dropout=word": 0.10}
    lost = [("dim=100,dropout=word", seed) for seed in range(10)]
    study = results(noisy(effect, sd=0.0005), lost=lost)
    means = level_means(study, DIMS).mean()
    assert means["100"] == pytest.approx(means["2"], abs=0.1)
    whole = results(noisy(effect))
    raw = 100 * whole.frame.pivot_table("accuracy", "seed", "dim")
    assert np.allclose(level_means(whole, DIMS), raw[list(DIMS.levels)])


def test_numbers_that_were_drawn_have_a_trend_and_no_levels():
    numbers = (2.0, 3.0, 5.0, 9.0, 17.0, 33.0)
    names = tuple(f"{n:g}" for n in numbers)
    drawn = Factor("dim", names, numbers, "2", drawn="log")
    rising = results(
        lambda cell, seed, rng: 0.5 + int(cell["dim"]) / 100, factors=(drawn,)
    )
    found = trend(rising, drawn)
    assert found.rank == pytest.approx(1.0)
    assert found.cells == 6
    assert effects(rising) == ()
    assert smallest_within_one_se(rising, drawn) is None
    assert trend(results(noisy({})), DIMS) is None


def test_the_smallest_dimension_as_good_as_the_best_is_named():
    def almost(cell, seed, rng):
        ups_and_downs = 0.004 * (-1) ** seed * (cell["dim"] == "100")
        return 0.70 if cell["dim"] == "2" else 0.75 + ups_and_downs

    assert smallest_within_one_se(results(almost), DIMS) == "10"
    steep = {"dim=10": 0.03, "dim=100": 0.06}
    assert smallest_within_one_se(results(noisy(steep)), DIMS) == "100"
    assert smallest_within_one_se(results(noisy(steep)), DROPOUTS) is None


@given(arrays(np.float64, (8, 3), elements=st.integers(0, 3).map(float)))
def test_the_front_equals_its_slow_definition(points):
    def dominated(one):
        return any(
            all(o <= p for o, p in zip(other, one, strict=True))
            and any(o < p for o, p in zip(other, one, strict=True))
            for other in points
        )

    assert front(points).tolist() == [not dominated(one) for one in points]
