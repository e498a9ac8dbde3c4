"""`train`: the scores it prints, the folder it leaves, the mistakes it names."""

import json
import subprocess
import sys

import numpy as np
import pytest
from safetensors.numpy import load_file

from textclf import machine
from textclf.bundle import Bundle
from textclf.cli.main import main
from textclf.run import Run

from .conftest import FAST, TASKS

SETTINGS = [word for setting in FAST for word in ("--set", setting)]


@pytest.mark.parametrize("task", TASKS)
def test_a_run_is_complete_and_its_bundle_verified(trained, task):
    run = Run.open(trained(task))
    assert run.state()["status"] == "complete"
    assert Bundle.open(run.bundle).labels.names == TASKS[task]
    names = {path.name for path in run.folder.iterdir()}
    for split in ("dev", "test"):
        assert {
            f"report-{split}.json",
            f"report-{split}.md",
            f"confusion-{split}.png",
            f"predictions-{split}.jsonl",
        } <= names
    assert {"config.yaml", "history.jsonl", "history.png", "environment.json"} <= names
    kept = {"embedding-before.safetensors", "embedding.json", "norms.png"}
    assert kept <= names
    assert "## Embedding" in (run.folder / "report-test.md").read_text("utf-8")


def test_json_is_one_object_with_both_reports(config, tmp_path, capsys):
    run = tmp_path / "run"
    arguments = ["train", "--config", str(config("binary")), "--run-dir", str(run)]
    assert main([*arguments, "--json", *SETTINGS]) == 0
    out, err = capsys.readouterr()
    result = json.loads(out)
    assert set(result) == {"run", "bundle", "seconds", "dev", "test"}
    assert result["test"]["accuracy"] == 1.0
    assert result["dev"]["n"] + result["test"]["n"] < 40
    assert result["run"] == str(run) and result["bundle"] == str(run / "bundle")
    assert "epoch   1" in err and "accuracy" not in out.split('"dev"')[0]


NGRAMS = (
    *("model.kind=ngram", "text.ngrams=3", "text.char_ngrams=[2, 4]"),
    *("embedding.init=naive_bayes", "embedding.dim=100"),  # its default
    "training.learning_rate=0.001",
)


@pytest.mark.parametrize("buckets", ["null", "5000"])
@pytest.mark.parametrize("task", TASKS)
def test_ngrams_begin_with_what_counting_tells(task, buckets, config, tmp_path, capsys):
    """One epoch of small steps: what it scores, it scored at the start."""
    more = [*NGRAMS, f"text.ngram_buckets={buckets}", "training.epochs=1"]
    words = [word for setting in more for word in ("--set", setting)]
    run = tmp_path / "run"
    arguments = ["train", "--config", str(config(task)), "--run-dir", str(run)]
    assert main([*arguments, *SETTINGS, *words, "--json"]) == 0
    out, err = capsys.readouterr()
    assert json.loads(out)["test"]["macro_f1"] > 0.85
    assert "units: " in err and "characters: " in err
    bundle = Bundle.open(run / "bundle")
    assert bundle.encoder.settings.distinct
    if task == "multiclass":
        bias = load_file(bundle.folder / "weights.safetensors")["bias/bias"]
        assert bias == pytest.approx(np.log([1 / len(bias)] * len(bias)), abs=0.3)


def test_little_data_and_too_few_epochs_are_told(config, tmp_path, capsys):
    command = ["train", "--config", str(config("binary")), "--run-dir"]
    slow = ["--set", "training.epochs=2", "--set", "training.learning_rate=0.001"]
    assert main([*command, str(tmp_path / "slow"), *slow]) == 0
    err = capsys.readouterr().err
    assert "warning: little data" in err and "dev texts, fewer than 50" in err
    assert "labels have fewer" not in err
    assert "the last epoch was the best: more of them" in err
    fast = ["--set", "training.epochs=4", "--set", "training.learning_rate=1.0"]
    assert main([*command, str(tmp_path / "fast"), *fast]) == 0
    assert "the last epoch" not in capsys.readouterr().err


def test_without_test_data_the_report_is_null(config, tmp_path, capsys):
    more = ["--set", "data.test_fraction=0", "--json"]
    arguments = ["train", "--config", str(config("binary")), *SETTINGS, *more]
    assert main([*arguments, "--run-dir", str(tmp_path / "run")]) == 0
    assert json.loads(capsys.readouterr().out)["test"] is None
    assert main(["evaluate", "--run", str(tmp_path / "run")]) == 2
    assert "--data" in capsys.readouterr().err


def test_the_same_seed_gives_the_same_bundle_and_another_seed_another(
    config, tmp_path, capsys
):
    def digest(name, seed):
        folder = tmp_path / name
        words = ["--set", f"seed={seed}", "--run-dir", str(folder), *SETTINGS]
        assert main(["train", "--config", str(config("binary")), *words]) == 0
        return (folder / "bundle" / "weights.safetensors").read_bytes()

    first = digest("a", 7)
    assert digest("b", 7) == first
    assert digest("c", 8) != first


def test_a_cache_changes_nothing_but_where_the_texts_lie(
    trained, config, tmp_path, capsys
):
    plain = Run.open(trained("multiclass"))
    cache = tmp_path / "cache"
    words = ["--set", f"data.cache={cache}", "--run-dir", str(tmp_path / "run")]
    assert (
        main(["train", "--config", str(config("multiclass")), *words, *SETTINGS]) == 0
    )
    run = Run.open(tmp_path / "run")
    for name in ("bundle/weights.safetensors", "bundle/encoder.json", "data.json"):
        assert (run.folder / name).read_bytes() == (plain.folder / name).read_bytes()
    one, other = (r.read_json("report-test.json")["accuracy"] for r in (run, plain))
    assert one == other
    assert {path.name.split("-")[0] for path in cache.iterdir()} >= {"table", "tokens"}
    assert "writing the cache" in capsys.readouterr().err
    assert main(["evaluate", "--run", str(run.folder)]) == 0
    assert "read from the cache" in capsys.readouterr().err


