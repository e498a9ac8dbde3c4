"""Effects: paired, corrected, judged; what is planted is found, and nothing else."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.study.frames import DIMS, DROPOUTS, noisy, results
from textclf.study.analysis.bootstrap import Interval
from textclf.study.analysis.effects import compare_cells, contrasts, effects, holm
from textclf.study.analysis.verdict import judge


def effect_of(found, level):
    return next(effect for effect in found if effect.level == level)


def test_a_planted_effect_is_found_with_its_size():
    found = effects(results(noisy({"dropout=word": 0.02})))
    word = effect_of(found, "word")
    assert word.verdict == "better"
    assert word.low < 2.0 < word.high
    assert word.difference == pytest.approx(2.0, abs=0.3)
    assert word.probability == 1.0


def test_a_planted_harm_is_worse():
    found = effects(results(noisy({"dropout=word": -0.02})))
    assert effect_of(found, "word").verdict == "worse"


def test_equal_levels_are_equivalent_when_noise_is_small():
    found = effects(results(noisy({}, sd=0.002)))
    assert {effect.verdict for effect in found} == {"equivalent"}


def test_an_interval_that_ends_at_zero_but_for_rounding_decides_nothing():
    edge = Interval(5e-15, 1.2)
    found = judge(0.6, edge, corrected=0.01, rope=0.5, sd=0.6, seeds=9)
    assert found.word == "undecided"


def test_a_sure_but_tiny_effect_is_equivalent():
    tiny = effect_of(
        effects(results(noisy({"dropout=word": 0.002}, sd=0.0005))), "word"
    )
    assert tiny.low > 0
    assert tiny.verdict == "equivalent"


def test_much_noise_is_undecided_and_says_how_many_seeds_are_missing():
    found = effects(results(noisy({"dropout=word": 0.006}, sd=0.03), seeds=5))
    word = effect_of(found, "word")
    assert word.verdict == "undecided"
    assert word.more_seeds is None or word.more_seeds > 0


def test_one_seed_decides_nothing():
    found = effects(results(noisy({"dropout=word": 0.2}), seeds=1))
    assert {effect.verdict for effect in found} == {"undecided"}
    assert all(effect.more_seeds == 4 for effect in found)


@pytest.mark.parametrize("planted", [0.03, 0.0])
def test_fewer_than_five_seeds_decide_nothing(planted):
    """Many cells make no more pairs: seeds count, however alike they are."""
    three, five = (
        effect_of(
            effects(results(noisy({"dropout=word": planted}, sd=0.0005), seeds=n)),
            "word",
        )
        for n in (3, 5)
    )
    assert (three.verdict, three.more_seeds) == ("undecided", 2)
    assert five.verdict == ("better" if planted else "equivalent")


def test_without_noise_a_difference_is_certain():
    found = effects(results(noisy({"dim=100": 0.03}, sd=0.0)))
    wide = effect_of(found, "100")
    assert (wide.verdict, wide.difference) == ("better", pytest.approx(3.0))
    assert effect_of(found, "10").verdict == "equivalent"


def test_for_a_loss_lower_is_better():
    study = results(noisy({"dropout=word": 0.05}), metric="log_loss", rope=0.005)
    word = effect_of(effects(study), "word")
    assert word.verdict == "better"
    assert word.difference == pytest.approx(-0.05, abs=0.01)
    assert word.probability == 1.0


def test_pairs_are_matched_by_seed_and_cell_not_by_place():
    study = results(noisy({"dropout=word": 0.02}))
    mixed = study.frame.sample(frac=1, random_state=3).reset_index(drop=True)
    moved = results(noisy({"dropout=word": 0.02}))
    object.__setattr__(moved, "frame", mixed)
    assert effects(moved) == effects(study)


def test_a_failed_trial_costs_its_pair_alone():
    lost = [("dim=10,dropout=word", 3)]
    whole = effect_of(effects(results(noisy({"dropout=word": 0.02}))), "word")
    torn = effect_of(effects(results(noisy({"dropout=word": 0.02}), lost=lost)), "word")
    assert torn.seeds == whole.seeds == 10
    assert torn.difference == pytest.approx(whole.difference, abs=0.2)


def test_a_level_that_failed_everywhere_has_no_seeds():
    lost = [(f"dim={dim},dropout=word", s) for dim in DIMS.levels for s in range(10)]
    word = effect_of(effects(results(noisy({}), lost=lost)), "word")
    assert (word.seeds, word.verdict) == (0, "undecided")
    assert np.isnan(word.difference)


def test_shared_training_texts_make_it_harder_to_be_sure():
    alone = effects(results(noisy({"dropout=word": 0.01}, sd=0.01)))
    shared = effects(results(noisy({"dropout=word": 0.01}, sd=0.01), overlap=1 / 9))
    assert effect_of(shared, "word").p_value > effect_of(alone, "word").p_value
    assert effect_of(shared, "word").difference == effect_of(alone, "word").difference


def test_twenty_comparisons_of_the_same_are_at_most_twice_called_different():
    called = 0
    for number in range(20):
        rng = np.random.default_rng(number)
        study = results(
            lambda cell, seed, _, rng=rng: 0.75 + 0.01 * rng.standard_normal(),
            factors=(DROPOUTS,),
            seeds=10,
        )
        called += effects(study)[0].verdict in ("better", "worse")
    assert called <= 2


def test_all_pairs_of_levels_are_compared():
    found = contrasts(results(noisy({"dim=100": 0.02})), "dim")
    pairs = [(effect.level, effect.reference) for effect in found]
    assert pairs == [("10", "2"), ("100", "2"), ("100", "10")]


def test_two_cells_are_compared():
    study = results(noisy({"dropout=word": 0.02}))
    found = compare_cells(study, "dim=2,dropout=word", "dim=2,dropout=none")
    assert found.difference == pytest.approx(2.0, abs=0.6)
    assert found.seeds == 10


@given(st.lists(st.floats(0, 1), min_size=1, max_size=12))
def test_holm_equals_its_slow_definition(p_values):
    order = sorted(range(len(p_values)), key=lambda i: p_values[i])
    expected = [0.0] * len(p_values)
    for rank, place in enumerate(order):
        steps = [
            min(1.0, (len(p_values) - r) * p_values[order[r]]) for r in range(rank + 1)
        ]
        expected[place] = max(steps)
    corrected = holm(p_values)
    ties = {p: [] for p in p_values}
    for p, c in zip(p_values, corrected, strict=True):
        ties[p].append(c)
    assert sorted(corrected) == pytest.approx(sorted(expected))
    assert all(c >= p for c, p in zip(corrected, p_values, strict=True))
