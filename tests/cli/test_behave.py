"""`behave`: ready suites on a trained run, own suites, and what cannot be run."""

import json
import shutil

import pytest

from textclf.cli.main import main

from .conftest import TASKS, write_csv

OWN = """
suite: own
labels: {positive: [good, pos], negative: neg}
tests:
  - name: words
    kind: minimum
    capability: vocabulary
    checks: Praise is positive.
    label: positive
    templates: ["a {fine} film"]
    words: {fine: [lovely, great, superb]}
  - name: never_true
    kind: direction
    capability: vocabulary
    checks: Nothing moves where there is no change of words.
    label: positive
    expect: rise
    margin: 0.5
    pairs: [["a lovely film", "a lovely film!"]]
"""


@pytest.fixture(scope="module")
def own(tmp_path_factory):
    path = tmp_path_factory.mktemp("suites") / "own.yaml"
    path.write_text(OWN)
    return path


def behave(run, suite, *more):
    return main(["behave", "--run", str(run), "--suite", str(suite), *more])


def test_the_suite_of_sentiment_runs_on_a_trained_run(trained, capsys):
    assert behave(trained("binary"), "sentiment", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["labels"] == {"positive": "pos", "negative": "neg"}
    assert len(told["tests"]) >= 40
    skipped = [test["name"] for test in told["tests"] if test["skipped"]]
    assert skipped == ["facts"]


@pytest.mark.parametrize("task", TASKS)
def test_the_suite_of_invariances_runs_on_dev_texts_of_any_task(trained, task, capsys):
    assert behave(trained(task), "invariance") == 0
    out, _ = capsys.readouterr()
    assert "typo_swap" in out and max(map(len, out.splitlines())) <= 80


def test_only_dev_texts_are_asked_about(trained, tmp_path, capsys):
    """Texts that the suite changed are texts of dev: none of test, none of train."""
    from textclf.behave.own_texts import dev_texts
    from textclf.config.load import load_config
    from textclf.data.dataset import load_splits
    from textclf.data.sources import read_sources
    from textclf.run import Run

    run = Run.open(trained("binary"))
    config = load_config(run.folder / "config.yaml").config
    tables = read_sources(config.data, folders=())
    splits = load_splits(config.data, tables, seed=config.seed)
    got = dev_texts(run, config, tables)
    assert list(got) == list(splits.dev.texts)
    assert not set(got) & {*splits.test.texts, *splits.train.texts}


def test_strict_ends_with_3_and_prints_all_the_same(trained, own, capsys):
    assert behave(trained("binary"), own, "--strict") == 3
    out, err = capsys.readouterr()
    assert "1 pass, 1 fail" in out
    assert "error[E3] own: 1 of 2 tests fail: never_true" in err
    assert behave(trained("binary"), own) == 0


def test_results_are_written_outside_the_run_only(trained, own, tmp_path, capsys):
    run = trained("binary")
    before = sorted(path.name for path in run.iterdir())
    for name in ("b.json", "b.md", "b.html"):
        assert behave(run, own, "--output", str(tmp_path / name)) == 0
    assert json.loads((tmp_path / "b.json").read_text("utf-8"))["suite"] == "own"
    assert (tmp_path / "b.md").read_text("utf-8").startswith("# own: 2 tests")
    assert behave(run, own, "--output", str(run / "b.json")) == 2
    assert "never changes" in capsys.readouterr().err
    assert sorted(path.name for path in run.iterdir()) == before


@pytest.mark.parametrize(
    ("more", "told"),
    [
        (["--label", "positive=neg", "--label", "negative=pos"], None),
        (["--label", "positive=happy"], "got no label happy"),
        (["--label", "positive"], "expected KEY=NAME"),
        (["--label", "positive=a", "--label", "positive=b"], "twice"),
        (["--label", "postive=pos"], "did you mean `positive`"),
        (["--examples", "-1"], "expected 0 to"),
        (["--output", "x.txt"], "expected one of .html, .json, .md"),
        (["--output", "nowhere/x.md"], "no such folder"),
    ],
)
def test_flags_are_checked(trained, own, more, told, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code = behave(trained("binary"), own, *more)
    assert code == (0 if told is None else 2)
    assert (told or "") in capsys.readouterr().err


def test_labels_that_do_not_fit_say_what_to_do(trained, capsys):
    assert behave(trained("multilabel"), "sentiment") == 0
    capsys.readouterr()
    path = trained("multiclass")
    assert behave(path, "sentiment", "--label", "neutral=nil") == 2
    err = capsys.readouterr().err
    assert "got no label nil for `neutral`" in err and "--label neutral=NAME" in err


def test_a_bundle_alone_takes_texts_of_a_file(trained, tmp_path, capsys):
    bundle = tmp_path / "bundle"
    shutil.copytree(trained("binary") / "bundle", bundle)
    assert behave(bundle, "invariance") == 0
    out, err = capsys.readouterr()
    assert "13 left out" in out and "--texts" in err
    texts = write_csv(tmp_path / "t.csv", [("a lovely Film, 3 times", "x")])
    assert behave(bundle, "invariance", "--texts", str(texts)) == 0
    assert "9 left out" not in capsys.readouterr().out
    empty = write_csv(tmp_path / "e.csv", [])
    assert behave(bundle, "invariance", "--texts", str(empty)) == 3


def test_dev_data_that_changed_are_refused(config, data, tmp_path, capsys):
    text = config("binary").read_text("utf-8")
    source = tmp_path / "data.csv"
    shutil.copy(data("binary"), source)
    path, run = tmp_path / "c.yaml", tmp_path / "run"
    path.write_text(text.replace(str(data("binary")), str(source)), "utf-8")
    command = ["train", "--config", str(path), "--run-dir", str(run)]
    assert main([*command, "--set", "training.epochs=1"]) == 0
    source.write_text(source.read_text("utf-8").replace("number", "count"), "utf-8")
    assert behave(run, "invariance") == 3
    assert "other dev data" in capsys.readouterr().err


def test_a_suite_with_a_mistake_is_refused_before_the_model_is_loaded(tmp_path, capsys):
    path = tmp_path / "s.yaml"
    path.write_text(OWN.replace("kind: minimum", "kind: minimun"))
    assert behave(tmp_path, path) == 2
    assert "s.yaml:6: tests.0.kind" in capsys.readouterr().err
    assert behave(tmp_path, "sentimnt") == 2
    assert "did you mean sentiment" in capsys.readouterr().err
    assert behave(tmp_path, "sentiment") == 4
