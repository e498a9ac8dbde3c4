"""TensorBoard's HParams page, read as TensorBoard reads it."""

import pytest

from tests.study.frames import noisy, results
from textclf.errors import ConfigError
from textclf.study import board


def test_each_trial_that_came_to_its_end_is_a_run(tmp_path):
    pytest.importorskip("tensorboard")
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    lost = [("dim=2,dropout=none", 0)]
    board.write_board(results(noisy({}), seeds=1, lost=lost), tmp_path)
    runs = sorted(tmp_path.iterdir())
    assert [run.name for run in runs][:2] == [
        "dim=10,dropout=none seed 0",
        "dim=10,dropout=word seed 0",
    ]
    assert len(runs) == 5
    read = EventAccumulator(str(runs[0]))
    read.Reload()
    assert {"accuracy", "log_loss"} <= set(read.Tags()["tensors"])
    assert "dropout" in str(read.PluginTagToContent("hparams"))


def test_without_tensorboard_it_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setattr(board, "find_spec", lambda name: None)
    with pytest.raises(ConfigError, match=r"textclf\[tensorboard\]"):
        board.write_board(results(noisy({}), seeds=1), tmp_path)
    assert not list(tmp_path.iterdir())
