"""What a model makes of a text before its last layer: one vector a text."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from textclf.models.inference import keras_engine
from textclf.models.plain import Weights, average_features
from textclf.models.spec import ModelSpec
from textclf.text.encoded import Encoded

if TYPE_CHECKING:
    import keras
    from scipy.sparse import csr_matrix

Rows = Any
"""float32[n, width]: an array, or for kind ngram a sparse matrix of SciPy."""

Represent = Callable[[Encoded], Rows]
"""Returns the vectors of n texts."""


def representation_of(
    spec: ModelSpec, weights: Weights, model: Callable[[], "keras.Model"]
) -> Represent:
    """Returns what makes vectors of texts: the input of the layer that gives logits.

    A model of kind ngram has no such layer: its logits are the sum of the rows of the
    text's units and n-grams. Its vector has one place for each row of the table, with
    how often the row stands in the text, times the length of the row: the inner product
    of two texts is that of the rows they share.

    Args:
        spec: The shape of the model.
        weights: Its weights by their names in a bundle.
        model: Builds the Keras model, for the kinds that need it.
    """
    if spec.model.kind == "average":
        return partial(average_features, spec, weights)
    if spec.model.kind == "ngram":
        return partial(
            _weighted_rows, np.linalg.norm(weights["embedding/table"], axis=1)
        )
    return _before_output(model())


def _before_output(model: "keras.Model") -> Represent:
    import keras

    return keras_engine(keras.Model(model.input, model.get_layer("output").input))


def _weighted_rows(lengths: np.ndarray, encoded: Encoded) -> "csr_matrix":
    from scipy.sparse import csr_matrix

    values = lengths[encoded.ids]
    shape = (len(encoded), len(lengths))
    rows = csr_matrix((values, encoded.ids, encoded.offsets), shape)
    rows.sum_duplicates()
    return rows
