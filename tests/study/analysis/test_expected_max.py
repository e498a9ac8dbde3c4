"""Expected maximum: against all subsets and all draws, one by one."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from textclf.study.analysis.expected_max import expected_max

SCORES = st.lists(st.floats(0, 1), min_size=2, max_size=6)


@given(SCORES)
def test_both_forms_equal_enumeration(scores):
    values, rng = np.array(scores), np.random.default_rng(1)
    biased = expected_max(values, rng=rng)
    unbiased = expected_max(values, rng=rng, form="unbiased")
    for place, n in enumerate(biased.trials):
        draws = [max(d) for d in itertools.product(scores, repeat=int(n))]
        subsets = [max(s) for s in itertools.combinations(scores, int(n))]
        assert biased.mean[place] == pytest.approx(np.mean(draws))
        assert unbiased.mean[place] == pytest.approx(np.mean(subsets))


def test_it_ends_at_half_of_what_was_observed_and_rises():
    curve = expected_max(np.arange(20) / 20, rng=np.random.default_rng(1))
    assert curve.trials.tolist() == list(range(1, 11))
    assert (np.diff(curve.mean) > 0).all()
    assert (curve.low <= curve.mean).all()
    assert (curve.mean <= curve.high + 1e-12).all()
