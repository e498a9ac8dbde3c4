"""Convolutions over characters (Zhang et al. 2015), for texts of any length."""

import keras

from textclf.config.kinds import CharCnnConfig
from textclf.models import head
from textclf.models.embedding import start
from textclf.models.seeds import Seeds
from textclf.models.sequence import StridedMax, Words
from textclf.models.spec import ModelSpec


def build(spec: ModelSpec, settings: CharCnnConfig, seeds: Seeds) -> keras.Model:
    """Builds embedding, convolutions with maxima between them, hidden layers, output.

    Places after the text are set to zero after every convolution, or its bias would
    make something of padding.
    """
    first = start(spec, seeds)
    vectors, words = first.vectors, Words(name="words")(first.inputs)
    stages = zip(settings.char_widths, settings.char_pools, strict=True)
    for place, (width, size) in enumerate(stages, start=1):
        name = f"convolution_{place}"
        found = head.convolution(vectors, name, width, settings.filters, spec, seeds)
        vectors = keras.layers.Multiply(name=f"masked_{place}")([found, words])
        if size > 1:
            shorten = StridedMax(size, name=f"pooled_{place}")
            vectors, words = shorten(vectors), shorten(words)
    features = keras.layers.GlobalMaxPooling1D(name="pooling")(vectors)
    features = head.hidden(features, settings.hidden, spec, seeds)
    return keras.Model(first.inputs, head.logits(features, spec, seeds), name="charcnn")
