"""Trials for the HParams page of TensorBoard."""

from importlib.util import find_spec
from pathlib import Path

from textclf import backend
from textclf.errors import ConfigError
from textclf.study.results import Results

_METRICS = ("accuracy", "macro_f1", "log_loss", "dev_accuracy", "train_accuracy")


def write_board(results: Results, folder: Path) -> None:
    """Writes one run a trial: its levels and its scores.

    Args:
        results: The study.
        folder: What `tensorboard --logdir` is given.

    Raises:
        ConfigError: TensorBoard is not installed.
    """
    if find_spec("tensorboard") is None:
        raise ConfigError(
            "needs TensorBoard, which is not installed",
            where="--tensorboard",
            fix="pip install 'textclf[tensorboard]'",
        )
    backend.start()  # before others import TensorFlow, which would be loud
    import tensorflow as tf
    from tensorboard.plugins.hparams import api as hparams

    done = results.frame[results.frame["status"] == "done"]
    for _, row in done.iterrows():
        place = folder / f"{row['cell']} seed {row['seed']}".replace("/", "_")
        levels = {f.name: f.value(row[f.name]) for f in results.factors}
        with tf.summary.create_file_writer(str(place)).as_default():
            hparams.hparams(levels | {"seed": int(row["seed"])})
            for name in _METRICS:
                tf.summary.scalar(name, row[name], step=int(row["epochs_trained"]))
