"""`show` and `data`."""

import json
import re
import shutil

import pytest

from textclf.cli.main import main

from .conftest import TASKS


@pytest.mark.parametrize("task", TASKS)
def test_show_tells_data_model_scores_and_versions(trained, task, capsys):
    assert main(["show", str(trained(task))]) == 0
    out = capsys.readouterr().out
    titles = ("run", "data", "model", "training", "embedding", "scores", "versions")
    for title in titles:
        assert f"\n{title}\n" in f"\n{out}"
    assert task in out and "floor reaches" in out and "keras" in out
    assert "moved most (norm before → after): " in out


@pytest.mark.parametrize(
    ("buckets", "told"),
    [(None, r"words and [1-9]\d* n-grams\n"), (500, "words and 500 buckets")],
)
def test_show_counts_n_grams(config, tmp_path, capsys, buckets, told):
    settings = {"ngrams": 2, "ngram_buckets": buckets}
    model = {"text": settings, "model": {"kind": "ngram"}, "training": {"epochs": 1}}
    path, run = config("binary", **model), str(tmp_path / "run")
    assert main(["train", "--config", str(path), "--run-dir", run]) == 0
    capsys.readouterr()
    assert main(["show", run]) == 0
    assert re.search(told, capsys.readouterr().out)


def test_what_is_watched_is_told_of_each_epoch_and_shown(config, tmp_path, capsys):
    training = {"epochs": 2, "monitor": "dev_macro_f1"}
    path, run = config("binary", training=training), str(tmp_path / "run")
    assert main(["train", "--config", str(path), "--run-dir", run]) == 0
    told = re.findall(
        r"^epoch .* accuracy \S+ macro F1 (\S+) ", capsys.readouterr().err, re.M
    )
    assert len(told) == 2
    assert main(["show", run]) == 0
    (shown,) = re.findall(r"dev macro F1 (\S+)$", capsys.readouterr().out, re.M)
    assert shown == max(told)


def test_show_tells_what_a_bundle_alone_knows(trained, tmp_path, capsys):
    run = trained("multiclass")
    shutil.copytree(run / "bundle", tmp_path / "shipped")
    assert main(["show", str(tmp_path / "shipped")]) == 0
    out = capsys.readouterr().out
    assert "average, multiclass, 3 labels" in out and "temperature" in out
    assert ", ".join(sorted(TASKS["multiclass"])) in out
    digest = out.rpartition("sha256 ")[2].strip()
    assert main(["show", str(run)]) == 0
    assert f"sha256 {digest}" in capsys.readouterr().out
    (tmp_path / "empty").mkdir()
    assert main(["show", str(tmp_path / "empty")]) == 4


@pytest.mark.parametrize("columns", [40, 60])
def test_show_fits_the_terminal(trained, capsys, monkeypatch, columns):
    run = trained("binary")
    monkeypatch.setattr("textclf.cli.show.width", lambda: columns)
    assert main(["show", str(run)]) == 0
    sections, _, more = capsys.readouterr().out.partition("\nmore\n")
    wide = [line for line in sections.splitlines() if len(line) > columns]
    assert all(" " not in line.strip() for line in wide)  # a path, a hash: whole
    assert more.strip().endswith(f"textclf report {run}")


def test_the_list_has_the_promised_names_and_knows_what_is_here(capsys):
    assert main(["data", "list", "--json"]) == 0
    listed = {row["name"]: row for row in json.loads(capsys.readouterr().out)}
    promised = (
        "mr sst1 sst2 subj trec imdb ag_news banking77 go_emotions sms_spam "
        "twenty_newsgroups reuters_r8 chnsenticorp tweet_emotion germeval2018 sample"
    )
    assert set(promised.split()) <= set(listed)
    assert listed["sample"]["here"] is True
    for name in set(listed) - {"sample"}:
        assert all(a.startswith("https://") for a in listed[name]["sources"])
        assert listed[name]["licence"] and listed[name]["task"]
    assert main(["data", "list"]) == 0
    assert "multi-label" in capsys.readouterr().out


def test_where_finds_a_folder_of_data_sets(shared, capsys):
    place = ["--data-dir", str(shared / "data")]
    assert main(["data", "where", "sst2", *place]) == 0
    assert "train.csv" in capsys.readouterr().out
    assert main(["data", "where", "imbd", *place]) == 2
    assert "imdb" in capsys.readouterr().err


def test_what_is_nowhere_says_how_to_get_it(tmp_path, capsys, monkeypatch):
    monkeypatch.delenv("TEXTCLF_DATA", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert main(["data", "where", "sst2"]) == 3
    assert "data fetch sst2" in capsys.readouterr().err
