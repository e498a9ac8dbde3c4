"""Cells: their table, the best one, the smallest that is as good, the front."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from tests.study.frames import DIMS, DROPOUTS, noisy, results
from textclf.study.analysis.cells import (
    best_cell,
    cell_table,
    smallest_within_one_se,
)
from textclf.study.analysis.pareto import front


def test_every_cell_has_a_row_with_its_numbers():
    table = cell_table(results(noisy({}), lost=[("dim=10,dropout=word", 0)]))
    assert list(table["cell"])[:2] == ["dim=2,dropout=none", "dim=2,dropout=word"]
    row = table.set_index("cell").loc["dim=10,dropout=word"]
    assert (row["seeds"], row["failed"]) == (9, 1)
    assert row["lowest"] <= row["low"] <= row["mean"] <= row["high"] <= row["highest"]
    assert row["gap"] == pytest.approx(10.0)


def test_the_best_cell_follows_the_meaning_of_the_metric():
    effect = {"dim=100": 0.02, "dropout=word": 0.02}
    assert best_cell(results(noisy(effect))) == "dim=100,dropout=word"
    loss = results(noisy(effect), metric="log_loss")
    assert best_cell(loss) == "dim=100,dropout=word"


def test_nothing_done_has_no_best_cell():
    cells = [f"dim={d},dropout={w}" for d in DIMS.levels for w in DROPOUTS.levels]
    study = results(noisy({}), lost=[(c, s) for c in cells for s in range(10)])
    assert best_cell(study) is None


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
