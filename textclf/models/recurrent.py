"""Recurrent networks over the words (Hochreiter and Schmidhuber 1997; Cho et al. 2014).

No operation is of one device only, so that a model can be exported.
"""

from typing import Any

import keras

from textclf.config.kinds import RecurrentConfig
from textclf.models import head
from textclf.models.embedding import start
from textclf.models.layers import MaskedPooling
from textclf.models.seeds import Seeds
from textclf.models.sequence import AttentivePooling, Mask
from textclf.models.spec import ModelSpec

_CELLS = {"gru": keras.layers.GRU, "lstm": keras.layers.LSTM}


def build(spec: ModelSpec, settings: RecurrentConfig, seeds: Seeds) -> keras.Model:
    """Builds embedding, recurrent layers, a vector of their states, output.

    A word that is dropped is skipped: the state passes it by, as it does padding.
    """
    first = start(spec, seeds)
    mask = Mask(name="mask")(first.ids)
    states = first.vectors
    for number in range(1, settings.layers + 1):
        all_states = number < settings.layers or settings.readout != "last"
        states = _layer(states, mask, number, all_states, spec, settings, seeds)
    features = _read(states, mask, first.ids, settings, seeds)
    return keras.Model(
        first.inputs, head.logits(features, spec, seeds), name="recurrent"
    )


def _layer(
    vectors: Any,
    mask: Any,
    number: int,
    all_states: bool,
    spec: ModelSpec,
    settings: RecurrentConfig,
    seeds: Seeds,
) -> Any:
    def way(name: str, backwards: bool) -> keras.layers.Layer:
        return _CELLS[settings.cell](
            settings.state,
            return_sequences=all_states,
            go_backwards=backwards,
            kernel_initializer=keras.initializers.GlorotUniform(seed=seeds.of(name)),
            recurrent_initializer=keras.initializers.Orthogonal(
                seed=seeds.of(f"{name}/recurrent")
            ),
            kernel_regularizer=head.penalty(spec),
            recurrent_regularizer=head.penalty(spec),
            use_cudnn=False,
            name=name,
        )

    forward = way(f"forward_{number}", False)
    if not settings.bidirectional:
        return forward(vectors, mask=mask)
    both = keras.layers.Bidirectional(
        forward,
        backward_layer=way(f"backward_{number}", True),
        name=f"both_{number}",
    )
    return both(vectors, mask=mask)


def _read(
    states: Any, mask: Any, ids: Any, settings: RecurrentConfig, seeds: Seeds
) -> Any:
    if settings.readout == "last":
        return states
    if settings.readout == "attention":
        own = (seeds.of("attention/hidden"), seeds.of("attention/score"))
        pooling = AttentivePooling(1, states.shape[-1], seeds=own, name="attention")
        return pooling(states, mask)
    return MaskedPooling(settings.readout, name="pooling")(states, ids)