def test_the_predictions_on_record_give_the_scores_of_the_report(trained):
    run = Run.open(trained("multiclass"))
    lines = (run.folder / "predictions-test.jsonl").read_text("utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    right = sum(row["truth"] == row["label"] for row in rows)
    assert right / len(rows) == run.read_json("report-test.json")["accuracy"]


@pytest.mark.parametrize(
    ("settings", "code", "told"),
    [
        (["model.kind=cnnn"], 2, "cnn"),
        (["training.epocs=3"], 2, "epochs"),
        (["training.epochs=0"], 2, "1 to"),
        (["data.train=nowhere.csv"], 3, "nowhere.csv"),
        (["data.label=lable"], 3, "label"),
        (["training.learning_rate=1e9", "training.optimizer=sgd"], 5, "learning_rate"),
        (
            ["embedding.dim=4096", "text.ngrams=2", "text.ngram_buckets=90000000"],
            6,
            "GB",
        ),
        (["training.class_weight={pso: 2.0}"], 2, "pos"),
        (["embedding.init=vectors", "embedding.vectors=none.txt"], 4, "none.txt"),
    ],
)
def test_a_mistake_has_its_exit_code_and_says_what_to_do(
    config, tmp_path, capsys, settings, code, told
):
    words = [word for setting in settings for word in ("--set", setting)]
    run = tmp_path / "run"
    arguments = ["train", "--config", str(config("binary")), "--run-dir", str(run)]
    assert main([*arguments, *words]) == code
    out, err = capsys.readouterr()
    assert out == "" and "Traceback" not in err
    assert f"error[E{code}]" in err and told in err
    assert not (run / "bundle").exists()
    if code == 5:
        assert Run(run).status() == "failed"
    else:
        assert not run.exists()


@pytest.mark.parametrize(
    ("kind", "smaller"),
    [
        ("average", "embedding.dim"),
        ("cnn", "embedding.dim"),
        ("ngram", "ngram_buckets"),
    ],
)
def test_a_model_that_does_not_fit_says_what_makes_it_smaller(
    kind, smaller, config, tmp_path, capsys, monkeypatch
):
    monkeypatch.setattr(machine, "available_memory", lambda: 0)
    run = tmp_path / "run"
    arguments = ["train", "--config", str(config("binary")), "--run-dir", str(run)]
    assert main([*arguments, "--set", f"model.kind={kind}"]) == 6
    assert smaller in capsys.readouterr().err.split("fix: ")[1]


def test_a_run_folder_in_use_is_left_alone(config, tmp_path, capsys):
    (tmp_path / "mine.txt").write_text("mine")
    arguments = ["train", "--config", str(config("binary")), "--run-dir", str(tmp_path)]
    assert main(arguments) == 2
    assert "exists already" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_runs_are_numbered(config, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    arguments = ["train", "--config", str(config("binary")), *SETTINGS]
    assert main(arguments) == 0
    assert main(arguments) == 0
    assert {path.name for path in (tmp_path / "runs").iterdir()} == {
        "binary",
        "binary-2",
    }


@pytest.mark.parametrize("blocks", [24, 300])
def test_a_full_disk_is_a_resource_error_wherever_it_strikes(config, tmp_path, blocks):
    """Fault 45: the shell's limit on file sizes stands for the disk."""
    run = tmp_path / "run"
    words = " ".join(["--set embedding.dim=2000", "--set training.epochs=1"])
    command = (
        f"ulimit -f {blocks}; exec {sys.executable} -m textclf train "
        f"--config {config('binary')} --run-dir {run} {words}"
    )
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True)
    assert done.returncode == 6, done.stderr
    assert "Traceback" not in done.stderr and "cannot be written" in done.stderr
    assert not (run / "bundle").exists()


def test_published_vectors_are_taken_by_name(config, tmp_path, monkeypatch, capsys):
    folder = tmp_path / "vectors"
    folder.mkdir()
    rows = "lovely 1 0\nfilm 0 1\nawful -1 0\n"
    (folder / "glove.6B.50d.txt").write_text(rows)
    monkeypatch.setenv("TEXTCLF_VECTORS", str(folder))
    given = ("embedding.init=vectors", "embedding.dim=2", "training.epochs=1")
    named = [word for one in given for word in ("--set", one)]
    run = tmp_path / "run"
    arguments = ["train", "--config", str(config("binary")), "--run-dir", str(run)]
    arguments += [*SETTINGS, *named, "--set"]
    assert main([*arguments, "embedding.vectors=glove.6B.50d"]) == 0
    assert Run.open(run).read_json("coverage.json")["file"] == "glove.6B.50d.txt"
    assert "is not there" not in capsys.readouterr().err
    assert str(folder / "glove.6B.50d.txt") in (run / "config.yaml").read_text()


def test_published_vectors_that_are_nowhere_say_how_to_get_them(
    config, tmp_path, monkeypatch, capsys
):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv("TEXTCLF_VECTORS", raising=False)
    arguments = ["train", "--config", str(config("binary")), "--set"]
    given = "embedding.init=vectors", "--set", "embedding.vectors=glove.6B.50d"
    assert main([*arguments, *given]) == 2
    assert "textclf vectors fetch glove.6B.50d" in capsys.readouterr().err
