"""N-grams with one weight an output, summed (Wang and Manning 2012)."""

from typing import Any

import keras

from textclf.config.kinds import NgramConfig
from textclf.models import head
from textclf.models.embedding import BIAS_LAYER, inputs, pooled
from textclf.models.layers import Bias, PooledEmbedding, Units
from textclf.models.seeds import Seeds
from textclf.models.spec import ModelSpec

DENSE_LAYER = "dense_embedding"


def build(spec: ModelSpec, settings: NgramConfig, seeds: Seeds) -> keras.Model:
    """Builds an embedding as wide as the outputs, a sum, a bias.

    With `dense_dim` the mean of a second embedding, of the units alone, goes through a
    dense layer and is added.
    """
    ids, kept = inputs(spec, seeds)
    how = "sqrtn" if settings.length_norm else "sum"
    logits = Bias(name=BIAS_LAYER)(pooled(kept, how, spec, seeds))
    if settings.dense_dim > 0:
        dense = _dense(kept, spec, settings, seeds)
        logits = keras.layers.Add(name="logits")([logits, dense])
    return keras.Model(ids, logits, name="ngram")


def _dense(ids: Any, spec: ModelSpec, settings: NgramConfig, seeds: Seeds) -> Any:
    units = Units(spec.units, name="units")(ids)
    mean = PooledEmbedding(
        spec.units,
        settings.dense_dim,
        how="mean",
        seed=seeds.of(DENSE_LAYER),
        name=DENSE_LAYER,
    )(units)
    return head.logits(mean, spec, seeds)
