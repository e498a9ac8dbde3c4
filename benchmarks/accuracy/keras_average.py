"""Stock Keras: averaged embeddings of 30,000 words, padded to 400."""

import sys
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from benchmarks.accuracy.reviews import halves
from benchmarks.child import quiet_stdout, tell
from benchmarks.records import SEED

VOCABULARY, LENGTH, DIM = 30_000, 400, 100
_BATCH, _EPOCHS, _RATE = 64, 20, 0.003


def vectorizer(texts: list[str]) -> keras.layers.TextVectorization:
    """Returns the layer from texts to int64[n, 400] ids, its vocabulary learnt."""
    layer = keras.layers.TextVectorization(VOCABULARY, output_sequence_length=LENGTH)
    layer.adapt(_batches(texts))
    return layer


def encode(layer: keras.layers.TextVectorization, texts: list[str]) -> np.ndarray:
    """Returns int32[n, 400]."""
    found = _batches(texts).map(layer, num_parallel_calls=tf.data.AUTOTUNE)
    return np.concatenate([ids.numpy().astype(np.int32) for ids in found])


def network() -> keras.Model:
    """Returns the compiled model: embedding, masked mean, one logit."""
    model = keras.Sequential(
        [
            keras.Input((LENGTH,), dtype="int32"),
            keras.layers.Embedding(VOCABULARY, DIM, mask_zero=True),
            keras.layers.GlobalAveragePooling1D(),
            keras.layers.Dropout(0.5),
            keras.layers.Dense(1),
        ]
    )
    loss = keras.losses.BinaryCrossentropy(from_logits=True)
    metric = keras.metrics.BinaryAccuracy(threshold=0.0, name="accuracy")
    model.compile(keras.optimizers.Adam(_RATE), loss, metrics=[metric])
    return model


def fit(model: keras.Model, ids: np.ndarray, targets: np.ndarray) -> int:
    """Trains until a tenth that is held out gets no better; returns the epochs."""
    order = np.random.default_rng([SEED, 6]).permutation(len(ids))
    dev, rest = np.split(order, [len(ids) // 10])
    stop = keras.callbacks.EarlyStopping(patience=1, restore_best_weights=True)
    history = model.fit(
        ids[rest],
        targets[rest],
        batch_size=_BATCH,
        epochs=_EPOCHS,
        validation_data=(ids[dev], targets[dev]),
        validation_batch_size=1024,
        callbacks=[stop],
        verbose=0,
    )
    return len(history.epoch)


def _batches(texts: list[str]) -> tf.data.Dataset:
    return tf.data.Dataset.from_tensor_slices(texts).batch(2048)


def main() -> None:
    """Trains on one half, tells the accuracy on the other."""
    keras.utils.set_random_seed(SEED)
    train, test = halves(Path(sys.argv[1]))
    with quiet_stdout():
        layer = vectorizer(train.texts)
        model = network()
        epochs = fit(model, encode(layer, train.texts), train.targets)
        ids = encode(layer, test.texts)
        _, accuracy = model.evaluate(ids, test.targets, batch_size=1024, verbose=0)
    tell(accuracy=accuracy, epochs=epochs)


if __name__ == "__main__":
    main()
