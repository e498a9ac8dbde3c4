"""`explain`: from arguments and pipes, to lines, JSON and a page."""

import json
import re
import shutil

import pytest

from textclf.cli.main import main

from .conftest import TASKS

TEXTS = ["a lovely film", "rude waiter", "", "zzz qqq", "=1+1;\r\x1b[31m<script>"]


def explain(run, *arguments):
    return main(["explain", "--run", str(run), *map(str, arguments)])


@pytest.mark.parametrize("method", ["gradients", "occlusion"])
@pytest.mark.parametrize("task", TASKS)
def test_json_is_a_line_a_text(trained, task, method, capsys):
    assert explain(trained(task), "--json", "--method", method, *TEXTS) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [row["text"] for row in rows] == TEXTS
    for row in rows:
        assert row["label"] in TASKS[task] and row["method"] == method
        for span in row["spans"]:
            assert 0 <= span["start"] < span["end"] <= len(row["text"])
        if method == "gradients":
            added = sum(span["score"] for span in row["spans"])
            assert added == pytest.approx(row["total"] - row["base"], abs=2e-3)
            assert row["complete"]
    assert rows[2]["silent"] and rows[3]["unknown"] == ["zzz", "qqq"]


def test_the_words_that_decide_come_first(trained, capsys):
    assert explain(trained("binary"), "lovely film") == 0
    out = capsys.readouterr().out
    lines = out.splitlines()
    assert lines[0].startswith("pos  0.") and "lovely" in lines[2]
    assert re.search(r"log-odds of pos: .*without\s+words.*by\s+words", out, re.DOTALL)
    assert "\x1b" not in out


def test_odd_texts_cannot_steer_a_terminal(trained, capsys):
    assert explain(trained("binary"), *TEXTS) == 0
    out = capsys.readouterr().out
    assert "\x1b" not in out and "\r" not in out
    assert out.count("answers without evidence") >= 2


