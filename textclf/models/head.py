"""What kinds share after the embedding: filters, dense layers, a logit an output."""

from typing import Any

import keras

from textclf.models.layers import DropConnect
from textclf.models.seeds import Seeds
from textclf.models.spec import ModelSpec


def logits(features: Any, spec: ModelSpec, seeds: Seeds) -> Any:
    """Adds dropout and the output layer; returns float32[batch, outputs]."""
    norm = spec.regularisation.max_norm
    layer = _dense(
        "output",
        spec.outputs,
        spec,
        seeds,
        kernel_initializer=keras.initializers.GlorotUniform(seed=seeds.of("output")),
        kernel_constraint=keras.constraints.MaxNorm(norm) if norm else None,
    )
    return layer(_dropout(features, spec, seeds, "dropout"))


def hidden(features: Any, units: list[int], spec: ModelSpec, seeds: Seeds) -> Any:
    """Adds hidden layers of rectified units, each behind dropout."""
    for number, width in enumerate(units, start=1):
        name = f"hidden_{number}"
        layer = _dense(
            name,
            width,
            spec,
            seeds,
            activation="relu",
            kernel_initializer=keras.initializers.HeUniform(seed=seeds.of(name)),
        )
        features = layer(_dropout(features, spec, seeds, f"dropout_{number}"))
    return features


def convolution(
    vectors: Any, name: str, width: int, filters: int, spec: ModelSpec, seeds: Seeds
) -> Any:
    """Adds rectified filters over `width` places; the text keeps its length."""
    return keras.layers.Conv1D(
        filters,
        width,
        padding="same",
        activation="relu",
        kernel_initializer=keras.initializers.HeUniform(seed=seeds.of(name)),
        kernel_regularizer=penalty(spec),
        name=name,
    )(vectors)


def penalty(spec: ModelSpec) -> keras.regularizers.Regularizer | None:
    """Returns the L2 penalty of a kernel, if one is set."""
    strength = spec.regularisation.l2
    return keras.regularizers.L2(strength) if strength > 0 else None


def _dense(
    name: str, units: int, spec: ModelSpec, seeds: Seeds, **options: Any
) -> keras.layers.Layer:
    """Makes a dense layer that may leave out weights while training."""
    options |= {"kernel_regularizer": penalty(spec), "name": name}
    rate = spec.regularisation.drop_connect
    if rate == 0.0:
        return keras.layers.Dense(units, **options)
    return DropConnect(units, rate=rate, seed=seeds.of(f"{name}/kernel"), **options)


def _dropout(features: Any, spec: ModelSpec, seeds: Seeds, name: str) -> Any:
    rate = spec.regularisation.dropout
    if rate == 0.0:
        return features
    return keras.layers.Dropout(rate, seed=seeds.of(name), name=name)(features)
