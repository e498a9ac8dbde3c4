"""Words by a row of their own and by their spelling (Kim et al. 2016), pooled.

The vector of a word is the token layer of Peters et al. 2018 beside a word embedding:
filters over its characters with one maximum each, and a highway layer.
"""

from typing import Any

import keras

from textclf.config.kinds import WordCharConfig
from textclf.models import head
from textclf.models.embedding import LAYER, inputs, spatial_dropout
from textclf.models.layers import MaskedPooling, WordDropout
from textclf.models.seeds import Seeds
from textclf.models.spec import ModelSpec
from textclf.models.spelling import Letters, RowDropout, SpeltEmbedding

_CARRIED = -2.0
"""Where the gate begins: most of a vector is carried on (Srivastava et al. 2015)."""


def build(spec: ModelSpec, settings: WordCharConfig, seeds: Seeds) -> keras.Model:
    """Builds word vectors, pooling, hidden layers, output."""
    ids, kept = inputs(spec, seeds)
    vectors = SpeltEmbedding(
        spec.rows,
        spec.dim,
        length=settings.spelling_length,
        word=_word(spec, settings, seeds),
        seed=seeds.of(LAYER),
        name=LAYER,
    )(kept)
    vectors = spatial_dropout(vectors, spec, seeds)
    features = MaskedPooling(settings.pooling, name="pooling")(vectors, kept)
    features = head.hidden(features, settings.hidden, spec, seeds)
    return keras.Model(ids, head.logits(features, spec, seeds), name="wordchar")


def _word(spec: ModelSpec, settings: WordCharConfig, seeds: Seeds) -> keras.Model:
    """Builds the vector of a word: its own row, then what filters find in its letters.

    Training hides the own row of some words, so that the spelling alone has to do, as
    it has for a word that training never saw.
    """
    own = keras.Input((spec.dim,), name="own")
    spelling = keras.Input((settings.spelling_length,), name="spelling")
    hide = RowDropout(
        settings.spelling_only, seed=seeds.of("spelling_only"), name="spelling_only"
    )
    blur = WordDropout(
        settings.spelling_dropout,
        seed=seeds.of("spelling_dropout"),
        name="spelling_dropout",
    )
    read = blur(spelling)
    letters = Letters(settings.spelling_dim, seed=seeds.of("letters"), name="letters")
    parts, vectors = [hide(own)], letters(read)
    for place, width in enumerate(settings.spelling_widths, start=1):
        name = f"convolution_{place}"
        found = head.convolution(
            vectors, name, width, settings.spelling_filters, spec, seeds
        )
        parts.append(MaskedPooling("max", name=f"highest_{place}")(found, read))
    joined = keras.layers.Concatenate(name="joined")(parts)
    return keras.Model([own, spelling], _highway(joined, spec, seeds), name="word")


def _highway(vectors: Any, spec: ModelSpec, seeds: Seeds) -> Any:
    """Adds a layer that moves each number as far as a gate lets it."""

    def dense(name: str, activation: str, bias: float = 0.0) -> Any:
        return keras.layers.Dense(
            vectors.shape[-1],
            activation=activation,
            kernel_initializer=keras.initializers.GlorotUniform(seed=seeds.of(name)),
            bias_initializer=keras.initializers.Constant(bias),
            kernel_regularizer=head.penalty(spec),
            name=name,
        )(vectors)

    changed, gate = dense("highway", "relu"), dense("gate", "sigmoid", _CARRIED)
    way = keras.layers.Subtract(name="way")([changed, vectors])
    moved = keras.layers.Multiply(name="moved")([gate, way])
    return keras.layers.Add(name="carried")([vectors, moved])