@pytest.mark.parametrize(
    ("variables", "coloured"), [({}, True), ({"NO_COLOR": "1"}, False)]
)
def test_colours_are_for_terminals_that_want_them(
    trained, variables, coloured, monkeypatch, capsys
):
    for name in ("NO_COLOR", "TERM"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    monkeypatch.setenv("COLUMNS", "40")
    assert explain(trained("binary"), TEXTS[0] + " and the dull plot" * 4) == 0
    out = capsys.readouterr().out
    assert ("\x1b[38;5;16;48;5;" in out) == coloured
    assert ("towards pos" in out) == coloured
    plain = re.sub(r"\x1b\[[0-9;]*m", "", out)
    assert max(map(len, plain.splitlines())) <= 40
    assert not coloured or "lovely⁺" in plain


def test_a_label_is_chosen_and_checked(trained, capsys):
    assert explain(trained("multiclass"), "--label", "neg", TEXTS[0]) == 0
    assert "explained: neg" in capsys.readouterr().out
    assert explain(trained("multiclass"), "--label", "negg", TEXTS[0]) == 2
    assert "did you mean neg?" in capsys.readouterr().err


def test_a_page_is_written_whole_and_runs_nothing(trained, tmp_path, capsys):
    page = tmp_path / "why.html"
    assert explain(trained("binary"), "--html", page, *TEXTS) == 0
    said = capsys.readouterr()
    assert said.out == "" and "5 texts" in said.err
    html = page.read_text("utf-8")
    assert "<script" not in html and "\x1b" not in html and html.count("<h2") == 5
    assert [entry.name for entry in tmp_path.iterdir()] == ["why.html"]
    assert explain(trained("binary"), "--html", page, "--json", "a") == 2
    assert explain(trained("binary"), "--html", tmp_path / "no" / "a.html", "a") == 2


def test_texts_come_from_a_pipe(trained, tmp_path, monkeypatch, capsys):
    lines = tmp_path / "lines"
    lines.write_text("a great plot\ndull soup", encoding="utf-8")
    with lines.open() as stream:
        monkeypatch.setattr("sys.stdin", stream)
        assert explain(trained("binary"), "--json") == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [row["label"] for row in rows] == ["pos", "neg"]


def test_a_bundle_alone_is_enough(trained, tmp_path, capsys):
    moved = tmp_path / "moved"
    shutil.copytree(trained("binary") / "bundle", moved)
    assert explain(moved, "--json", "a great plot") == 0
    assert json.loads(capsys.readouterr().out)["label"] == "pos"
    assert explain(tmp_path / "nothing", "a") == 4


@pytest.mark.parametrize("task", TASKS)
def test_the_whole_model_is_told_from_its_dev_texts(trained, task, capsys):
    assert explain(trained(task), "--global", "--json", "--top", 3) == 0
    found = json.loads(capsys.readouterr().out)
    assert [one["label"] for one in found["labels"]] == list(TASKS[task])
    assert found["where"] == "dev texts" and found["texts"] == found["of"]
    for one in found["labels"]:
        assert len(one["words"]) <= 3
        assert all(w["texts"] >= 3 and w["mean"] > 0 for w in one["words"])
    assert explain(trained(task), "--global") == 0
    assert "dev texts" in capsys.readouterr().out


def test_the_whole_model_is_told_from_a_file_and_as_a_page(trained, tmp_path, capsys):
    texts, page = tmp_path / "texts.csv", tmp_path / "all.html"
    rows = [f"a lovely film {n}\nrude soup {n}\n" for n in range(5)]
    texts.write_text("text\n" + "".join(rows), encoding="utf-8")
    bundle = trained("binary") / "bundle"
    assert explain(bundle, "--global", "--input", texts, "--label", "pos") == 0
    out = capsys.readouterr().out
    assert "10 of 10 texts of texts.csv" in out and "lovely" in out
    assert explain(bundle, "--global", "--input", texts, "--html", page) == 0
    assert "lovely" in page.read_text("utf-8")


@pytest.mark.parametrize("task", TASKS)
def test_training_texts_like_a_text_are_found_where_they_stand(
    trained, data, task, capsys
):
    assert explain(trained(task), "--similar", "--json", "--top", 4, TEXTS[0], "") == 0
    one, empty = map(json.loads, capsys.readouterr().out.splitlines())
    lines = data(task).read_text("utf-8").splitlines()
    assert len(one["similar"]) == 4 and empty["similar"] == []
    for found in one["similar"]:
        path, _, line = found["places"][0].rpartition(":")
        assert path == str(data(task)) and found["text"] in lines[
            int(line) - 1
        ].replace('"', "")
    assert explain(trained(task), "--similar", *TEXTS) == 0
    assert "most similar of" in capsys.readouterr().out


def test_a_page_shows_both_the_words_and_the_training_texts(trained, tmp_path, capsys):
    page = tmp_path / "why.html"
    assert explain(trained("binary"), "--similar", "--html", page, *TEXTS[:2]) == 0
    html = page.read_text("utf-8")
    assert html.count("Training texts most like it") == 2 and "<mark" in html


@pytest.mark.parametrize("question", ["--similar", "--global"])
def test_other_data_and_missing_data_are_told(
    trained, data, question, tmp_path, capsys
):
    run = tmp_path / "run"
    shutil.copytree(trained("binary"), run)
    config, moved = run / "config.yaml", tmp_path / "moved.csv"
    config.write_text(
        config.read_text("utf-8").replace(str(data("binary")), str(moved))
    )
    words = ["a great plot"] if question == "--similar" else []
    assert explain(run, question, *words) == 3
    assert f"no such file or folder: {moved}" in capsys.readouterr().err
    moved.write_text(data("binary").read_text("utf-8").replace("a ", "one "))
    assert explain(run, question, *words) == 3
    said = capsys.readouterr()
    assert "than the run was trained with" in said.err and said.out == ""


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--global", "text"], "--input"),
        (["--global", "--method", "occlusion"], "gradients"),
        (["--global", "--label", "poss"], "did you mean pos?"),
        (["--global", "--most", "0"], "at least 1"),
        (["--similar", "--top", "0", "a"], "at least 1"),
        (["--similar", "--label", "pos", "a"], "--html"),
        (["--input", "texts.csv", "a"], "--global"),
        (["--global", "--html", "a.html", "--json"], "one of them"),
    ],
)
def test_questions_that_do_not_go_together_are_refused(
    trained, arguments, told, capsys
):
    assert explain(trained("binary"), *arguments) == 2
    assert told in capsys.readouterr().err


@pytest.mark.parametrize("question", ["--similar", "--global"])
def test_a_bundle_alone_has_no_texts(trained, question, capsys):
    assert explain(trained("binary") / "bundle", question) == 2
    assert "a bundle alone" in capsys.readouterr().err


def test_odd_characters_of_a_file_reach_no_terminal(trained, tmp_path, capsys):
    texts = tmp_path / "texts.jsonl"
    line = json.dumps({"text": "a lovely \x1b[31mfilm\u202e <script>"})
    texts.write_text(f"{line}\n" * 4, encoding="utf-8")
    asked = (trained("binary"), "--global", "--input", texts)
    for more in ((), ("--json",)):
        assert explain(*asked, *more) == 0
        out = capsys.readouterr().out
        assert "lovely" in out and "\x1b" not in out
