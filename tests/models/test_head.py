"""The end of every model: regularisation that does what it says."""

import numpy as np
import pytest

from tests.contracts import fitted, small_config, small_dataset, untrained
from textclf.models.layers import DropConnect

DATA = small_dataset("multiclass")


def built(variant, **regularisation):
    return untrained(small_config(variant, regularisation=regularisation), DATA)


@pytest.mark.parametrize("variant", ["average-hidden", "cnn-widths"])
def test_the_norm_of_each_output_is_bounded(variant):
    norms = {}
    for bound in (None, 0.3):
        made = built(variant, max_norm=bound)
        fitted(made)
        kernel = made.model.get_layer("output").kernel.numpy()
        norms[bound] = np.linalg.norm(kernel, axis=0)
    assert norms[0.3].max() <= 0.3 + 1e-6
    assert norms[None].max() > 0.3


@pytest.mark.parametrize("variant", ["average-hidden", "cnn-widths"])
def test_the_penalty_is_the_sum_of_squares_of_all_kernels(variant):
    model = built(variant, l2=0.25).model
    kernels = [w.numpy() for w in model.weights if w.path.endswith("kernel")]
    expected = 0.25 * sum(np.square(kernel).sum() for kernel in kernels)
    assert len(kernels) == len(model.losses) > 2
    assert float(sum(model.losses)) == pytest.approx(expected, rel=1e-5)
    assert built(variant, l2=0.0).model.losses == []


def test_the_penalty_is_learnt_from():
    sizes = []
    for strength in (0.0, 0.1):
        made = built("average-mean", l2=strength)
        fitted(made)
        sizes.append(np.square(made.model.get_layer("output").kernel.numpy()).sum())
    assert sizes[1] < 0.5 * sizes[0]


def test_dropout_stands_before_each_dense_layer():
    def names(rate):
        layers = built("average-hidden", dropout=rate).model.layers
        return [layer.name for layer in layers][3:]

    dense = ["hidden_1", "hidden_2", "output"]
    drops = ["dropout_1", "dropout_2", "dropout"]
    pairs = [name for pair in zip(drops, dense, strict=True) for name in pair]
    assert names(0.4) == pairs
    assert names(0.0) == dense


def test_drop_connect_leaves_out_weights_and_scales_the_others():
    layer = DropConnect(40, rate=0.75, seed=3, bias_initializer="ones")
    features = np.eye(30, dtype=np.float32)
    whole, kernel = np.array(layer(features)), layer.kernel.numpy()
    assert np.allclose(whole, kernel + 1)
    masks = [np.array(layer(features, training=True)) - 1 for _ in range(2)]
    for found in masks:
        left = np.abs(found) > 1e-6
        assert np.allclose(found[left], 4 * kernel[left], atol=1e-5)
        assert 0.15 < left.mean() < 0.35
    assert not np.allclose(*masks)


def test_drop_connect_reaches_each_dense_layer_of_the_head():
    def reached(rate):
        layers = built("average-hidden", drop_connect=rate).model.layers
        return [layer.name for layer in layers if isinstance(layer, DropConnect)]

    assert reached(0.3) == ["hidden_1", "hidden_2", "output"]
    assert reached(0.0) == []


@pytest.mark.parametrize(
    "setting", ["dropout", "drop_connect", "spatial_dropout", "word_dropout"]
)
@pytest.mark.parametrize("variant", ["average-hidden", "cnn-multichannel"])
def test_masks_act_in_training_only(variant, setting):
    model = built(variant, **{"dropout": 0.0, setting: 0.6}).model
    ids = np.arange(2, 26, dtype=np.int32).reshape(3, 8)

    def spread(training):
        logits = [np.array(model(ids, training=training)) for _ in range(2)]
        return np.ptp(logits, axis=0).max()

    assert spread(training=True) > 1e-6
    assert spread(training=False) < 1e-7
