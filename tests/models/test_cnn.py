"""Convolutions with one maximum a filter, against plain NumPy."""

import numpy as np
import pytest

from tests.contracts import (
    VARIANTS,
    assert_logits,
    small_config,
    small_dataset,
    untrained,
)

CNNS = [name for name in VARIANTS if name.startswith("cnn")]


def slow_logits(made, ids):
    """Slides every filter over windows around each word; beyond the text is zero."""
    weights = {w.path: w.numpy().astype(np.float64) for w in made.model.weights}
    tables = [weights["embedding/table"]]
    if made.spec.model.multichannel:
        tables.append(weights["static_embedding/table"])
    words = np.concatenate([table[ids] for table in tables], axis=1)
    features = []
    for place, width in enumerate(made.spec.model.widths, start=1):
        kernel = weights[f"convolution_{place}/kernel"]
        before = (width - 1) // 2
        padded = np.pad(words, ((before, width - 1 - before), (0, 0)))
        windows = [padded[start : start + width] for start in range(len(words))]
        sums = [np.einsum("wd,wdf->f", window, kernel) for window in windows]
        highest = np.max(sums, axis=0) + weights[f"convolution_{place}/bias"]
        features.append(np.maximum(highest, 0.0))
    features = np.concatenate(features)
    return features @ weights["output/kernel"] + weights["output/bias"]


@pytest.mark.parametrize("variant", CNNS)
def test_equals_the_slow_reference(small, variant):
    assert_logits(small(variant, "multiclass"), slow_logits)


def test_a_text_shorter_than_every_filter_has_features():
    config = small_config("cnn-one", model={"kind": "cnn", "widths": [32, 31]})
    made = untrained(config, small_dataset("binary"))
    got = made.predictor.predict(["joy", "joy joy", "gloom"]).probabilities
    assert len(np.unique(got[:, 1])) == 3


def test_dropped_words_leave_gaps():
    """Windows around them still enter the maximum; a text does not become shorter."""
    config = small_config("cnn-one", regularisation={"word_dropout": 0.999999})
    made = untrained(config, small_dataset("binary"))
    made.model.get_layer("convolution_1").bias.assign(np.ones(5))
    kernel = made.model.get_layer("output").kernel.numpy()
    ids = np.full((1, 8), 3, dtype=np.int32)
    gaps = made.model(ids, training=True).numpy()
    assert gaps[0, 0] == pytest.approx(kernel.sum(), abs=1e-6)
    assert made.model(np.zeros_like(ids), training=True).numpy() == 0.0
