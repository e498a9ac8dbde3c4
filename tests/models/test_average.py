"""Pooled embeddings, against plain NumPy."""

import numpy as np
import pytest

from tests.contracts import VARIANTS
from textclf import backend
from textclf.text.padding import pad

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
    made = small(variant, "multiclass")
    encoded = made.encoded
    ids = pad(encoded, np.arange(len(encoded)))
    got = backend.compiled_forward(made.model)(ids)
    expected = [slow_logits(made, encoded.row(row)) for row in range(len(encoded))]
    assert np.allclose(got, expected, rtol=1e-5, atol=1e-5)
