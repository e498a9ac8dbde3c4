"""The step of a stage: what a bound on gradients does."""

import numpy as np
import pytest

from tests.contracts import small_config, small_dataset, untrained
from textclf.text.padding import pad
from textclf.training.steps import Steps
from textclf.training.targets import target_matrix, weight_matrix


def moved(clip_norm):
    """How far one step of size 1 takes all weights together."""
    training = {"optimizer": "sgd", "learning_rate": 1.0, "clip_norm": clip_norm}
    data = small_dataset("multiclass")
    made = untrained(small_config("average-mean", training=training), data)
    before = made.model.get_weights()
    ids = pad(made.encoded, np.arange(len(data)))
    Steps(made.model, made.config, "multiclass")(1.0)(
        ids, target_matrix(data), weight_matrix(data, None)
    )
    ways = zip(made.model.get_weights(), before, strict=True)
    return np.sqrt(sum(((end - start) ** 2).sum() for end, start in ways))


def test_all_gradients_together_are_bounded():
    free = moved(None)
    assert moved(free / 3) == pytest.approx(free / 3, rel=1e-3)
    assert moved(3 * free) == pytest.approx(free, rel=1e-6)
