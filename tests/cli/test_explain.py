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
