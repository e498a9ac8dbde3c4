"""Predictions check themselves and are computed stably."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from tests.evaluation.samples import drawn, made
from textclf.errors import ArtefactError, DataError
from textclf.evaluation.predictions import (
    BINARY,
    MULTICLASS,
    MULTILABEL,
    concatenate,
    probabilities_from_logits,
)


class TestPredictions:
    @pytest.mark.parametrize(
        ("probabilities", "task", "changes", "said"),
        [
            ([[0.5, 0.6]], BINARY, {}, "sum to 1.1"),
            ([[0.5, 0.500002]], BINARY, {}, "sum to"),
            ([[math.nan, 1.0]], BINARY, {}, "nan"),
            ([[1.2, -0.2]], BINARY, {}, "1.2"),
            ([[math.inf, 0.0]], MULTILABEL, {}, "inf"),
            ([[0.5, 0.5]], BINARY, {"labels": ("a", "b", "c")}, "3 labels"),
            ([[0.5, 0.5]], MULTICLASS, {"labels": ("a", "b", "c")}, r"\[texts, 3\]"),
            ([[0.5, 0.5]], BINARY, {"labels": ("a", "a")}, "twice"),
            ([[1.0]], MULTICLASS, {}, "1 labels"),
            ([[0.5, 0.5]], "regression", {}, "task"),
            ([[0.5, 0.5]], BINARY, {"empty": [False, True]}, "`empty`"),
            ([[0.5, 0.5]], BINARY, {"unknown": [math.nan]}, "`unknown`"),
        ],
    )
    def test_refuses(self, probabilities, task, changes, said):
        with pytest.raises(DataError, match=said):
            made(probabilities, task, **changes)

    def test_accepts_sums_within_a_millionth_and_independent_labels(self):
        assert len(made([[0.5, 0.5000009]], BINARY)) == 1
        assert len(made([[0.9, 0.9]], MULTILABEL)) == 1

    def test_cannot_be_changed_and_leaves_the_given_array_writable(self):
        given_array = np.array([[0.5, 0.5]])
        predictions = made(given_array, BINARY)
        with pytest.raises(ValueError, match="read-only"):
            predictions.probabilities[0, 0] = 1.0
        given_array[0, 0] = 0.4

    def test_chooses_the_first_of_equals_and_labels_from_one_half_on(self):
        assert made([[0.5, 0.5], [0.2, 0.8]], BINARY).chosen().tolist() == [0, 1]
        sets = made([[0.5, 0.49], [0.1, 0.2]], MULTILABEL).chosen()
        assert sets.tolist() == [[True, False], [False, False]]

    def test_records(self):
        single = made([[0.25, 0.75]], BINARY, empty=[True], unknown=[0.5], built=[0.25])
        assert list(single.records()) == [
            {
                "label": "b",
                "probability": 0.75,
                "probabilities": {"a": 0.25, "b": 0.75},
                "flags": {
                    "empty": True,
                    "truncated": False,
                    "unknown": 0.5,
                    "built": 0.25,
                },
            }
        ]
        many = list(made([[0.5, 0.1, 0.9], [0.0, 0.0, 0.0]], MULTILABEL).records())
        assert [row["label"] for row in many] == [["a", "c"], []]
        assert [row["probability"] for row in many] == [[0.5, 0.9], []]

    def test_joins_in_order(self):
        parts = [drawn(n, 3, MULTICLASS, seed=n) for n in (2, 0, 3)]
        whole = concatenate(parts)
        assert len(whole) == 5
        assert (whole.probabilities[2:] == parts[2].probabilities).all()
        assert (whole.truncated[:2] == parts[0].truncated).all()

    def test_joins_only_what_belongs_together(self):
        with pytest.raises(DataError, match="no predictions"):
            concatenate([])
        with pytest.raises(DataError, match="different"):
            concatenate([drawn(1, 3, MULTICLASS), drawn(1, 3, MULTILABEL)])


class TestProbabilities:
    @given(
        hnp.arrays(
            float, st.tuples(st.integers(0, 4), st.just(3)), elements=st.floats(-50, 50)
        )
    )
    def test_equal_the_plain_formulas(self, logits):
        soft = probabilities_from_logits(logits, MULTICLASS)
        free = probabilities_from_logits(logits, MULTILABEL)
        for row, got_soft, got_free in zip(logits, soft, free, strict=True):
            powers = [math.exp(value) for value in row]
            assert got_soft == pytest.approx([p / sum(powers) for p in powers])
            assert got_free == pytest.approx([1 / (1 + math.exp(-v)) for v in row])

    @pytest.mark.parametrize("task", [MULTICLASS, MULTILABEL])
    def test_huge_outputs_stay_numbers(self, task):
        got = probabilities_from_logits(np.array([[1e4, -1e4, 1e308]]), task)
        assert got.dtype == np.float64
        assert np.isfinite(got).all()
        assert got[0, 2] == 1.0

    def test_binary_keeps_small_probabilities_on_both_sides(self):
        got = probabilities_from_logits(np.float32([[50.0], [-50.0], [0.0]]), BINARY)
        assert got[0] == pytest.approx([math.exp(-50), 1.0], rel=1e-9)
        assert got[1] == pytest.approx([1.0, math.exp(-50)], rel=1e-9)
        assert got[2].tolist() == [0.5, 0.5]

    @pytest.mark.parametrize("task", [BINARY, MULTICLASS, MULTILABEL])
    @pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
    def test_refuses_what_is_no_number(self, task, value):
        with pytest.raises(ArtefactError, match="not finite"):
            probabilities_from_logits([[value]], task)

    @pytest.mark.parametrize("shape", [(3,), (3, 2), (3, 0)])
    def test_refuses_another_shape(self, shape):
        with pytest.raises(DataError, match="shape"):
            probabilities_from_logits(np.zeros(shape), BINARY)
