"""Sentences: each verdict has one, cautions are told, numbers are right."""

import pytest

from tests.study.frames import noisy, results
from textclf.study.report.conclusions import conclusions
from textclf.study.report.text import lines_of


def told(study) -> str:
    return "\n".join(conclusions(study))


def test_equivalent_levels_are_one_sentence():
    text = told(results(noisy({"dropout=word": 0.02}, sd=0.002)))
    assert "On mr, dim 2 to 100 are equivalent within ±0.5 points of accuracy." in text
    assert "Dropout word is better than none by 2.0 points [" in text


def test_harm_is_told_with_the_size_of_the_loss():
    text = told(results(noisy({"dropout=word": -0.02}, sd=0.002)))
    assert "Dropout word is worse than none by 2.0 points [1." in text


def test_undecided_asks_for_seeds():
    text = told(results(noisy({"dropout=word": 0.006}, sd=0.02), seeds=4))
    assert "undecided" in text
    assert "more seed" in text


def test_one_seed_says_that_nothing_is_known():
    text = told(results(noisy({}), seeds=1))
    assert "[unknown: one seed]" in text
    assert "a verdict needs 5 seeds, 4 more." in text
    assert "smallest dim" not in text


def test_a_level_that_failed_everywhere_is_told_without_asking_for_seeds():
    lost = [
        (f"dim={dim},dropout=word", s) for dim in ("2", "10", "100") for s in (0, 1)
    ]
    study = results(noisy({}), seeds=2, lost=lost)
    assert "Dropout word cannot be compared with none" in told(study)
    assert "unknown" not in "\n".join(lines_of(study, 100))


def test_a_study_that_was_interrupted_says_so():
    study = results(noisy({}), seeds=2, planned=30)
    assert "the study is not at its end, 12 of 30 trials are there" in told(study)
    assert lines_of(study, 80)[0] == "made-up: 12 of 30 trials done"


def test_an_interaction_is_told():
    def score(cell, seed, rng):
        both = cell == {"dim": "100", "dropout": "word"}
        return 0.75 + 0.05 * both + 0.002 * rng.standard_normal()

    assert "do not act independently" in told(results(score))
    assert "do not act independently" not in told(results(noisy({})))


def test_cautions_are_told():
    edge = {"dim=2,dropout=none": {"training.learning_rate": 0.1, "at_edge": ["x"]}}
    lost = [("dim=2,dropout=none", 0)]
    text = told(results(noisy({}), lost=lost, nuisance=edge))
    assert "1 of 1 cells chose a nuisance setting at the edge" in text
    assert "1 of 60 trials failed (1 raised)" in text
    searched = results(noisy({}), spec={"sampler": {"kind": "tpe"}})
    assert "are not effects" in told(searched)


def test_an_untuned_rate_is_told_where_sizes_are_compared():
    assert "learning rate was the same" in told(results(noisy({})))
    tuned = {"dim=2,dropout=none": {"training.learning_rate": 0.1, "at_edge": []}}
    assert "learning rate was the same" not in told(results(noisy({}), nuisance=tuned))


def test_the_winner_is_told_with_its_test_score_and_the_floor():
    winner = {"cell": "dim=2,dropout=none", "seeds": 5, "mean": 0.80}
    winner |= {"low": 0.79, "high": 0.81, "test_mean": 0.785, "test_n": 5}
    text = told(results(noisy({}), winner=winner, floor=0.82))
    assert "on 5 fresh seeds it came to 80.0 (79.0 to 81.0)" in text
    assert "looked at this once, to 78.5" in text
    assert "the floor is not beaten" in text
    beaten = told(results(noisy({}), winner=winner | {"test_mean": None}, floor=0.7))
    assert "not beaten" not in beaten
    assert "test texts" not in beaten


def test_a_loss_is_told_in_its_own_units():
    study = results(noisy({"dropout=word": 0.05}), metric="log_loss", rope=0.005)
    text = told(study)
    assert "better than none by 0.050 [0.04" in text
    assert "points" not in text


@pytest.mark.parametrize("seeds", [2, 10])
def test_the_smallest_dimension_is_named(seeds):
    study = results(noisy({"dim=10": 0.04, "dim=100": 0.08}, sd=0.001), seeds=seeds)
    assert "within one standard error of the best is 100." in told(study)
