"""Weights of a mixture against slow plain references."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize

from textclf.ensemble.weights import likelihoods, mixture_weights


def loss(weights, given):
    return -np.log(given @ weights).mean()


@given(st.integers(2, 4), st.integers(5, 60), st.integers(0, 999))
def test_no_other_weights_give_the_truth_more_credit(models, events, seed):
    given_ = np.random.default_rng(seed).uniform(0.02, 1.0, (events, models))
    found = mixture_weights(given_)
    assert found.min() >= 0 and found.sum() == pytest.approx(1.0)
    slow = minimize(
        loss,
        np.full(models, 1 / models),
        args=(given_,),
        bounds=[(0, 1)] * models,
        constraints={"type": "eq", "fun": lambda w: w.sum() - 1},
        method="SLSQP",
    )
    assert loss(found, given_) <= slow.fun + 1e-5


def test_a_model_that_is_always_better_gets_all():
    given_ = np.stack([np.full(40, 0.9), np.full(40, 0.4)], axis=1)
    assert mixture_weights(given_) == pytest.approx([1.0, 0.0], abs=1e-3)


def test_equal_models_count_the_same():
    given_ = np.repeat(np.random.default_rng(0).uniform(0.1, 1, (30, 1)), 3, axis=1)
    assert mixture_weights(given_) == pytest.approx([1 / 3] * 3)


def test_a_model_that_is_sure_and_wrong_once_does_not_break_it():
    given_ = np.array([[1.0, 0.6], [0.0, 0.6], [1.0, 0.6]])
    found = mixture_weights(given_)
    assert np.isfinite(found).all() and 0 < found[1] < 1


def test_events_of_one_label_a_text():
    p = np.array([[[0.7, 0.3], [0.2, 0.8]], [[0.5, 0.5], [0.9, 0.1]]])
    got = likelihoods(p, np.array([1, 0]), "binary")
    assert got.tolist() == [[0.3, 0.5], [0.2, 0.9]]


def test_events_of_several_labels_a_text():
    p = np.array([[[0.7, 0.25]], [[0.5, 0.75]]])
    got = likelihoods(p, np.array([[1, 0]]), "multilabel")
    assert got.tolist() == [[0.7, 0.5], [0.75, 0.25]]
