"""Which cell leads: by the meaning of the metric, among cells with all their seeds."""

import pytest

from tests.study.frames import record
from textclf.study.leading import best_cell, contenders


def records(scores):
    return [
        record({"dim": dim}, seed, score)
        for dim, own in scores.items()
        for seed, score in enumerate(own)
    ]


def test_the_best_cell_follows_the_meaning_of_the_metric():
    own = records({"2": [0.7, 0.8], "9": [0.8, 0.9]})
    assert str(best_cell(own, "accuracy")[0]) == "dim=9"
    assert str(best_cell(own, "log_loss")[0]) == "dim=9"
    assert best_cell(own, "accuracy")[1] == pytest.approx(0.85)


def test_nothing_done_has_no_best_cell():
    assert best_cell(records({"2": [None]}), "accuracy") is None
    assert best_cell([], "accuracy") is None


def test_a_cell_whose_trials_failed_does_not_contend():
    own = contenders(records({"2": [0.7, 0.8], "9": [0.99, None]}))
    assert {str(one.trial.cell) for one in own} == {"dim=2"}
