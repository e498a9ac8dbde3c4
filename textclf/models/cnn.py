"""Convolutions over words with one maximum a filter (Kim 2014)."""

import keras

from textclf.config.kinds import CnnConfig
from textclf.models import head
from textclf.models.embedding import start
from textclf.models.layers import MaskedPooling
from textclf.models.seeds import Seeds
from textclf.models.spec import ModelSpec


def build(spec: ModelSpec, settings: CnnConfig, seeds: Seeds) -> keras.Model:
    """Builds embedding, convolutions of each width, 1-max pooling, output.

    Padding embeds to zeros and only windows around words enter the maximum, so that a
    text gives the same features at any padded width. The mask is that of the text as
    it came: a dropped word leaves a gap and does not make the text shorter.
    """
    first = start(spec, seeds, channels=2 if settings.multichannel else 1)
    pool = MaskedPooling("max", name="pooling")
    features = []
    for place, width in enumerate(settings.widths, start=1):
        name = f"convolution_{place}"
        found = head.convolution(
            first.vectors, name, width, settings.filters, spec, seeds
        )
        features.append(pool(found, first.inputs))
    if len(features) > 1:
        features = [keras.layers.Concatenate(name="features")(features)]
    return keras.Model(first.inputs, head.logits(features[0], spec, seeds), name="cnn")
