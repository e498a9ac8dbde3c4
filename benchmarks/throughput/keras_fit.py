"""Stock Keras: two epochs of `fit` on a padded array."""

import sys
import time
from typing import Any

import keras
import numpy as np

from benchmarks.child import tell
from benchmarks.records import SEED
from benchmarks.throughput.harness import BATCH, DIM, FILTERS, WIDTHS, Sample, sample


class Stopwatch(keras.callbacks.Callback):
    """Times epochs."""

    def __init__(self) -> None:
        super().__init__()
        self.seconds: list[float] = []
        self._started = 0.0

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        self._started = time.perf_counter()

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        self.seconds.append(time.perf_counter() - self._started)


def padded(sample: Sample) -> np.ndarray:
    """Returns int32[n, longest] ids, padded on the right with 0."""
    lengths = sample.encoded.lengths
    ids = np.zeros((len(lengths), int(lengths.max())), dtype=np.int32)
    ids[np.arange(ids.shape[1]) < lengths[:, None]] = sample.encoded.ids
    return ids


def network(kind: str, rows: int, width: int) -> keras.Model:
    """Returns the model that the kind of textclf is, in stock layers."""
    layers = keras.layers
    inputs = keras.Input((width,), dtype="int32")
    vectors = layers.Embedding(rows, DIM, mask_zero=kind == "average")(inputs)
    if kind == "average":
        features = layers.GlobalAveragePooling1D()(vectors)
    else:
        maxima = [
            layers.GlobalMaxPooling1D()(
                layers.Conv1D(FILTERS, size, padding="same", activation="relu")(vectors)
            )
            for size in WIDTHS
        ]
        features = layers.Concatenate()(maxima)
    return keras.Model(inputs, layers.Dense(1)(layers.Dropout(0.5)(features)))


def main() -> None:
    """Tells the rate of the second epoch and what the first took longer."""
    keras.utils.set_random_seed(SEED)
    chosen, xla = sample(), sys.argv[5] == "xla"
    ids = padded(chosen)
    model = network(chosen.kind, chosen.rows, ids.shape[1])
    loss = keras.losses.BinaryCrossentropy(from_logits=True)
    model.compile("adam", loss, jit_compile=xla)
    watch = Stopwatch()
    targets = chosen.targets[:, None].astype(np.float32)
    options = {"batch_size": BATCH, "epochs": 2, "verbose": 0}
    model.fit(ids, targets, callbacks=[watch], **options)
    first, second = watch.seconds
    tell(texts_per_s=len(ids) / second, start_s=first - second, width=ids.shape[1])


if __name__ == "__main__":
    main()
