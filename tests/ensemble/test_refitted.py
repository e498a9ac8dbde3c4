"""Ensembles of models that learnt from their dev texts in the end."""

import json
import shutil

import numpy as np
import pytest

from tests.cli.conftest import write_csv
from textclf.bundle import Bundle
from textclf.cli.main import main
from textclf.config.load import load_config
from textclf.ensemble.bundle import EnsembleBundle
from textclf.ensemble.ensemble import answerer_of, open_any
from textclf.run import Run

# Of the two words that tell the label each model reads one.
KINDS = ("head", "tail")
SETTINGS = {
    "model.kind": "ngram",
    "embedding.init": "naive_bayes",
    "text.max_length": 1,
    "training.epochs": 3,
    "training.batch_size": 16,
    "training.learning_rate": 0.05,
}
ANSWERS = "predictions-dev.jsonl"
TELLING, LABELS = ("bad", "good"), ("neg", "pos")
NOTE = (
    "2 of 2 models learnt from the dev texts in a second training; weights, decision "
    "and dev report are of what they answered before"
)


def rows(name, count):
    """Texts whose first and last word each tell the label three times of four."""
    rng, made = np.random.default_rng(len(name)), []
    for number in range(count):
        wrong = rng.random(2) < 0.25
        first, last = (TELLING[(number + int(odd)) % 2] for odd in wrong)
        made.append((f"{first} {name} {number} {last}", LABELS[number % 2]))
    return made


TRAIN, DEV, TEST = rows("train", 80), rows("dev", 40), rows("test", 40)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with two runs, each also with `training.refit`."""
    path = tmp_path_factory.mktemp("runs")
    for name, rows in {"train": TRAIN, "dev": DEV, "test": TEST}.items():
        write_csv(path / f"{name}.csv", rows)
    files = {name: f"{name}.csv" for name in ("train", "dev", "test")}
    (path / "c.yaml").write_text(json.dumps({"data": files}), "utf-8")
    for kind in KINDS:
        for again in (False, True):
            own = SETTINGS | {"text.truncate": kind, "training.refit": again}
            words = [f"{key}={json.dumps(value)}" for key, value in own.items()]
            sets = [word for setting in words for word in ("--set", setting)]
            run = str(path / (f"{kind}-again" if again else kind))
            command = ["train", "--config", str(path / "c.yaml"), "--run-dir", run]
            assert main([*command, *sets]) == 0
    return path


@pytest.fixture(scope="module")
def joined(folder):
    """Joins runs by their names; returns the run."""

    def join(*names):
        target = folder / "-and-".join(names)
        if not target.exists():
            runs = [str(folder / name) for name in names]
            assert main(["ensemble", *runs, "--run-dir", str(target)]) == 0
        return Run.open(target)

    return join


def test_what_dev_texts_decide_is_that_of_the_first_models(joined):
    again, first = joined("head-again", "tail-again"), joined("head", "tail")
    for name in ("bundle/weights.json", "bundle/decision.json", ANSWERS):
        one, other = (run.folder / name for run in (again, first))
        assert one.read_bytes() == other.read_bytes()
    told, report = (run.read_json("report-dev.json") for run in (again, first))
    assert told.pop("notes") == [NOTE, *report.pop("notes")]
    assert told == report


def test_what_is_joined_and_judged_by_test_texts_are_the_final_models(joined, folder):
    run = joined("head-again", "tail-again")
    bundle = open_any(run.bundle)
    assert isinstance(bundle, EnsembleBundle)
    assert [model.digest for model in bundle.models] == [
        Bundle.open(folder / f"{kind}-again" / "bundle").digest for kind in KINDS
    ]
    loaded = answerer_of(bundle)
    assert _kept(run, "test") == [*loaded.predict([t for t, _ in TEST]).records()]
    assert _kept(run, "dev") != [*loaded.predict([t for t, _ in DEV]).records()]
    floors = [
        run.read_json("report-test.json")["floor"],
        Run.open(folder / "head-again").read_json("report-test.json")["floor"],
    ]
    assert floors[0] == floors[1]


def test_the_run_says_it_once(joined, capsys):
    run = joined("head-again", "tail-again")
    notes = run.read_json("data.json")["notes"]
    assert [note for note in notes if "dev texts" in note] == [NOTE]
    assert not any("dev texts" in n for n in run.read_json("report-test.json")["notes"])
    capsys.readouterr()
    assert main(["show", str(run.folder)]) == 0
    assert "learnt from the dev texts" in capsys.readouterr().out


def test_a_refitted_one_among_others_decides_the_floor(joined, folder):
    mixed = joined("head", "tail-again")
    floors = [
        run.read_json("report-test.json")["floor"]
        for run in (mixed, *map(Run.open, (folder / "tail-again", folder / "head")))
    ]
    assert floors[0] == floors[1] != floors[2]
    assert load_config(mixed.folder / "config.yaml").config.training.refit
    weights, first = (
        json.loads((run.bundle / "weights.json").read_text("utf-8"))["weights"]
        for run in (mixed, joined("head", "tail"))
    )
    assert np.array_equal(weights, first)
    assert main(["evaluate", "--run", str(mixed.folder)]) == 0


@pytest.mark.parametrize(
    ("harm", "told"),
    [
        (lambda path: path.unlink(), "got no answers to the dev texts"),
        (
            lambda path: path.write_text(
                "".join(path.read_text("utf-8").splitlines(True)[:-1]), "utf-8"
            ),
            "got answers to other dev texts",
        ),
        (lambda path: path.write_text("{"), "got no answers"),
    ],
)
def test_without_the_first_answers_there_is_a_way_on(
    folder, tmp_path, capsys, harm, told
):
    copy = tmp_path / "copy"
    shutil.copytree(folder / "head-again", copy)
    harm(copy / ANSWERS)
    runs = [str(copy), str(folder / "tail-again")]
    assert main(["ensemble", *runs, "--run-dir", str(tmp_path / "x")]) == 4
    said = capsys.readouterr().err
    assert told in said and str(copy) in said
    assert "fix: train it again, or leave it out" in said
    assert not (tmp_path / "x").exists()


def _kept(run, split):
    lines = (run.folder / f"predictions-{split}.jsonl").read_text("utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    return [{k: v for k, v in row.items() if k not in ("row", "truth")} for row in rows]
