"""`vectors analogy`."""

import json

import pytest

from textclf.cli.main import main


@pytest.mark.parametrize("method", ["add", "mul"])
def test_the_answer_comes_first(path, capsys, method):
    words = ["man", "king", "woman"]
    assert main(["vectors", "analogy", str(path), *words, "--method", method]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "man is to king as woman is to"
    assert lines[1].split()[1] == "queen"


def test_json(path, capsys):
    arguments = [str(path), "man", "king", "woman", "--k", "1", "--json"]
    assert main(["vectors", "analogy", *arguments]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["a"], told["b"], told["c"]) == ("man", "king", "woman")
    assert [one["word"] for one in told["d"]] == ["queen"]


def test_an_unknown_word(path, capsys):
    assert main(["vectors", "analogy", str(path), "man", "king", "lady"]) == 3
    assert '"lady"' in capsys.readouterr().err
