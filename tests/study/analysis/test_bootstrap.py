"""Intervals: they hold the truth as often as they say, also for few seeds."""

import numpy as np
import pytest

from textclf.study.analysis.bootstrap import UNKNOWN, interval, percentiles


@pytest.mark.parametrize("seeds", [5, 10])
def test_about_95_of_100_intervals_hold_the_mean(seeds):
    rng = np.random.default_rng(1)
    held = 0
    for _ in range(400):
        span = interval(rng.normal(1.0, 2.0, seeds), rng=rng)
        held += span.low <= 1.0 <= span.high
    assert 0.92 <= held / 400 <= 0.985


def test_plain_percentiles_of_few_seeds_would_be_too_narrow():
    values = np.random.default_rng(2).normal(size=6)
    rng = np.random.default_rng(3)
    plain = percentiles(values, lambda drawn: drawn.mean(axis=-1), rng=rng)
    wide = interval(values, rng=np.random.default_rng(3))
    assert wide.half_width > 1.1 * plain.half_width


@pytest.mark.parametrize("values", [[], [1.0]])
def test_fewer_than_two_values_say_nothing(values):
    rng = np.random.default_rng(1)
    assert interval(np.array(values), rng=rng) == UNKNOWN


def test_equal_values_have_an_interval_of_no_width():
    span = interval(np.full(5, 0.25), rng=np.random.default_rng(1))
    assert (span.low, span.high) == (0.25, 0.25)
