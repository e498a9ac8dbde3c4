"""Pooled embeddings: fastText (Joulin et al. 2016), DAN (Iyyer et al. 2015)."""

import keras

from textclf.config.schema import AverageConfig
from textclf.models import head
from textclf.models.embedding import start
from textclf.models.layers import MaskedPooling
from textclf.models.seeds import Seeds
from textclf.models.spec import ModelSpec


def build(spec: ModelSpec, settings: AverageConfig, seeds: Seeds) -> keras.Model:
    """Builds embedding, pooling, hidden layers, output."""
    first = start(spec, seeds)
    pooled = MaskedPooling(settings.pooling, name="pooling")(first.vectors, first.ids)
    features = head.hidden(pooled, settings.hidden, spec, seeds)
    return keras.Model(first.inputs, head.logits(features, spec, seeds), name="average")
