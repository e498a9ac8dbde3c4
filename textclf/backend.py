"""The Keras backend: chosen once, and the one home of backend-specific speed."""

import contextlib
import logging
import os
import signal
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from typing import Any

from textclf.errors import ConfigError

BACKENDS = ("tensorflow", "jax", "torch")
_DEFAULT = "tensorflow"


def prepare() -> str:
    """Chooses the backend (`KERAS_BACKEND`, else TensorFlow) and quietens its start.

    Returns:
        The name of the backend in use.

    Raises:
        ConfigError: The name is unknown, or Keras already runs on another backend.
    """
    name = os.environ.setdefault("KERAS_BACKEND", _DEFAULT)
    if name not in BACKENDS:
        raise ConfigError(
            f"got {name!r}, allowed are {', '.join(BACKENDS)}", where="KERAS_BACKEND"
        )
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    loaded = sys.modules.get("keras")
    if loaded is not None and loaded.backend.backend() != name:
        raise ConfigError(
            f"got {name!r}, but Keras was imported with {loaded.backend.backend()!r}",
            where="KERAS_BACKEND",
            fix="set KERAS_BACKEND before anything imports keras",
        )
    return name


def start() -> None:
    """Imports Keras on the chosen backend, without the native start-up messages."""
    name = prepare()
    if "keras" not in sys.modules:
        with _signals_deferred(), _native_talk_held():
            import keras

            keras.ops.zeros(())  # the first tensor starts the devices: more talk
    if name == "tensorflow":
        # It takes the fifth model of a process for one that is traced five times.
        logging.getLogger("tensorflow").setLevel(logging.ERROR)


@contextlib.contextmanager
def _signals_deferred() -> Iterator[None]:
    """Keeps Ctrl-C and SIGTERM for afterwards; a second one ends the process at once.

    An import of this size has places that swallow any exception, and with it the wish
    to stop.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    caught: list[int] = []

    def keep(number: int, frame: object) -> None:
        if caught:
            signal.signal(number, signal.SIG_DFL)
            signal.raise_signal(number)
        caught.append(number)

    numbers = (signal.SIGINT, signal.SIGTERM)
    before = {number: signal.signal(number, keep) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler or signal.SIG_DFL)
    if caught:
        signal.raise_signal(caught[0])


@contextlib.contextmanager
def _native_talk_held() -> Iterator[None]:
    """Holds back what native code writes to stderr; shows it only after a fault."""
    sys.stderr.flush()
    kept = os.dup(2)
    with tempfile.TemporaryFile() as held:
        os.dup2(held.fileno(), 2)
        try:
            yield
        except Exception:
            held.seek(0)
            os.write(kept, held.read())
            raise
        finally:
            os.dup2(kept, 2)
            os.close(kept)


def is_tensorflow() -> bool:
    """Tells whether row-sparse updates are to be had."""
    return prepare() == "tensorflow"


def gather_rows(table: Any, ids: Any) -> Any:
    """Reads rows of a variable; its gradient stays row-sparse on TensorFlow.

    The stock Embedding reads the whole variable, which forces a copy of the table as
    soon as rows are scattered back into it.

    Args:
        table: Keras variable, float32[rows, dim].
        ids: int32[...].

    Returns:
        float32[..., dim].
    """
    if is_tensorflow():
        import tensorflow as tf

        return tf.gather(table.value, ids)
    from keras import ops

    return ops.take(table, ids, axis=0)


def is_row_sparse(gradient: Any) -> bool:
    """Tells whether a gradient holds only the rows that a batch touched."""
    return hasattr(gradient, "indices") and hasattr(gradient, "dense_shape")


def densify(gradient: Any) -> Any:
    """Returns the equal dense gradient: rows that occur twice are summed."""
    import tensorflow as tf

    return tf.convert_to_tensor(gradient)


def merge_rows(gradient: Any) -> tuple[Any, Any]:
    """Sums the parts of a row-sparse gradient that belong to one row.

    Returns:
        float32[distinct, dim] sums and int[distinct] rows.
    """
    import tensorflow as tf

    rows, places = tf.unique(gradient.indices)
    sums = tf.math.unsorted_segment_sum(gradient.values, places, tf.size(rows))
    return sums, rows


def read_rows(variable: Any, rows: Any) -> Any:
    """Reads some rows of an optimiser's slot or of a table."""
    return _native(variable).sparse_read(rows)


