"""The ladder: every recipe is tried while there is time, and the best is trained."""

import csv
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import textclf
from textclf.config.load import load_config, mapped_config, varied_config
from textclf.config.overrides import Override
from textclf.config.recipes import RECOMMENDED
from textclf.data.named import Places
from textclf.errors import ConfigError
from textclf.training import ladder, start
from textclf.training.ladder import RECIPES, Rung, _recipes, leading

CONFIG = """\
name: small
data: {train: reviews.csv, dev_fraction: 0.3}
embedding: {dim: 4}
model: {kind: average}
training: {epochs: 1, learning_rate: 0.000001, batch_size: 16, budget: BUDGET}
"""
BETTER = {"training.learning_rate": 0.1, "training.epochs": 6}
FEW = {
    ladder.AS_WRITTEN: {},
    "faster": BETTER,
    "impossible": {"model": {"kind": "cnn", "pooling": "mean"}},
}


class Hearing:
    """Keeps what is said."""

    def __init__(self):
        self.said = []

    def say(self, message):
        self.said.append(message)

    def __getattr__(self, name):
        from textclf.progress import SILENT

        return getattr(SILENT, name)


@pytest.fixture
def written(tmp_path):
    source = Path(textclf.__file__).parent / "data" / "sample" / "reviews.csv"
    with source.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.reader(stream))
    with (tmp_path / "reviews.csv").open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([rows[0], *rows[1 :: len(rows) // 300]])

    def write(budget):
        path = tmp_path / "c.yaml"
        path.write_text(CONFIG.replace("BUDGET", budget))
        return path

    return write


def trained(path, hearing):
    places = Places((path.parent,), None, os.environ)
    folder = path.parent / "run"
    return start.train_config(
        load_config(path), folder=folder, places=places, progress=hearing
    )


def test_the_best_recipe_is_trained_and_all_are_told(written, monkeypatch):
    monkeypatch.setattr(ladder, "RECIPES", FEW)
    hearing = Hearing()
    made = trained(written("60s"), hearing)
    run, rungs = made.run, made.run.read_json(start.LADDER)
    assert made.seconds > sum(rung["seconds"] for rung in rungs)
    assert made.seconds == run.state()["seconds"]
    assert [rung["name"] for rung in rungs] == list(FEW)
    assert rungs[1]["dev_accuracy"] > rungs[0]["dev_accuracy"]
    assert rungs[2]["dev_accuracy"] is None and "pooling" in rungs[2]["problem"]
    told = [line for line in hearing.said if line.startswith("ladder")]
    assert len(told) == 4 and told[-1].endswith("faster")
    config = load_config(run.folder / "config.yaml").config
    assert config.training.learning_rate == 0.1
    assert config.training.budget is None
    lines = (run.folder / "history.jsonl").read_text().splitlines()
    accuracies = [json.loads(line)["dev_accuracy"] for line in lines]
    assert rungs[1]["dev_accuracy"] in accuracies


def test_recipes_are_tried_without_the_second_training(written, monkeypatch):
    monkeypatch.setattr(ladder, "RECIPES", FEW)
    path, hearing = written("60s"), Hearing()
    path.write_text(path.read_text().replace("{epochs", "{refit: true, epochs"))
    run = trained(path, hearing).run
    assert [line.partition(":")[0] for line in hearing.said].count("refit") == 1
    assert len(run.read_json(start.LADDER)) == len(FEW)
    (note,) = [n for n in run.read_json("data.json")["notes"] if "once more" in n]
    assert note.startswith("the model was trained")


def test_without_time_what_is_written_is_trained(written, monkeypatch):
    monkeypatch.setattr(ladder, "RECIPES", FEW)
    hearing = Hearing()
    run = trained(written("0.001s"), hearing).run
    assert load_config(run.folder / "config.yaml").config.training.epochs == 1
    first, *others, advice, _ = [s for s in hearing.said if s.startswith("ladder")]
    told = r"as written: not tried to its end: 0\.0 s were left, it would have taken"
    assert re.search(rf"{told} up to \d+ s$", first)
    assert [line.partition(": no")[2] for line in others] == [" time left"] * 2
    assert "too short for 3 of 3 recipes; a longer training.budget" in advice


def test_a_budget_begins_without_native_talk(written):
    path = written("0.001s")
    command = [sys.executable, "-m", "textclf", "train", "--config", str(path)]
    done = subprocess.run(
        [*command, "--run-dir", str(path.parent / "run")],
        env={k: v for k, v in os.environ.items() if k != "TF_CPP_MIN_LOG_LEVEL"},
        capture_output=True,
        check=True,
        text=True,
    )
    assert "ladder: as written" in done.stderr
    assert "absl" not in done.stderr and "oneDNN" not in done.stderr


def test_a_budget_that_is_no_time_is_refused(written):
    with pytest.raises(ConfigError, match="90s, 20m or 2h"):
        load_config(written("soon"))


def test_macro_f1_decides_where_it_is_monitored(written):
    config = load_config(written("1m")).config
    rungs = [Rung("a", 1.0, 0.9, 0.5), Rung("b", 1.0, 0.8, 0.7), Rung("c", 1.0)]
    assert leading(rungs, config).name == "a"
    monitored = config.training.model_copy(update={"monitor": "dev_macro_f1"})
    assert leading(rungs, config.model_copy(update={"training": monitored})).name == "b"
    assert leading([Rung("c", 1.0, problem="no")], config) is None


def test_label_sets_are_judged_as_they_will_be_given(written, monkeypatch):
    """Thresholds come with the decision; before it one half is the threshold."""
    monkeypatch.setattr(ladder, "RECIPES", {ladder.AS_WRITTEN: {}})
    path = written("1m")
    reviews = path.parent / "reviews.csv"
    reviews.write_text(reviews.read_text().replace(",negative,", ",negative|cross,"))
    told = path.read_text().replace("data: {", "data: {label_separator: '|', ")
    path.write_text(told)
    done = trained(path, Hearing())
    (rung,) = json.loads((done.run.folder / "ladder.json").read_text())
    assert rung["dev_macro_f1"] == pytest.approx(done.dev.scores.macro_f1)
    epochs = (done.run.folder / "history.jsonl").read_text().splitlines()
    assert rung["dev_macro_f1"] > max(json.loads(e)["dev_macro_f1"] for e in epochs)


@pytest.mark.parametrize("name", RECIPES)
def test_every_recipe_fits_the_bundled_reviews(written, name):
    loaded = load_config(written("1m"))
    settings = dict(_recipes(loaded))[name]
    assert varied_config(loaded, settings).config


@pytest.mark.parametrize(
    ("data", "training", "expected"),
    [
        ({}, {}, ("squared_hinge", "dev_accuracy")),
        ({}, {"monitor": "dev_macro_f1"}, ("squared_hinge", "dev_macro_f1")),
        ({"label_separator": "|"}, {}, ("cross_entropy", "dev_loss")),
    ],
)
def test_margins_are_tried_for_one_label_a_text(written, data, training, expected):
    loaded = load_config(written("1m"))
    laid = {f"data.{key}": value for key, value in data.items()}
    laid |= {f"training.{key}": value for key, value in training.items()}
    varied = varied_config(loaded, laid)
    rarity = varied_config(varied, dict(_recipes(varied))["n-grams by rarity"]).config
    assert (rarity.training.loss, rarity.training.monitor) == expected
    plain = varied_config(varied, dict(_recipes(varied))["cnn"]).config
    assert plain.training.loss == "cross_entropy"


def test_what_is_written_already_is_not_tried_twice(written):
    path = written("1m")
    data = {"train": str(path.parent / "reviews.csv")}
    loaded = mapped_config({**RECOMMENDED, "data": data}, [])
    assert set(RECIPES) - set(dict(_recipes(loaded))) == {"n-grams and characters"}
    changed = mapped_config(
        {**RECOMMENDED, "data": data}, [Override.parse("text.ngrams=3")]
    )
    assert set(dict(_recipes(changed))) == set(RECIPES)
