"""A study read back: the winner that is told, and the levels that were trained."""

from dataclasses import replace

from tests.study.frames import DIMS, record
from textclf.study.saved import _trained, _winner


def of_kind(kind, dim, score):
    one = record({"dim": dim}, 2_000_000, score)
    return replace(one, trial=replace(one.trial, kind=kind))


def test_the_winner_is_the_cell_that_leads_and_not_the_one_trained_last():
    """A leads, then B, then A again: no record of A is newer than those of B."""
    records = [
        record({"dim": "2"}, 0, 0.8),
        record({"dim": "10"}, 0, 0.7),
        of_kind("winner", "2", 0.79),
        of_kind("test", "2", 0.78),
        of_kind("winner", "10", 0.71),
    ]
    told = _winner(records, "accuracy")
    assert (told["cell"], told["mean"], told["test_mean"]) == ("dim=2", 0.79, 0.78)


def test_no_winner_is_told_before_it_was_trained_on_fresh_seeds():
    assert _winner([record({"dim": "2"}, 0, 0.8)], "accuracy") is None
    assert _winner([], "accuracy") is None


def test_levels_that_no_trial_has_are_left_out():
    records = [record({"dim": dim}, 0, 0.8) for dim in ("100", "10")]
    trained = _trained(DIMS, records)
    assert (trained.levels, trained.numeric) == (("10", "100"), (10.0, 100.0))
    assert trained.reference == "10"
    assert _trained(DIMS, []) == DIMS
