"""Means whose weights are learnt, over a light encoder (Lin et al. 2017)."""

import keras

from textclf.config.kinds import AttentionConfig
from textclf.models import head
from textclf.models.embedding import start
from textclf.models.seeds import Seeds
from textclf.models.sequence import AttentivePooling, Mask
from textclf.models.spec import ModelSpec

_NEIGHBOURS = 3


def build(spec: ModelSpec, settings: AttentionConfig, seeds: Seeds) -> keras.Model:
    """Builds embedding, a convolution over neighbours, weighted means, output."""
    first = start(spec, seeds)
    vectors = first.vectors
    if settings.encoder == "convolution":
        name = "convolution_1"
        vectors = head.convolution(
            vectors, name, _NEIGHBOURS, settings.filters, spec, seeds
        )
    own = (seeds.of("attention/hidden"), seeds.of("attention/score"))
    pooling = AttentivePooling(
        settings.hops, settings.attention_dim, seeds=own, name="attention"
    )
    features = pooling(vectors, Mask(name="mask")(first.ids))
    return keras.Model(
        first.inputs, head.logits(features, spec, seeds), name="attention"
    )
