"""A small transformer encoder from scratch (Vaswani et al. 2017), norms first."""

from typing import Any

import keras

from textclf.config.kinds import TransformerConfig
from textclf.models import head
from textclf.models.embedding import start
from textclf.models.layers import MaskedPooling
from textclf.models.seeds import Seeds
from textclf.models.sequence import Mask, Positions, SelfAttention
from textclf.models.spec import ModelSpec


def build(spec: ModelSpec, settings: TransformerConfig, seeds: Seeds) -> keras.Model:
    """Builds embedding, projection, positions, blocks, the mean word, output."""
    first = start(spec, seeds)
    mask = Mask(name="mask")(first.ids)
    parts = _Parts(spec, settings, seeds)
    vectors = parts.dense("projection", settings.width)(first.vectors)
    vectors = Positions(name="positions")(_norm("projection_norm")(vectors))
    for number in range(1, settings.blocks + 1):
        vectors = parts.block(vectors, mask, number)
    features = MaskedPooling("mean", name="pooling")(_norm("norm")(vectors), first.ids)
    return keras.Model(
        first.inputs, head.logits(features, spec, seeds), name="transformer"
    )


def _norm(name: str) -> keras.layers.Layer:
    return keras.layers.LayerNormalization(name=name)


class _Parts:
    """Makes the layers of the blocks."""

    def __init__(
        self, spec: ModelSpec, settings: TransformerConfig, seeds: Seeds
    ) -> None:
        self._spec, self._settings, self._seeds = spec, settings, seeds

    def block(self, vectors: Any, mask: Any, number: int) -> Any:
        """Adds attention, then a dense layer of four times the width and back."""
        name = f"attention_{number}"
        seeds = self._seeds.of(f"{name}/inside"), self._seeds.of(f"{name}/outside")
        attend = SelfAttention(self._settings.heads, seeds=seeds, name=name)
        mixed = attend(_norm(f"attention_norm_{number}")(vectors), mask)
        vectors = self._added(vectors, mixed, name)
        wide = self.dense(f"wide_{number}", 4 * self._settings.width, "gelu")
        narrow = self.dense(f"narrow_{number}", self._settings.width)
        moved = narrow(wide(_norm(f"forward_norm_{number}")(vectors)))
        return self._added(vectors, moved, f"narrow_{number}")

    def dense(self, name: str, units: int, activation: str | None = None) -> Any:
        return keras.layers.Dense(
            units,
            activation=activation,
            kernel_initializer=keras.initializers.GlorotUniform(
                seed=self._seeds.of(name)
            ),
            kernel_regularizer=head.penalty(self._spec),
            name=name,
        )

    def _added(self, vectors: Any, more: Any, name: str) -> Any:
        rate, own = self._settings.block_dropout, f"{name}_dropout"
        if rate > 0:
            drop = keras.layers.Dropout(rate, seed=self._seeds.of(own), name=own)
            more = drop(more)
        return keras.layers.Add(name=f"{name}_added")([vectors, more])
