"""Layers that read how words are spelt."""

from typing import Any

import keras
import numpy as np
from keras import ops

from textclf.backend import MadeTable, word_vectors
from textclf.models.layers import TABLE, TokenEmbedding
from textclf.text.letters import BYTES
from textclf.text.vocabulary import PAD

SPELLINGS = "spellings"


class SpeltEmbedding(TokenEmbedding):
    """Looks words up that are made of a row of their own and of their spelling.

    How words are spelt is a constant table of bytes. In a step each distinct word of a
    batch is made once.

    Args:
        rows: Rows of both tables.
        dim: Numbers of a word's own row.
        length: Bytes of a spelling.
        word: Keras model that makes float32[w, width] of float32[w, dim] own rows and
            float32[w, length] spellings.
        seed: Seed of the uniform start of the own rows in ±0.05.

    Call arguments:
        ids: int32[batch, width].

    Returns:
        float32[batch, width, width of a word].
    """

    def __init__(
        self,
        rows: int,
        dim: int,
        *,
        length: int,
        word: keras.Model,
        seed: int,
        **options: Any,
    ) -> None:
        super().__init__(rows, dim, seed=seed, **options)
        self.length, self.word = length, word

    def build(self, input_shape: Any) -> None:
        super().build(input_shape)
        self.spellings = self.add_weight(
            name=SPELLINGS,
            shape=(self.rows, self.length),
            initializer="zeros",
            trainable=False,
        )
        width = self.word.output_shape[-1]
        self.made = MadeTable(self.table, self.spellings, width, self.word)

    def call(self, ids: Any) -> Any:
        return word_vectors(self.made, ids)

    def compute_output_shape(self, input_shape: Any) -> tuple[Any, ...]:
        return (*input_shape, self.word.output_shape[-1])

    def spell(self, spellings: np.ndarray) -> None:
        """Writes uint8[n, length] into the first rows; those after them stay empty."""
        values = np.zeros((self.rows, self.length), dtype=np.float32)
        values[: len(spellings)] = spellings
        self.spellings.assign(values)


class Letters(keras.layers.Layer):
    """Looks bytes up in a small trainable table; 0 gives zeros.

    Args:
        dim: Numbers a byte.
        seed: Seed of the uniform start in ±0.05.

    Call arguments:
        spellings: float32[w, length], whole numbers.

    Returns:
        float32[w, length, dim].
    """

    def __init__(self, dim: int, *, seed: int, **options: Any) -> None:
        super().__init__(**options)
        self.dim, self.seed = dim, seed

    def build(self, input_shape: Any) -> None:
        self.table = self.add_weight(
            name=TABLE,
            shape=(BYTES, self.dim),
            initializer=keras.initializers.RandomUniform(seed=self.seed),
        )

    def call(self, spellings: Any) -> Any:
        letters = ops.clip(ops.cast(spellings, "int32"), 0, BYTES - 1)
        some = ops.cast(ops.arange(BYTES) != PAD, self.table.dtype)
        # The product also makes the gradient dense, so that its norm can be bounded.
        return ops.take(self.table * ops.expand_dims(some, -1), letters, axis=0)

    def compute_output_shape(self, input_shape: Any) -> tuple[Any, ...]:
        return (*input_shape, self.dim)


class RowDropout(keras.layers.Layer):
    """Sets whole rows of float32[w, dim] to zero while training.

    The other rows stay as they are: what follows meets rows and zeros as it will meet
    them when predicting.

    Args:
        rate: Share of the rows.
        seed: Of the draws.
    """

    def __init__(self, rate: float, *, seed: int, **options: Any) -> None:
        super().__init__(**options)
        self.rate = rate
        self.generator = keras.random.SeedGenerator(seed)

    def call(self, rows: Any, training: bool = False) -> Any:
        if not training or self.rate == 0.0:
            return rows
        draws = keras.random.uniform((ops.shape(rows)[0], 1), seed=self.generator)
        return ops.where(draws < self.rate, 0.0, rows)
