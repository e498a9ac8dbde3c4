"""Weights of texts."""

import numpy as np
import pandas as pd
import pytest

from textclf.config.training import TrainingConfig
from textclf.data.dataset import Dataset
from textclf.data.labels import Labels
from textclf.estimator.weights import relative, weights_of
from textclf.training.targets import weight_matrix


def test_weights_of_all_kinds_are_numbers():
    for given in ([1, 2.5], np.array([1, 2.5]), pd.Series([1, 2.5])):
        assert weights_of(given, 2).tolist() == [1, 2.5]
    assert weights_of(None, 2) is None
    assert weights_of(3, 2).tolist() == [3, 3]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ([1], r"got shape \(1,\), expected \(2,\)"),
        ([[1, 2]], "must be 1D"),
        ([1, np.nan], "negative or infinite"),
        ([1, -1], "negative or infinite"),
        ([0, 0], "all zero"),
        (["a", "b"], "got no numbers"),
    ],
)
def test_what_is_no_weight_is_refused(given, told):
    with pytest.raises(ValueError, match=f"sample_weight: .*{told}"):
        weights_of(given, 2)


def test_only_the_proportions_of_weights_matter():
    weights = np.array([1, 2, 5], dtype=np.float32)
    assert np.allclose(relative(weights), relative(1e-6 * weights))
    assert relative(weights).mean() == pytest.approx(1)


@pytest.mark.parametrize("class_weight", [None, "balanced", {"a": 3.0}])
def test_a_texts_weight_multiplies_that_of_its_class(class_weight):
    labels = Labels(("a", "b", "c"), "multiclass", None)
    targets = np.array([0, 0, 1, 2], dtype=np.int32)
    own = np.array([1, 2, 3, 4], dtype=np.float32)
    bare = Dataset(["w"] * 4, targets, labels)
    weighted = Dataset(["w"] * 4, targets, labels, own)
    of_class = weight_matrix(bare, class_weight)
    assert np.allclose(weight_matrix(weighted, class_weight), of_class * own[:, None])
    assert TrainingConfig().class_weight is None


def test_weights_go_with_their_texts():
    labels = Labels(("a", "b"), "binary", None)
    targets, own = np.array([0, 1, 0], np.int32), np.array([1, 2, 3], np.float32)
    dataset = Dataset(["x", "y", "z"], targets, labels, own)
    assert dataset.take([2, 0]).weights.tolist() == [3, 1]
    with pytest.raises(ValueError, match="weights"):
        Dataset(["x"], targets[:1], labels, own)
