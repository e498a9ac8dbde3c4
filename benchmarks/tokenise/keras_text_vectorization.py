"""Keras: `TextVectorization.adapt`, then its layer over a tf.data pipeline."""

import keras
import numpy as np
import tensorflow as tf

from benchmarks.tokenise.harness import VOCABULARY, run

_BATCH = 2048


def encode(texts: list[str]) -> int:
    """Learns and encodes; the ids are the flat arrays of ragged batches."""
    layer = keras.layers.TextVectorization(VOCABULARY, ragged=True)
    data = tf.data.Dataset.from_generator(
        lambda: (texts[i : i + _BATCH] for i in range(0, len(texts), _BATCH)),
        output_signature=tf.TensorSpec([None], tf.string),
    )
    layer.adapt(data.prefetch(tf.data.AUTOTUNE))
    batches = data.map(layer, num_parallel_calls=tf.data.AUTOTUNE)
    parts = [
        (batch.flat_values.numpy().astype(np.int32), batch.row_lengths().numpy())
        for batch in batches.prefetch(tf.data.AUTOTUNE)
    ]
    ids = np.concatenate([part for part, _ in parts])
    return len(ids)


if __name__ == "__main__":
    run(encode)
