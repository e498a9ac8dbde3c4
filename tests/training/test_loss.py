"""What training makes small, against NumPy and scikit-learn."""

import keras
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import log_loss

from tests.contracts import SEPARATOR, TASKS, small_config, small_dataset, trained
from textclf.data.dataset import Dataset
from textclf.data.labels import Labels
from textclf.evaluation.predictions import probabilities_from_logits
from textclf.training.loss import MARGIN, cross_entropy, squared_hinge
from textclf.training.targets import target_matrix

CELLS = {
    "binary": ["no", "yes", "no", "no", "no"],
    "multiclass": ["a", "c", "b", "a", "a", "c"],
    "multilabel": ["x", "x|y", "", "z|x", "x|y|z", "x"],
}
SMOOTHING = 0.2


def dataset_of(task, cells=None):
    cells = cells or CELLS[task]
    labels = Labels.fit(cells, separator=SEPARATOR[task])
    return Dataset(
        [f"text {n}" for n in range(len(cells))], labels.encode(cells), labels
    )


def draw(task, seed=1):
    data = dataset_of(task)
    rng = np.random.default_rng(seed)
    logits = rng.normal(scale=3.0, size=target_matrix(data).shape).astype(np.float32)
    return data, logits


def loss_of(task, targets, logits, weights, smoothing=0.0):
    return float(cross_entropy(task, smoothing=smoothing)(targets, logits, weights))


def slow_losses(task, targets, logits, smoothing):
    """Cross-entropies in float64, an array like the logits or one number a text."""
    p = probabilities_from_logits(logits, task)
    if task == "binary":
        p = p[:, 1:]
    if task == "multiclass":
        smooth = targets * (1 - smoothing) + smoothing / targets.shape[1]
        return -(smooth * np.log(p)).sum(axis=1, keepdims=True)
    smooth = targets * (1 - smoothing) + smoothing / 2
    return -(smooth * np.log(p) + (1 - smooth) * np.log(1 - p))


class TestLoss:
    @pytest.mark.parametrize("task", ["binary", "multiclass"])
    def test_is_the_log_loss_of_scikit_learn(self, task):
        data, logits = draw(task)
        targets = target_matrix(data)
        got = loss_of(task, targets, logits, np.ones_like(targets))
        probabilities = probabilities_from_logits(logits, task)
        names = range(len(data.labels))
        expected = log_loss(data.targets, probabilities, labels=list(names))
        assert got == pytest.approx(expected, rel=1e-5)

    def test_of_many_labels_is_the_mean_of_their_log_losses(self):
        data, logits = draw("multilabel")
        targets = target_matrix(data)
        got = loss_of("multilabel", targets, logits, np.ones_like(targets))
        p = probabilities_from_logits(logits, "multilabel")
        parts = [
            log_loss(targets[:, k], p[:, k], labels=[0, 1]) for k in range(p.shape[1])
        ]
        assert got == pytest.approx(np.mean(parts), rel=1e-5)

    @pytest.mark.parametrize("task", TASKS)
    @given(seed=st.integers(0, 99))
    def test_smoothed_and_weighted_equals_the_slow_reference(self, task, seed):
        data, logits = draw(task, seed)
        targets = target_matrix(data)
        rng = np.random.default_rng(seed)
        weights = rng.uniform(0.0, 3.0, size=targets.shape).astype(np.float32)
        if task == "multiclass":
            weights[:] = weights[:, :1]
        got = loss_of(task, targets, logits, weights, SMOOTHING)
        losses = slow_losses(task, targets, logits, SMOOTHING)
        expected = (losses * weights[:, : losses.shape[1]]).mean()
        assert got == pytest.approx(expected, rel=1e-4)

    @pytest.mark.parametrize("task", TASKS)
    def test_of_huge_logits_is_finite(self, task):
        data, logits = draw(task)
        targets = target_matrix(data)
        got = loss_of(task, targets, np.sign(logits) * 1e6, np.ones_like(targets))
        assert np.isfinite(got)
        assert got > 1e4

    def test_smoothing_spreads_over_all_labels(self):
        """With no information, the smoothed loss is that of even odds."""
        data, logits = draw("multiclass")
        targets, even = target_matrix(data), np.zeros_like(logits)
        got = loss_of("multiclass", targets, even, np.ones_like(targets), 0.5)
        assert got == pytest.approx(np.log(3), rel=1e-6)


def slow_hinges(targets, logits):
    """Squared hinges in float64, one number for each logit."""
    sides = np.where(targets > 0, 1.0, -1.0)
    return MARGIN / 2 * np.maximum(0.0, 1.0 - sides * logits / MARGIN) ** 2


class TestSquaredHinge:
    @pytest.mark.parametrize("task", TASKS)
    @given(seed=st.integers(0, 99))
    def test_equals_the_slow_reference(self, task, seed):
        data, logits = draw(task, seed)
        targets = target_matrix(data)
        weights = np.random.default_rng(seed).uniform(0.0, 3.0, size=targets.shape)
        got = squared_hinge(task)(targets, logits, weights.astype(np.float32))
        losses = slow_hinges(targets, logits.astype(np.float64)) * weights
        expected = losses.sum(axis=1) if task == "multiclass" else losses
        assert float(got) == pytest.approx(expected.mean(), rel=1e-4)

    def test_of_two_labels_is_that_of_keras_but_for_the_scale(self):
        """Keras's margin is 1 and its factor 1."""
        targets = target_matrix(dataset_of("binary"))
        logits = draw("binary")[1]
        got = squared_hinge("binary")(targets, logits, np.ones_like(targets))
        told = keras.losses.SquaredHinge()(2 * targets - 1, logits / MARGIN)
        assert float(got) == pytest.approx(MARGIN / 2 * float(told), rel=1e-5)

    @pytest.mark.parametrize("task", TASKS)
    def test_beyond_the_margin_costs_nothing(self, task):
        targets = target_matrix(dataset_of(task))
        logits = (2 * targets - 1) * (MARGIN + 1)
        assert float(squared_hinge(task)(targets, logits, np.ones_like(targets))) == 0


class TestTrainingByMargins:
    @pytest.mark.parametrize("task", TASKS)
    @pytest.mark.parametrize("variant", ["average-mean", "ngram"])
    def test_learns_and_tells_the_loss_in_nats(self, variant, task):
        data = small_dataset(task)
        config = small_config(variant, training={"epochs": 8, "loss": "squared_hinge"})
        epochs = trained(config, data).history
        assert epochs[-1].train_loss < epochs[0].train_loss < 1.5
        assert epochs[-1].train_accuracy > epochs[0].train_accuracy

    def test_is_not_training_by_chances(self):
        data = small_dataset("multiclass")
        made = [
            trained(small_config("ngram", training={"loss": loss}), data).weights()
            for loss in ("squared_hinge", "cross_entropy")
        ]
        assert made[0] != made[1]
