"""The range test of learning rates."""

import json

import numpy as np
import pytest

from textclf.cli.main import main
from textclf.training.rate_finder import RateCurve, _smoothed


def test_the_suggestion_is_a_tenth_of_the_lowest():
    curve = RateCurve([0.001, 0.01, 0.1, 1.0], [0.7, 0.5, 0.2, 0.9])
    assert curve.suggestion == pytest.approx(0.01)
    assert curve.to_json()["curve"][1] == {"rate": 0.01, "loss": 0.5}


def test_a_constant_loss_is_its_own_mean():
    assert list(_smoothed(iter([0.4] * 30))) == pytest.approx([0.4] * 30)


def test_the_curve_falls_before_it_rises(tmp_path, capsys):
    config = tmp_path / "c.yaml"
    config.write_text("data: {dataset: sample}\nembedding: {dim: 8}\n")
    folder = tmp_path / "rates"
    arguments = ["train", "--config", str(config), "--run-dir", str(folder)]
    assert main([*arguments, "--find-lr", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    losses = np.array([point["loss"] for point in told["curve"]])
    lowest = int(losses.argmin())
    assert 10 < lowest < len(losses) - 1
    assert losses[lowest] < 0.8 * losses[0] and losses[-1] > losses[lowest]
    assert {p.name for p in folder.iterdir()} == {
        "learning_rate.json",
        "learning_rate.png",
    }
    assert json.loads((folder / "learning_rate.json").read_text()) == told


def test_a_model_that_knows_the_texts_already_is_refused(tmp_path, capsys):
    config = tmp_path / "c.yaml"
    config.write_text(
        "data: {dataset: sample}\nmodel: {kind: ngram}\n"
        "embedding: {init: naive_bayes}\n"
    )
    arguments = ["train", "--config", str(config), "--run-dir", str(tmp_path / "r")]
    assert main([*arguments, "--find-lr"]) == 2
    told = capsys.readouterr().err
    assert "embedding.init" in told and "tune --search" in told
    assert not (tmp_path / "r").exists()
