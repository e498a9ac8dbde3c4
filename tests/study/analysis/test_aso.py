"""Almost stochastic order: known cases, and its two directions add up."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from textclf.study.analysis.aso import almost_stochastic_order, violation

LISTS = st.lists(st.floats(0, 1), min_size=2, max_size=15)


def test_clear_dominance_is_zero_and_its_reverse_one():
    low, high = np.linspace(0.1, 0.2, 10), np.linspace(0.5, 0.6, 8)
    assert violation(high, low) == 0.0
    assert violation(low, high) == 1.0
    rng = np.random.default_rng(1)
    assert almost_stochastic_order(high, low, rng=rng) < 0.05
    assert almost_stochastic_order(low, high, rng=rng) == 1.0


def test_the_same_scores_claim_nothing():
    scores = np.random.default_rng(1).normal(size=12)
    assert violation(scores, scores) == 0.5
    rng = np.random.default_rng(2)
    assert almost_stochastic_order(scores, scores, rng=rng) >= 0.5


def test_few_alike_scores_claim_nothing():
    rng = np.random.default_rng(3)
    a, b = rng.normal(0.02, 1, 6), rng.normal(0, 1, 6)
    assert almost_stochastic_order(a, b, rng=rng) > 0.2


@given(LISTS, LISTS)
def test_the_two_directions_add_up_to_one(a, b):
    both = violation(np.array(a), np.array(b)) + violation(np.array(b), np.array(a))
    assert both == pytest.approx(1.0)
