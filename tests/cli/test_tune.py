"""`textclf tune`: it searches, goes on, and leaves the test texts alone."""

import csv
import json
from pathlib import Path

import pytest

import textclf
from textclf.cli.main import main
from textclf.config.load import load_config
from textclf.study.saved import records_of
from textclf.study.tune import metric_for

CONFIG = """\
name: small
data: {train: reviews.csv, test_fraction: 0.2}
embedding: {dim: 4}
model: {kind: average}
regularisation: {dropout: 0.0}
training: {epochs: 2, learning_rate: 0.0001, batch_size: 16}
"""
SEARCH = ["--search", "training.learning_rate={log: [0.0001, 0.3]}"]
LIMITS = ["--trials", "5", "--seeds", "3", "--workers", "1", "--json"]


@pytest.fixture(scope="module")
def searched(tmp_path_factory: pytest.TempPathFactory):
    """A folder with some of the bundled reviews, and a search that ran there."""
    folder = tmp_path_factory.mktemp("tune")
    source = Path(textclf.__file__).parent / "data" / "sample" / "reviews.csv"
    with source.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.reader(stream))
    with (folder / "reviews.csv").open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([rows[0], *rows[1 :: len(rows) // 160]])
    (folder / "c.yaml").write_text(CONFIG)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        assert main(["tune", "--config", "c.yaml", *SEARCH, *LIMITS]) == 0
    return folder


@pytest.fixture
def place(searched, monkeypatch):
    monkeypatch.chdir(searched)
    return searched


def test_the_best_settings_are_written_and_can_be_trained(place):
    before, after = load_config(Path("c.yaml")), load_config(_tuned())
    assert after.config.training.learning_rate > 0.0001
    kept = before.resolved().model_dump()
    kept["training"]["learning_rate"] = after.config.training.learning_rate
    assert after.config.model_dump() == kept


def test_leading_settings_get_more_folds_and_what_was_written_is_among_them(place):
    records = records_of(Path("studies/tune-small"))
    assert {record.trial.kind for record in records} == {"trial"}
    folds = {}
    for record in records:
        folds.setdefault(str(record.trial.cell), []).append(record.trial.seed)
    assert folds["learning_rate=0.0001"] == [0, 1, 2]
    assert len(folds) == 5
    assert sorted(map(len, folds.values())) in ([1, 1, 3, 3, 3], [1, 3, 3, 3, 3])


def test_it_goes_on_and_tells_the_same(place, capsys):
    before = len(records_of(Path("studies/tune-small")))
    assert main(["tune", "--config", "c.yaml", *SEARCH, *LIMITS]) == 0
    found = json.loads(capsys.readouterr().out)
    assert len(records_of(Path("studies/tune-small"))) == before
    assert found["tried"] == 5 and found["first"]["folds"] == 3
    assert found["effect"]["difference"] > 0
    means = [standing["mean"] for standing in found["best"]]
    assert means == sorted(means, reverse=True)
    assert main(["tune", "--config", "c.yaml", *SEARCH, *LIMITS[:-1]]) == 0
    told = capsys.readouterr().out
    assert "test texts not touched" in told and "as it was" in told
    assert f"next: python -m textclf train --config {_tuned()}" in told


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        (["--trials", "0"], "--trials: got 0"),
        (["--search", "embedding.dims"], "did you mean embedding.dim"),
        (["--budget", "soon"], "--budget"),
        (["--set", "training.epochs=0"], "training.epochs"),
        (
            ["--set", "training.refit=true"]
            + ["--search", "training.schedule=[constant, plateau]"],
            "set schedule to constant, linear or cosine",
        ),
    ],
)
def test_mistakes_are_told_before_anything_is_trained(place, capsys, flags, said):
    assert main(["tune", "--config", "c.yaml", "--run-dir", "other", *flags]) == 2
    assert said in capsys.readouterr().err
    assert not Path("other").exists()


def test_a_second_training_is_left_out_of_trials_and_kept_in_what_is_written(
    place, capsys
):
    flags = ["--trials", "2", "--seeds", "1", "--workers", "1", "--run-dir", "again"]
    own = ["--set", "training.refit=true"]
    assert main(["tune", "--config", "c.yaml", *own, *SEARCH, *flags]) == 0
    told = capsys.readouterr().err
    assert told.count("trials train once: training.refit is left out") == 1
    assert load_config(Path("again/tuned.yaml")).config.training.refit
    # A trial that trains once is one and the same, whatever follows the search.
    plain = {record.trial.identity for record in records_of(Path("studies/tune-small"))}
    assert {r.trial.identity for r in records_of(Path("again"))} <= plain


def _tuned():
    return Path("studies/tune-small/tuned.yaml")


@pytest.mark.parametrize(
    ("settings", "metric"),
    [
        ("", "accuracy"),
        ("training: {monitor: dev_macro_f1}", "macro_f1"),
        ("training: {monitor: dev_macro_f1}\nlabels: several", "log_loss"),
    ],
)
def test_settings_are_compared_by_what_suits_the_labels(tmp_path, settings, metric):
    several = ", label_separator: '|'" if "several" in settings else ""
    text = f"data: {{train: t.csv{several}}}\n{settings}".replace("labels: several", "")
    (tmp_path / "c.yaml").write_text(text)
    assert metric_for(load_config(tmp_path / "c.yaml").config) == metric
