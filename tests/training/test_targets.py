"""What a model is asked for, and what each text counts in it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.utils.class_weight import compute_class_weight

from tests.contracts import SEPARATOR, TASKS
from textclf.data.dataset import Dataset
from textclf.data.labels import Labels
from textclf.errors import ConfigError
from textclf.training.targets import target_matrix, weight_matrix

CELLS = {
    "binary": ["no", "yes", "no", "no", "no"],
    "multiclass": ["a", "c", "b", "a", "a", "c"],
    "multilabel": ["x", "x|y", "", "z|x", "x|y|z", "x"],
}


def dataset_of(task, cells=None):
    cells = cells or CELLS[task]
    labels = Labels.fit(cells, separator=SEPARATOR[task])
    return Dataset(
        [f"text {n}" for n in range(len(cells))], labels.encode(cells), labels
    )


class TestTargets:
    def test_binary_is_one_column(self):
        assert target_matrix(dataset_of("binary")).tolist() == [[0], [1], [0], [0], [0]]

    def test_others_are_a_column_a_label(self):
        multiclass = target_matrix(dataset_of("multiclass", ["b", "a", "c"]))
        assert multiclass.tolist() == [[0, 1, 0], [1, 0, 0], [0, 0, 1]]
        multilabel = target_matrix(dataset_of("multilabel", ["x|y", "", "y"]))
        assert multilabel.tolist() == [[1, 1], [0, 0], [0, 1]]

    @pytest.mark.parametrize("task", TASKS)
    def test_are_float32(self, task):
        assert target_matrix(dataset_of(task)).dtype == np.float32
        for given_ in (None, "balanced", {}):
            weights = weight_matrix(dataset_of(task), given_)
            assert weights.dtype == np.float32


class TestWeights:
    @pytest.mark.parametrize("task", TASKS)
    def test_none_is_one(self, task):
        assert (weight_matrix(dataset_of(task), None) == 1).all()

    @pytest.mark.parametrize("task", ["binary", "multiclass"])
    def test_balanced_is_that_of_scikit_learn(self, task):
        data = dataset_of(task)
        weights = weight_matrix(data, "balanced")
        classes = np.arange(len(data.labels))
        of_class = compute_class_weight("balanced", classes=classes, y=data.targets)
        assert np.allclose(weights[:, 0], of_class[data.targets])
        assert np.array_equal(weights, np.repeat(weights[:, :1], weights.shape[1], 1))

    @given(st.lists(st.sampled_from("abcd"), min_size=2, max_size=40), st.just(None))
    def test_balanced_classes_weigh_the_same(self, cells, _):
        if len(set(cells)) < 2:
            cells = [*cells, "a", "b"]
        data = dataset_of("multiclass", cells)
        weights = weight_matrix(data, "balanced")[:, 0]
        sums = np.bincount(data.targets, weights=weights)
        assert np.allclose(sums, sums[0], rtol=1e-5)
        assert weights.mean() == pytest.approx(1.0, rel=1e-5)

    def test_balanced_with_a_class_that_has_no_texts(self):
        labels = Labels(("a", "b", "c"), "multiclass", None)
        targets = np.array([0, 0, 2], dtype=np.int32)
        weights = weight_matrix(Dataset(list("xyz"), targets, labels), "balanced")
        assert weights[:, 0].tolist() == [0.75, 0.75, 1.5]

    @given(
        st.lists(st.sets(st.sampled_from("abc")), min_size=1, max_size=20),
    )
    def test_balanced_labels_weigh_as_much_as_their_absence(self, sets):
        labels = Labels(("a", "b", "c"), "multilabel", "|")
        targets = np.array([[n in s for n in "abc"] for s in sets], dtype=np.int8)
        data = Dataset(["t"] * len(sets), targets, labels)
        weights = weight_matrix(data, "balanced")
        assert np.allclose(weights.mean(axis=0), 1.0, rtol=1e-5)
        for column, weight in zip(targets.T, weights.T, strict=True):
            if 0 < column.sum() < len(sets):
                assert weight[column == 1].sum() == pytest.approx(len(sets) / 2)

    def test_named_weights_count_for_their_texts(self):
        weights = weight_matrix(dataset_of("binary"), {"yes": 4.0})
        assert weights.tolist() == [[1], [4], [1], [1], [1]]
        weights = weight_matrix(dataset_of("multiclass"), {"a": 0.0, "c": 2.0})
        assert weights[:, 0].tolist() == [0, 2, 1, 0, 0, 2]

    def test_named_weights_count_where_a_text_has_the_label(self):
        weights = weight_matrix(dataset_of("multilabel", ["x|y", "", "y"]), {"y": 3.0})
        assert weights.tolist() == [[1, 3], [1, 1], [1, 3]]

    def test_a_misspelt_label_is_refused_with_the_nearest(self):
        with pytest.raises(ConfigError, match="did you mean 'yes'") as caught:
            weight_matrix(dataset_of("binary"), {"yess": 2.0})
        assert caught.value.where == "training.class_weight"
        assert "no, yes" in str(caught.value)

    @pytest.mark.parametrize("task", TASKS)
    def test_only_zeros_are_refused(self, task):
        data = dataset_of(task)
        with pytest.raises(ConfigError, match="only zeros"):
            weight_matrix(data, dict.fromkeys(data.labels.names, 0.0))
