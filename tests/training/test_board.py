"""TensorBoard logs, read back from the files."""

import struct

import pytest
import tensorflow as tf

from textclf.training.board import open_board
from textclf.training.fit import Epoch

LOSSES = {"train": [0.5, 0.25], "dev": [0.7, 0.6]}
ACCURACIES = {"train": [0.6, 0.8], "dev": [0.75, 0.875]}


def epoch(number):
    row = number - 1
    return Epoch(
        epoch=number,
        seconds=1.0,
        train_loss=LOSSES["train"][row],
        train_accuracy=ACCURACIES["train"][row],
        dev_loss=LOSSES["dev"][row],
        dev_accuracy=ACCURACIES["dev"][row],
        dev_macro_f1=0.1,
        embedding_rate=1.0,
        best=True,
    )


def records(path):
    """The bodies of a TFRecord file: length, its checksum, body, its checksum."""
    rest = path.read_bytes()
    while rest:
        (size,) = struct.unpack("<Q", rest[:8])
        yield rest[12 : 12 + size]
        rest = rest[16 + size :]


def curves(folder):
    (path,) = folder.iterdir()
    found = {}
    for body in records(path):
        event = tf.compat.v1.Event.FromString(body)
        for value in event.summary.value:
            assert value.metadata.plugin_data.plugin_name == "scalars"
            number = float(tf.make_ndarray(value.tensor))
            found.setdefault(value.tag, []).append((event.step, number))
    return found


@pytest.mark.parametrize("split", ["train", "dev"])
def test_a_curve_for_each_split(tmp_path, split):
    log = open_board(tmp_path / "board")
    for number in (1, 2):
        log(epoch(number))
    assert sorted(entry.name for entry in (tmp_path / "board").iterdir()) == [
        "dev",
        "train",
    ]
    found = curves(tmp_path / "board" / split)
    assert set(found) == {"loss", "accuracy"}
    assert found["loss"] == [
        (step, pytest.approx(value)) for step, value in enumerate(LOSSES[split], 1)
    ]
    assert found["accuracy"] == [
        (step, pytest.approx(value)) for step, value in enumerate(ACCURACIES[split], 1)
    ]
