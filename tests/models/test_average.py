"""Pooled embeddings, against plain NumPy."""

import numpy as np
import pytest

from tests.contracts import VARIANTS, assert_logits

AVERAGES = [name for name in VARIANTS if name.startswith("average")]


def slow_logits(made, ids):
    weights = {w.path: w.numpy().astype(np.float64) for w in made.model.weights}
    words = weights["embedding/table"][ids]
    parts = {"mean": words.mean(axis=0), "max": words.max(axis=0)}
    parts["mean_max"] = np.concatenate([parts["mean"], parts["max"]])
    features = parts[made.spec.model.pooling]
    for number in range(len(made.spec.model.hidden)):
        name = f"hidden_{number + 1}"
        features = features @ weights[f"{name}/kernel"] + weights[f"{name}/bias"]
        features = np.maximum(features, 0.0)
    return features @ weights["output/kernel"] + weights["output/bias"]


@pytest.mark.parametrize("variant", AVERAGES)
def test_equals_the_slow_reference(small, variant):
    assert_logits(small(variant, "multiclass"), slow_logits)
