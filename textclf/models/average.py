"""Pooled embeddings: fastText (Joulin et al. 2016), DAN (Iyyer et al. 2015)."""

from typing import Any

import keras

from textclf.config.kinds import AverageConfig
from textclf.models import head
from textclf.models.embedding import inputs, pooled, spatial_dropout, start
from textclf.models.layers import MaskedPooling
from textclf.models.seeds import Seeds
from textclf.models.spec import ModelSpec


def build(spec: ModelSpec, settings: AverageConfig, seeds: Seeds) -> keras.Model:
    """Builds embedding, pooling, hidden layers, output."""
    if settings.pooling == "mean":
        ids, features = _mean(spec, seeds)
    else:
        first = start(spec, seeds)
        ids = first.inputs
        features = MaskedPooling(settings.pooling, name="pooling")(
            first.vectors, first.ids
        )
    features = head.hidden(features, settings.hidden, spec, seeds)
    return keras.Model(ids, head.logits(features, spec, seeds), name="average")


def _mean(spec: ModelSpec, seeds: Seeds) -> tuple[Any, Any]:
    """Averages at once: a dimension that is dropped may as well be dropped after."""
    ids, kept = inputs(spec, seeds)
    mean = pooled(kept, "mean", spec, seeds)
    if spec.regularisation.spatial_dropout == 0:
        return ids, mean
    single = keras.layers.Reshape((1, spec.dim), name="single")(mean)
    dropped = spatial_dropout(single, spec, seeds)
    return ids, keras.layers.Flatten(name="flat")(dropped)
