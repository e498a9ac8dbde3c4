"""`vectors evaluate`."""

import json

import pytest

from textclf.cli.main import main


def evaluate(*arguments):
    return main(["vectors", "evaluate", *map(str, arguments)])


@pytest.fixture
def file(tmp_path):
    def write(text):
        path = tmp_path / "questions.txt"
        path.write_text(text)
        return path

    return write


def test_pairs(path, file, capsys):
    pairs = file("man king 5\nman woman 6\nking queen 8\nwoman queen 7\nman nobody 1\n")
    assert evaluate(path, "--pairs", pairs) == 0
    out = capsys.readouterr().out
    assert "Spearman's rho" in out and "4 of 5 (80.0%) have vectors" in out
    assert "nobody" in out
    assert evaluate(path, "--pairs", pairs, "--json") == 0
    assert json.loads(capsys.readouterr().out)["found"] == 4


@pytest.mark.parametrize("method", ["add", "mul"])
def test_analogies(path, file, capsys, method):
    questions = file(": people\nman king woman queen\nman woman king nobody\n")
    flags = ("--method", method, "--json")
    assert evaluate(path, "--analogies", questions, *flags) == 0
    (section,) = json.loads(capsys.readouterr().out)["sections"]
    assert (section["questions"], section["found"], section["right"]) == (2, 1, 1)
    assert evaluate(path, "--analogies", questions) == 0
    out = capsys.readouterr().out
    assert "people" in out and "100.0%" in out
    assert max(map(len, out.splitlines())) <= 80


@pytest.mark.parametrize(
    ("flags", "code", "told"),
    [
        ((), 2, "required"),
        (("--pairs", "absent"), 3, "absent"),
        (("--pairs", "a", "--analogies", "b"), 2, "not allowed"),
    ],
)
def test_mistakes(path, capsys, flags, code, told):
    try:
        got = evaluate(path, *flags)
    except SystemExit as left:
        got = left.code
    assert got == code
    assert told in capsys.readouterr().err
