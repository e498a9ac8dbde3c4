"""Early stopping, against a plain reading of a list of scores."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from textclf.training.stopping import Watch

SCORES = st.lists(
    st.sampled_from([0.1, 0.2, 0.3, 0.4, math.nan]), min_size=1, max_size=12
)


class Model:
    """Its one weight is the number of the epoch."""

    def __init__(self):
        self.weight = np.zeros(1)

    def get_weights(self):
        return [self.weight.copy()]

    def set_weights(self, weights):
        (self.weight,) = (weight.copy() for weight in weights)


def watched(scores, *, patience, rising):
    """Trains until patience ends; returns the epochs seen, the best marks, the end."""
    model, marks = Model(), []
    watch = Watch(model, patience=patience, rising=rising)
    for epoch, score in enumerate(scores, start=1):
        model.weight[:] = epoch
        marks.append(watch.see(score))
        if watch.exhausted():
            break
    watch.restore()
    return marks, int(model.weight[0])


def slow_reading(scores, *, patience, rising):
    marks = []
    for now, score in enumerate(scores):
        known = [s for s in scores[:now] if not math.isnan(s)]
        better = (
            max(known, default=-math.inf) if rising else min(known, default=math.inf)
        )
        marks.append(score > better if rising else score < better)
        since = marks[::-1].index(True) if any(marks) else len(marks)
        if patience is not None and since >= patience:
            break
    best = max(
        (epoch for epoch, mark in enumerate(marks, 1) if mark), default=len(marks)
    )
    return marks, best


@pytest.mark.parametrize("rising", [True, False])
@given(SCORES, st.none() | st.integers(1, 4))
def test_equals_the_slow_reading(rising, scores, patience):
    options = {"patience": patience, "rising": rising}
    assert watched(scores, **options) == slow_reading(scores, **options)


def test_a_tie_is_no_improvement():
    assert watched([0.5, 0.5, 0.5], patience=2, rising=True) == (
        [True, False, False],
        1,
    )


def test_another_stage_starts_from_the_best_with_new_patience():
    model = Model()
    watch = Watch(model, patience=2, rising=True)
    watch.restart()
    assert model.weight == 0
    for epoch, score in enumerate([0.3, 0.9, 0.1, 0.1], start=1):
        model.weight[:] = epoch
        watch.see(score)
    assert watch.exhausted()
    watch.restart()
    assert model.weight == 2
    assert not watch.exhausted()
    assert not watch.see(0.5), "the best score stays over the stages"


def test_no_score_at_all_leaves_the_model_alone():
    model = Model()
    model.weight[:] = 5
    Watch(model, patience=1, rising=True).restore()
    assert model.weight == 5