def write_rows(variable: Any, rows: Any, values: Any) -> None:
    """Writes some rows; they must be distinct."""
    import tensorflow as tf

    _native(variable).scatter_update(tf.IndexedSlices(values, rows))


def subtract_rows(variable: Any, rows: Any, values: Any) -> None:
    """Subtracts from some rows; they must be distinct."""
    import tensorflow as tf

    _native(variable).scatter_sub(tf.IndexedSlices(values, rows))


def _native(variable: Any) -> Any:
    """Returns the TensorFlow variable: optimisers are handed it bare, slots wrapped."""
    return variable if callable(variable.value) else variable.value


def compiled_forward(model: Any) -> Callable[[Any], Any]:
    """Returns a function int32[batch, width] -> NumPy float32[batch, outputs].

    On TensorFlow it is traced once for every shape.
    """
    if not is_tensorflow():
        from keras import ops

        return lambda ids: ops.convert_to_numpy(model(ids, training=False))
    import tensorflow as tf

    signature = [tf.TensorSpec([None, None], tf.int32)]
    traced = tf.function(lambda ids: model(ids, training=False), signature)
    return lambda ids: traced(ids).numpy()


def compiled_step(
    model: Any, optimizer: Any, loss: Callable[..., Any]
) -> Callable[..., tuple[float, Any]]:
    """Returns a function that learns from one batch: one step of all trainable weights.

    It takes int32[batch, width] ids, float32[batch, outputs] targets and weights, and
    gives the loss and the float32[batch, outputs] logits from before the update.
    """
    optimizer.build(model.trainable_variables)
    if is_tensorflow():
        return _tensorflow_step(model, optimizer, loss)
    return _keras_step(model, optimizer, loss)


def _tensorflow_step(
    model: Any, optimizer: Any, loss: Callable[..., Any]
) -> Callable[..., tuple[float, Any]]:
    import tensorflow as tf

    variables = model.trainable_variables
    watched = [variable.value for variable in variables]
    floats = tf.TensorSpec([None, model.output_shape[-1]], tf.float32)

    def learn(ids: Any, targets: Any, weights: Any) -> tuple[Any, Any]:
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch(watched)
            logits = model(ids, training=True)
            total = loss(targets, logits, weights) + sum(model.losses)
        optimizer.apply(tape.gradient(total, watched), variables)
        return total, logits

    step = tf.function(learn, [tf.TensorSpec([None, None], tf.int32), floats, floats])

    def run(ids: Any, targets: Any, weights: Any) -> tuple[float, Any]:
        total, logits = step(ids, targets, weights)
        return float(total), logits.numpy()

    return run


def _keras_step(
    model: Any, optimizer: Any, loss: Callable[..., Any]
) -> Callable[..., tuple[float, Any]]:
    """The same step by `train_on_batch`; weights travel beside the targets."""
    from keras import ops

    def packed_loss(packed: Any, logits: Any) -> Any:
        targets, weights = ops.split(packed, 2, axis=-1)
        return loss(targets, logits, weights)

    model.compile(optimizer=optimizer, loss=packed_loss)

    def run(ids: Any, targets: Any, weights: Any) -> tuple[float, Any]:
        logits = ops.convert_to_numpy(model(ids, training=False))
        total = model.train_on_batch(ids, ops.concatenate([targets, weights], axis=-1))
        return float(total), logits

    return run
