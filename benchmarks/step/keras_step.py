"""Stock Keras: the fastest of three ways to take a step."""

import gc
import sys

import keras
import numpy as np
import tensorflow as tf

from benchmarks.child import tell
from benchmarks.records import SEED
from benchmarks.step.harness import BATCH, DIM, WIDTH, Step, milliseconds

_TRIAL = 3


def network(rows: int) -> keras.Model:
    """Returns Embedding, mean, one logit."""
    return keras.Sequential(
        [
            keras.Input((WIDTH,), dtype="int32"),
            keras.layers.Embedding(rows, DIM),
            keras.layers.GlobalAveragePooling1D(),
            keras.layers.Dense(1),
        ]
    )


def by_train_on_batch(rows: int, rule: str, *, xla: bool) -> Step:
    """Returns Keras's own step."""
    model = network(rows)
    loss = keras.losses.BinaryCrossentropy(from_logits=True)
    model.compile(rule.lower(), loss, jit_compile=xla)
    return lambda ids, targets: model.train_on_batch(ids, targets) and None


def by_function(rows: int, rule: str) -> Step:
    """Returns a step written by hand: one tape, one traced function."""
    model = network(rows)
    optimizer = keras.optimizers.get(rule.lower())
    optimizer.build(model.trainable_variables)
    loss = keras.losses.BinaryCrossentropy(from_logits=True)

    def learn(ids: tf.Tensor, targets: tf.Tensor) -> tf.Tensor:
        with tf.GradientTape() as tape:
            total = loss(targets, model(ids, training=True))
        weights = model.trainable_variables
        optimizer.apply(tape.gradient(total, weights), weights)
        return total

    shapes = ([BATCH, WIDTH], tf.int32), ([BATCH, 1], tf.float32)
    traced = tf.function(learn, [tf.TensorSpec(*shape) for shape in shapes])

    def step(ids: np.ndarray, targets: np.ndarray) -> None:
        float(traced(tf.constant(ids), tf.constant(targets)))

    return step


WAYS = {
    "train_on_batch": lambda rows, rule: by_train_on_batch(rows, rule, xla=False),
    "train_on_batch, XLA": lambda rows, rule: by_train_on_batch(rows, rule, xla=True),
    "tf.function": by_function,
}


def main() -> None:
    """Tries each way, then times the steps of the fastest on both kinds of ids."""
    rows, steps, rule = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    keras.utils.set_random_seed(SEED)
    trials = {}
    for way, make in WAYS.items():
        trials[way] = milliseconds(make(rows, rule), rows, _TRIAL, zipf=True)
        keras.backend.clear_session()
        gc.collect()
    fastest = min(trials, key=lambda way: trials[way])
    step = WAYS[fastest](rows, rule)
    tell(
        zipf_ms=milliseconds(step, rows, steps, zipf=True),
        uniform_ms=milliseconds(step, rows, steps, zipf=False),
        way=fastest,
        **{f"trial, {way}": value for way, value in trials.items()},
    )


if __name__ == "__main__":
    main()
