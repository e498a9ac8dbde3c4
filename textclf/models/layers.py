"""Layers that know padding: id 0 is nothing, wherever it stands."""

from typing import Any

import keras
from keras import ops

from textclf.backend import ids_below, pooled_vectors, rows_among, word_vectors
from textclf.text.vocabulary import PAD

TABLE = "table"
POWERS = {"sum": 0.0, "sqrtn": 0.5, "mean": 1.0}
"""What the number of words is raised to that a pooled sum is divided by."""
_FAR_BELOW = -1e9


class TokenEmbedding(keras.layers.Layer):
    """Looks ids up in a trainable table; padding gives zeros.

    Args:
        rows: Rows of the table.
        dim: Numbers a row.
        seed: Seed of the uniform start in ±0.05.

    Call arguments:
        ids: int32[batch, width].

    Returns:
        float32[batch, width, dim].
    """

    def __init__(self, rows: int, dim: int, *, seed: int, **options: Any) -> None:
        super().__init__(**options)
        self.rows, self.dim, self.seed = rows, dim, seed

    def build(self, input_shape: Any) -> None:
        self.table = self.add_weight(
            name=TABLE,
            shape=(self.rows, self.dim),
            initializer=keras.initializers.RandomUniform(seed=self.seed),
        )

    def call(self, ids: Any) -> Any:
        return word_vectors(self.table, ids)

    def compute_output_shape(self, input_shape: Any) -> tuple[Any, ...]:
        return (*input_shape, self.dim)


class PooledEmbedding(TokenEmbedding):
    """Looks ids up and pools the words of each text at once.

    It equals a `TokenEmbedding` and a pooling of its vectors without padding, but the
    vectors of the single words are not laid out in between.

    Args:
        rows: Rows of the table.
        dim: Numbers a row.
        how: `sum`, `mean`, or `sqrtn`: the sum divided by the root of the number of
            words.
        seed: Seed of the uniform start in ±0.05.

    Call arguments:
        ids: int32[batch, width].

    Returns:
        float32[batch, dim]; zeros for an empty text.
    """

    def __init__(
        self, rows: int, dim: int, *, how: str, seed: int, **options: Any
    ) -> None:
        super().__init__(rows, dim, seed=seed, **options)
        self.how = how

    def call(self, ids: Any) -> Any:
        return pooled_vectors(self.table, ids, power=POWERS[self.how])

    def compute_output_shape(self, input_shape: Any) -> tuple[Any, ...]:
        return (input_shape[0], self.dim)


class WordDropout(keras.layers.Layer):
    """Leaves out whole words while training (Iyyer et al. 2015, section 3.1)."""

    def __init__(self, rate: float, *, seed: int, **options: Any) -> None:
        super().__init__(**options)
        self.rate = rate
        self.generator = keras.random.SeedGenerator(seed)

    def call(self, ids: Any, training: bool = False) -> Any:
        if not training or self.rate == 0.0:
            return ids
        draws = keras.random.uniform(ops.shape(ids), seed=self.generator)
        return ops.where(draws < self.rate, PAD, ids)


class TypeDropout(keras.layers.Layer):
    """Leaves out words of the vocabulary, wherever they stand in a batch.

    One draw decides for all places of a word (Gal and Ghahramani 2016, section 4.2;
    Merity et al. 2018, section 4.3). As with `WordDropout` a word that is left out is
    no longer there: means are taken of the words that remain, which stands in for
    scaling by 1 / (1 - rate).

    Args:
        rate: Share of the words.
        rows: Rows of the table that ids point to.
        seed: Of the draws.
    """

    def __init__(self, rate: float, *, rows: int, seed: int, **options: Any) -> None:
        super().__init__(**options)
        self.rate, self.rows = rate, rows
        self.generator = keras.random.SeedGenerator(seed)

    def call(self, ids: Any, training: bool = False) -> Any:
        if not training or self.rate == 0.0:
            return ids
        draws = keras.random.uniform((rows_among(self.rows),), seed=self.generator)
        return ops.where(ops.take(draws, ids) < self.rate, PAD, ids)


class Units(keras.layers.Layer):
    """Keeps the ids of units; those of n-grams become padding.

    Args:
        units: Rows of the vocabulary.
    """

    def __init__(self, units: int, **options: Any) -> None:
        super().__init__(**options)
        self.units = units

    def call(self, ids: Any) -> Any:
        return ids_below(ids, self.units)


class Bias(keras.layers.Layer):
    """Adds one trainable number to each output."""

    def build(self, input_shape: Any) -> None:
        self.bias = self.add_weight(
            name="bias", shape=(input_shape[-1],), initializer="zeros"
        )

    def call(self, logits: Any) -> Any:
        return logits + self.bias


class DropConnect(keras.layers.Dense):
    """A dense layer that leaves out single weights while training (Wan et al. 2013).

    The others are scaled by 1 / (1 - rate), so that predicting takes the kernel as it
    is. One draw decides for all texts of a batch (as Merity et al. 2018, section 2),
    where Wan et al. draw for each text.

    Args:
        units: Outputs.
        rate: Share of the weights; biases are never left out.
        seed: Of the draws.
    """

    def __init__(self, units: int, *, rate: float, seed: int, **options: Any) -> None:
        super().__init__(units, **options)
        self.rate = rate
        self.generator = keras.random.SeedGenerator(seed)

    def call(self, features: Any, training: bool = False) -> Any:
        kernel = self.kernel
        if training:
            kernel = keras.random.dropout(kernel, self.rate, seed=self.generator)
        return self.activation(ops.matmul(features, kernel) + self.bias)


class EndsMasks(keras.layers.Layer):
    """A layer that is told the words itself, whatever mask Keras carries along."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.supports_masking = True

    def compute_mask(self, inputs: Any, previous_mask: Any = None) -> None:
        return None


class MaskedPooling(EndsMasks):
    """Makes one vector of the vectors of a text, without its padding.

    An empty text gives zeros.

    Args:
        how: `mean`, `max` or `mean_max` (mean and max, end to end).

    Call arguments:
        vectors: float32[batch, width, dim].
        ids: int32[batch, width].

    Returns:
        float32[batch, dim], twice as wide for `mean_max`.
    """

    def __init__(self, how: str, **options: Any) -> None:
        super().__init__(**options)
        self.how = how

    def call(self, vectors: Any, ids: Any) -> Any:
        mask = ops.expand_dims(mask_of(ids, vectors.dtype), -1)
        pools = {"mean": (_masked_mean,), "max": (_masked_max,)}
        chosen = pools.get(self.how, (_masked_mean, _masked_max))
        parts = [pool(vectors, mask) for pool in chosen]
        return parts[0] if len(parts) == 1 else ops.concatenate(parts, axis=-1)


def mask_of(ids: Any, dtype: str) -> Any:
    """Returns 1 for words and 0 for padding, of the shape of `ids`."""
    return ops.cast(ops.not_equal(ids, PAD), dtype)


def _masked_mean(vectors: Any, mask: Any) -> Any:
    return ops.sum(vectors * mask, axis=1) / ops.maximum(ops.sum(mask, axis=1), 1.0)


def _masked_max(vectors: Any, mask: Any) -> Any:
    highest = ops.max(ops.where(mask > 0, vectors, _FAR_BELOW), axis=1)
    return ops.where(ops.any(mask > 0, axis=1), highest, 0.0)
