"""The decision of a run: fitted on dev alone, obeyed by every command."""

import csv
import json

import numpy as np
import pytest

from textclf.bundle import Bundle
from textclf.cli.main import main

from .conftest import FAST, rows_of, write_csv

ABSTAINING = ("decision.abstain.coverage=0.8", "decision.metric=f1")


def train(folder, rows, name, **data):
    """Trains on files of their own; the test file has these rows."""
    third = len(rows) // 3
    parts = {"train": rows[: 2 * third], "dev": rows[2 * third :]}
    for part, some in parts.items():
        data[part] = str(write_csv(folder / f"{part}.csv", some))
    config = folder / f"{name}.yaml"
    config.write_text(json.dumps({"name": name, "data": data}), encoding="utf-8")
    run = folder / name
    words = [word for setting in (*FAST, *ABSTAINING) for word in ("--set", setting)]
    command = ["train", "--config", str(config), "--run-dir", str(run), *words]
    assert main(command) == 0
    return run


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """Two runs of the same dev texts whose test labels are each other's opposite."""
    folder, rows = tmp_path_factory.mktemp("decided"), noisy("binary")
    turned = [(text, "neg" if label == "pos" else "pos") for text, label in rows[:20]]
    tests = {"plain": rows[:20], "turned": turned}
    return {
        name: train(
            folder,
            rows[20:],
            name,
            test=str(write_csv(folder / f"{name}-test.csv", some)),
        )
        for name, some in tests.items()
    }


def noisy(task):
    """Rows of which every seventh has another row's label."""
    rows = rows_of(task)
    np.random.default_rng(1).shuffle(rows)
    labels = [label for _, label in rows]
    return [
        (text, labels[(at + 1) % len(rows)] if at % 7 == 0 else label)
        for at, (text, label) in enumerate(rows)
    ]


def answers_of(run, split):
    text = (run / f"predictions-{split}.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def test_test_labels_decide_nothing(runs):
    decisions = [Bundle.open(run / "bundle").decision for run in runs.values()]
    assert decisions[0] == decisions[1]
    assert decisions[0].temperature != 1.0
    assert len(decisions[0].thresholds) == 1
    assert decisions[0].abstain is not None
    reports = [json.loads((r / "report-test.json").read_text()) for r in runs.values()]
    assert reports[0]["accuracy"] != reports[1]["accuracy"]


def test_every_command_obeys_it(runs, capsys):
    run = runs["plain"]
    kept = answers_of(run, "test")
    assert {record["abstained"] for record in kept} <= {True, False}
    texts = [text for text, _ in noisy("binary")[:20]]
    assert main(["predict", "--run", str(run), "--json", *texts]) == 0
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    for record, same in zip(kept, told, strict=True):
        assert record["label"] == same["label"]
        assert record["abstained"] == same["abstained"]
        assert record["probability"] == pytest.approx(same["probability"], abs=1e-6)
    dev = answers_of(run, "dev")
    answered = np.mean([not record["abstained"] for record in dev])
    assert answered >= 0.8
    golden = Bundle.open(run / "bundle").golden
    assert main(["predict", "--run", str(run), "--json", *golden["texts"]]) == 0
    lines = capsys.readouterr().out.splitlines()
    again = [list(json.loads(line)["probabilities"].values()) for line in lines]
    assert np.allclose(again, golden["probabilities"], atol=1e-6)


def test_a_text_without_an_answer_says_so(runs, tmp_path, capsys):
    run, texts = str(runs["plain"]), [text for text, _ in noisy("binary")]
    assert main(["predict", "--run", run, *texts]) == 0
    assert "[abstained" in capsys.readouterr().out
    source, target = tmp_path / "texts.txt", tmp_path / "answers.csv"
    source.write_text("\n".join(texts), encoding="utf-8")
    command = ["predict", "--run", run, "--input", str(source)]
    assert main([*command, "--output", str(target)]) == 0
    with target.open(encoding="utf-8", newline="") as stream:
        marks = [row["abstained"] for row in csv.DictReader(stream)]
    assert set(marks) == {"true", "false"}


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ("decision.metric=mcc", "multiclass"),
        ("decision.metric=f2", "did you mean `f1`?"),
        ("decision.abstain={}", "one of coverage and accuracy"),
        ("decision.abstain.coverage=2", "to 1"),
        ("decision.abstain.cover=0.5", "did you mean `coverage`?"),
        ("decision.thresholds=none", "unknown key"),
    ],
)
def test_what_cannot_be_decided_is_refused_at_once(
    config, tmp_path, capsys, setting, said
):
    run = tmp_path / "run"
    command = ["train", "--config", str(config("multiclass")), "--set", setting]
    assert main([*command, "--run-dir", str(run)]) == 2
    assert said in capsys.readouterr().err
    assert not run.exists()
