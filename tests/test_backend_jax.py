"""The jax backend: it trains, and it reads what TensorFlow trained."""

import importlib.util
import json

import numpy as np
import pytest

from tests.contracts import VARIANTS, in_fresh_process

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("jax") is None,
    reason="needs the jax backend: pip install jax",
)

TEXTS = ["joy smile film", "gloom", "", "zzz", "maze riddle quirk " * 12]
JAX = {"KERAS_BACKEND": "jax", "JAX_PLATFORMS": "cpu"}

# Keras itself copies variables in a way that NumPy 2 deprecates outside TensorFlow.
QUIET = """
import warnings
warnings.filterwarnings("ignore", "__array__ implementation", DeprecationWarning)
"""

READ = (
    QUIET
    + """
import json, sys
from pathlib import Path
from textclf.predictor import Predictor

answers = {}
for folder in sorted(Path(sys.argv[1]).iterdir()):
    texts = json.loads(sys.argv[2])
    answers[folder.name] = Predictor.load(folder).predict(texts).probabilities.tolist()
import keras

assert keras.backend.backend() == "jax"
print(json.dumps(answers))
"""
)

LEARN = (
    QUIET
    + """
import json, sys
from tests.contracts import small_config, small_dataset, untrained, fitted
from textclf import backend

backend.start()
import keras
from safetensors.numpy import load_file

losses = {}
for variant in sys.argv[2:]:
    training = {"epochs": 4, "batch_size": 48, "optimizer": "adam"}
    config = small_config(variant, training=training, regularisation={"l2": 0.01})
    made = untrained(config, small_dataset("multiclass"))
    start = load_file(f"{sys.argv[1]}/{variant}.multiclass/weights.safetensors")
    for variable in made.model.weights:
        variable.assign(start[variable.path])
    history = fitted(made)
    losses[variant] = [[epoch.train_loss, epoch.dev_loss] for epoch in history]
print(json.dumps([keras.backend.backend(), losses]))
"""
)

LEARNT = ("average-mean_max", "cnn-multichannel")


@pytest.fixture(scope="module")
def bundles(small_bundle):
    return {small_bundle(v, "multiclass").parent for v in VARIANTS}.pop()


def test_bundles_of_tensorflow_give_the_same_probabilities(small, bundles):
    answers = json.loads(in_fresh_process(READ, bundles, json.dumps(TEXTS), **JAX))
    for variant in VARIANTS:
        made = small(variant, "multiclass")
        expected = made.predictor.predict(TEXTS).probabilities
        got = np.array(answers[f"{variant}.multiclass"])
        assert np.abs(got - expected).max() <= 1e-5


def test_jax_learns_as_tensorflow_does(bundles):
    """From equal weights and without masks, the losses are equal, step by step."""
    runs = []
    for environment in (JAX, {"KERAS_BACKEND": "tensorflow"}):
        printed = in_fresh_process(LEARN, bundles, *LEARNT, **environment)
        backend, losses = json.loads(printed)
        assert backend == environment["KERAS_BACKEND"]
        runs.append(losses)
    for variant in LEARNT:
        first, second = (np.array(losses[variant]) for losses in runs)
        assert np.allclose(first, second, rtol=1e-4)
        assert first[-1, 0] < first[0, 0]
