"""From a spec to a Keras model, by the name of its kind."""

from importlib import import_module
from typing import TYPE_CHECKING

from textclf import backend
from textclf.models.seeds import Seeds
from textclf.models.spec import ModelSpec

if TYPE_CHECKING:
    import keras

BUILDERS = {
    "attention": "textclf.models.attention",
    "average": "textclf.models.average",
    "charcnn": "textclf.models.charcnn",
    "cnn": "textclf.models.cnn",
    "ngram": "textclf.models.ngram",
    "recurrent": "textclf.models.recurrent",
    "transformer": "textclf.models.transformer",
    "wordchar": "textclf.models.wordchar",
}
"""The module of each kind; it has `build(spec, settings, seeds)`."""


def build_model(spec: ModelSpec, *, seed: int) -> "keras.Model":
    """Builds the model of a spec; the same seed gives the same first weights."""
    backend.start()
    module = import_module(BUILDERS[spec.model.kind])
    model: keras.Model = module.build(spec, spec.model, Seeds(seed))
    return model
