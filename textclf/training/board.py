"""TensorBoard logs of the epochs."""

from collections.abc import Callable
from pathlib import Path

from textclf.training.fit import Epoch

_SCALARS = ("loss", "accuracy")


def open_board(folder: Path) -> Callable[[Epoch], None]:
    """Returns a function that logs an epoch: a curve for train and one for dev."""
    import tensorflow as tf

    # Not `tf.summary.scalar`: it needs TensorBoard installed, and writing does not.
    kind = tf.compat.v1.SummaryMetadata(plugin_data={"plugin_name": "scalars"})
    writers = {
        split: tf.summary.create_file_writer(str(folder / split))
        for split in ("train", "dev")
    }

    def log(epoch: Epoch) -> None:
        facts = epoch.to_json()
        for split, writer in writers.items():
            with writer.as_default(step=epoch.epoch):
                for name in _SCALARS:
                    value = tf.constant(facts[f"{split}_{name}"], tf.float32)
                    tf.summary.write(name, value, metadata=kind)
            writer.flush()

    return log
