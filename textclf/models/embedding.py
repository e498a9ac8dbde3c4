"""The beginning that all kinds share: ids, dropped words, vectors."""

from dataclasses import dataclass
from typing import Any

import keras
import numpy as np

from textclf.backend import gather_rows
from textclf.models.layers import (
    PooledEmbedding,
    TokenEmbedding,
    TypeDropout,
    WordDropout,
)
from textclf.models.seeds import Seeds
from textclf.models.spec import ModelSpec
from textclf.models.spelling import SpeltEmbedding
from textclf.text.letters import spellings_of
from textclf.text.vocabulary import Vocabulary

LAYER = "embedding"
STATIC_LAYER = "static_embedding"
BIAS_LAYER = "bias"


@dataclass(frozen=True)
class Start:
    """The symbolic tensors a kind builds on.

    Attributes:
        inputs: int32[batch, width] ids as they come.
        ids: The same without the words that training dropped.
        vectors: float32[batch, width, channels * dim].
    """

    inputs: Any
    ids: Any
    vectors: Any


def start(spec: ModelSpec, seeds: Seeds, *, channels: int = 1) -> Start:
    """Builds the input, word dropout, the embedding and spatial dropout."""
    ids, kept = inputs(spec, seeds)
    vectors = _table(spec, seeds, LAYER)(kept)
    if channels == 2:
        static = _table(spec, seeds, STATIC_LAYER)
        static.trainable = False
        join = keras.layers.Concatenate(name="channels")
        vectors = join([vectors, static(kept)])
    return Start(ids, kept, spatial_dropout(vectors, spec, seeds))


def inputs(spec: ModelSpec, seeds: Seeds) -> tuple[Any, Any]:
    """Builds the input; returns the ids as they come, and without dropped words."""
    ids = keras.Input((None,), dtype="int32", name="ids")
    rate = spec.regularisation.word_dropout
    drop = WordDropout(rate, seed=seeds.of("word_dropout"), name="word_dropout")
    return ids, _without_types(drop(ids), spec, seeds)


def _without_types(ids: Any, spec: ModelSpec, seeds: Seeds) -> Any:
    rate, name = spec.regularisation.type_dropout, "type_dropout"
    if rate == 0:
        return ids
    return TypeDropout(rate, rows=spec.rows, seed=seeds.of(name), name=name)(ids)


def pooled(ids: Any, how: str, spec: ModelSpec, seeds: Seeds) -> Any:
    """Builds the embedding and its `sum`, `sqrtn` or `mean`: float32[batch, dim]."""
    layer = PooledEmbedding(
        spec.rows, spec.dim, how=how, seed=seeds.of(LAYER), name=LAYER
    )
    return layer(ids)


def spatial_dropout(vectors: Any, spec: ModelSpec, seeds: Seeds) -> Any:
    """Drops whole dimensions of a text's vectors, float32[batch, width, dim]."""
    rate, name = spec.regularisation.spatial_dropout, "spatial_dropout"
    if rate == 0:
        return vectors
    return keras.layers.SpatialDropout1D(rate, seed=seeds.of(name), name=name)(vectors)


def _table(spec: ModelSpec, seeds: Seeds, name: str) -> TokenEmbedding:
    # Both channels start from the same numbers, as in Kim 2014, section 3.1.
    return TokenEmbedding(spec.rows, spec.dim, seed=seeds.of(LAYER), name=name)


def table_of(model: keras.Model) -> Any:
    """Returns the variable of the trained table, float32[rows, dim]."""
    return model.get_layer(LAYER).table


def word_rows(model: keras.Model, first: int, end: int) -> np.ndarray:
    """Returns a copy of some rows of the trained table, float32[end - first, dim]."""
    rows = gather_rows(table_of(model), np.arange(first, end, dtype=np.int32))
    return np.array(keras.ops.convert_to_numpy(rows))


def seed_tables(model: keras.Model, matrix: np.ndarray) -> None:
    """Writes numbers into the first rows of the table, and of its frozen copy.

    Args:
        model: A built model.
        matrix: float32[n, dim], n up to all rows; rows after them stay as they are.
    """
    names = {layer.name for layer in model.layers}
    for name in (LAYER, STATIC_LAYER):
        if name in names:
            table = model.get_layer(name).table
            values = table.numpy()
            values[: len(matrix)] = matrix
            table.assign(values)


def seed_spellings(model: keras.Model, vocabulary: Vocabulary) -> None:
    """Writes how words are spelt, into a model that reads it."""
    layer = model.get_layer(LAYER)
    if isinstance(layer, SpeltEmbedding):
        layer.spell(spellings_of(vocabulary, length=layer.length))


def seed_bias(model: keras.Model, bias: np.ndarray) -> None:
    """Writes what the outputs add to the sum of a text, float32[outputs]."""
    bias_of(model).assign(bias)


def bias_of(model: keras.Model) -> Any:
    """Returns what is added to the sum of a text, float32[outputs]; None: nothing."""
    names = {layer.name for layer in model.layers}
    return model.get_layer(BIAS_LAYER).bias if BIAS_LAYER in names else None
