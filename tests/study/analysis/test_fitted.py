"""Fractional designs: effects come out, though few combinations have a partner."""

import itertools

import numpy as np
import pytest

from tests.study.frames import record
from textclf.study.analysis.cells import level_means
from textclf.study.analysis.effects import differences, effects
from textclf.study.analysis.pairing import paired
from textclf.study.design import grid
from textclf.study.factors import read_space
from textclf.study.fractional import fractional
from textclf.study.results import Results, frame_of

FACTORS = read_space(
    {
        "embedding.dim": [2, 4, 8],
        "text.ngrams": [1, 2, 3],
        "regularisation.dropout": [0, 0.2, 0.4],
        "regularisation.word_dropout": [0, 0.2, 0.4],
    },
    reference={},
).factors
SIZES = {("dim", "8"): 0.03, ("dropout", "0.4"): -0.02, ("ngrams", "2"): 0.01}
CELLS = tuple(grid(FACTORS))


def score(cell, seed):
    pair = 0.01 * (cell["dim"] == "4") * (cell["ngrams"] == "3")
    added = sum(size for (name, level), size in SIZES.items() if cell[name] == level)
    return 0.7 + 0.01 * np.sin(seed) + added + pair


def study(cells, *, kind="fractional", seeds=4, lost=()):
    records = [
        record(
            cell.mapping(), seed, None if (cell, seed) in lost else score(cell, seed)
        )
        for cell, seed in itertools.product(cells, range(seeds))
    ]
    spec = {"sampler": {"kind": kind}}
    frame = frame_of(records, FACTORS)
    return Results("part", FACTORS, frame, "accuracy", 0.5, 0.0, spec=spec)


@pytest.fixture(scope="module")
def part():
    cells = fractional(FACTORS, CELLS, cells=None, rng=np.random.default_rng(0))
    assert len(cells) < len(CELLS)
    return cells


def test_a_part_tells_what_the_whole_grid_tells(part):
    whole = {(e.factor, e.level): e for e in effects(study(CELLS, kind="grid"))}
    found = {(e.factor, e.level): e for e in effects(study(part))}
    assert found.keys() == whole.keys()
    for key, effect in found.items():
        assert effect.seeds == 4
        assert effect.difference == pytest.approx(whole[key].difference, abs=1e-6)
        assert effect.verdict == whole[key].verdict


def test_pairs_alone_would_not_tell_it(part):
    frame, names = study(part).frame, [factor.name for factor in FACTORS]
    own = paired(frame, "accuracy", factor="dim", names=names, level="8", reference="2")
    rows = frame[frame["dim"].isin(["2", "8"]) & (frame["seed"] == 0)]
    assert own.empty or len(rows) > 10


def test_a_seed_whose_failed_trials_leave_no_answer_is_left_out(part):
    lost = {(cell, 1) for cell in part if cell["dim"] == "8"}
    found = differences(study(part, lost=lost), FACTORS[0], "8", "2")
    assert list(found.index) == [0, 2, 3]


def test_means_of_levels_are_as_far_apart_as_effects_say(part):
    means = level_means(study(part), FACTORS[0])
    whole = level_means(study(CELLS, kind="grid"), FACTORS[0])
    apart = (means["8"] - means["2"]).to_numpy()
    assert apart == pytest.approx((whole["8"] - whole["2"]).to_numpy(), abs=1e-6)
