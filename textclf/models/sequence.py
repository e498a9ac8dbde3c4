"""Layers over the words of a text in their order; padding changes nothing in them."""

import math
from typing import Any

import keras
from keras import ops

from textclf.models.layers import EndsMasks, mask_of

_FAR_BELOW = -1e9
_LONGEST_WAVE = 10_000.0


class Mask(keras.layers.Layer):
    """Tells words from padding: int32[batch, width] ids to bool[batch, width]."""

    def call(self, ids: Any) -> Any:
        return mask_of(ids, "float32") > 0


class Words(keras.layers.Layer):
    """Is 1 for words and 0 for padding: float32[batch, width, 1]."""

    def call(self, ids: Any) -> Any:
        return ops.expand_dims(mask_of(ids, self.compute_dtype), -1)


class AttentivePooling(EndsMasks):
    """Means of the words of a text, with learnt weights (Lin et al. 2017, section 2.1).

    With one hop it is the attention of Yang et al. 2016, section 2.2.

    Args:
        hops: Weightings side by side.
        units: Hidden units that decide a weight.
        seeds: Two seeds, of the kernels.

    Call arguments:
        vectors: float32[batch, width, dim].
        words: bool[batch, width].

    Returns:
        float32[batch, hops * dim]; zeros for an empty text.
    """

    def __init__(
        self, hops: int, units: int, *, seeds: tuple[int, int], **options: Any
    ) -> None:
        super().__init__(**options)
        self.hops, self.units, self.seeds = hops, units, seeds

    def build(self, vectors_shape: Any, words_shape: Any = None) -> None:
        first, second = (keras.initializers.GlorotUniform(seed=s) for s in self.seeds)
        shape = (vectors_shape[-1], self.units)
        self.hidden_kernel = self.add_weight(
            name="hidden_kernel", shape=shape, initializer=first
        )
        self.hidden_bias = self.add_weight(
            name="hidden_bias", shape=(self.units,), initializer="zeros"
        )
        self.score_kernel = self.add_weight(
            name="score_kernel", shape=(self.units, self.hops), initializer=second
        )

    def call(self, vectors: Any, words: Any) -> Any:
        hidden = ops.tanh(ops.matmul(vectors, self.hidden_kernel) + self.hidden_bias)
        kept = ops.expand_dims(ops.cast(words, vectors.dtype), -1)
        scores = ops.matmul(hidden, self.score_kernel) + (1 - kept) * _FAR_BELOW
        weights = ops.softmax(scores, axis=1) * kept
        means = ops.matmul(ops.transpose(weights, (0, 2, 1)), vectors)
        return ops.reshape(means, (-1, self.hops * vectors.shape[-1]))

    def compute_output_shape(self, vectors_shape: Any, words_shape: Any = None) -> Any:
        return (vectors_shape[0], self.hops * vectors_shape[-1])


class Positions(keras.layers.Layer):
    """Adds waves that tell where a word stands (Vaswani et al. 2017, section 3.5).

    How much they count is learnt; there is no longest text.
    """

    def build(self, input_shape: Any) -> None:
        self.scale = self.add_weight(
            name="scale", shape=(1,), initializer=keras.initializers.Constant(0.1)
        )

    def call(self, vectors: Any) -> Any:
        dim = vectors.shape[-1]
        places = ops.arange(ops.shape(vectors)[1], dtype="float32")
        steps = ops.arange(dim // 2, dtype="float32") * (2.0 / dim)
        rates = ops.exp(-math.log(_LONGEST_WAVE) * steps)
        angles = ops.expand_dims(places, 1) * ops.expand_dims(rates, 0)
        waves = ops.concatenate([ops.sin(angles), ops.cos(angles)], axis=-1)
        return vectors + self.scale * ops.cast(waves, vectors.dtype)


class SelfAttention(keras.layers.Layer):
    """Every word becomes a mixture of all words (Vaswani et al. 2017, section 3.2).

    Args:
        heads: Mixtures side by side.
        seeds: Two seeds, of the kernels.

    Call arguments:
        vectors: float32[batch, width, dim].
        words: bool[batch, width].
    """

    def __init__(self, heads: int, *, seeds: tuple[int, int], **options: Any) -> None:
        super().__init__(**options)
        self.heads, self.seeds = heads, seeds

    def build(self, vectors_shape: Any, words_shape: Any = None) -> None:
        dim = vectors_shape[-1]
        first, second = (keras.initializers.GlorotUniform(seed=s) for s in self.seeds)
        self.inside = keras.layers.Dense(
            3 * dim, kernel_initializer=first, name="inside"
        )
        self.outside = keras.layers.Dense(
            dim, kernel_initializer=second, name="outside"
        )
        self.inside.build(vectors_shape)
        self.outside.build(vectors_shape)

    def call(self, vectors: Any, words: Any) -> Any:
        size = vectors.shape[-1] // self.heads
        width = ops.shape(vectors)[1]
        parts = ops.reshape(self.inside(vectors), (-1, width, 3, self.heads, size))
        query, key, value = (
            ops.transpose(parts[:, :, part], (0, 2, 1, 3)) for part in range(3)
        )
        scores = ops.matmul(query, ops.transpose(key, (0, 1, 3, 2))) / math.sqrt(size)
        kept = ops.cast(words, scores.dtype)[:, None, None, :]
        weights = ops.softmax(scores + (1 - kept) * _FAR_BELOW, axis=-1)
        mixed = ops.transpose(ops.matmul(weights, value), (0, 2, 1, 3))
        return self.outside(ops.reshape(mixed, (-1, width, vectors.shape[-1])))

    def compute_output_shape(self, vectors_shape: Any, words_shape: Any = None) -> Any:
        return vectors_shape


class StridedMax(keras.layers.Layer):
    """The highest of every `size` places, counted from the first word.

    The last ones may stand alone: zeros follow them, as after rectified units. So the
    places do not shift with the width of the padding, as they would with `same`.

    Args:
        size: Places that become one.
    """

    def __init__(self, size: int, **options: Any) -> None:
        super().__init__(**options)
        self.size = size

    def call(self, vectors: Any) -> Any:
        padded = ops.pad(vectors, ((0, 0), (0, self.size - 1), (0, 0)))
        return ops.max_pool(padded, self.size, strides=self.size, padding="valid")
