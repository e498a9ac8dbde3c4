"""`vectors neighbours`: of a file and of a trained model."""

import json

import pytest

from textclf.cli.main import main


def neighbours(*arguments):
    return main(["vectors", "neighbours", *map(str, arguments)])


def test_a_list_a_word(path, capsys):
    assert neighbours(path, "king", "Queen", "--k", "2") == 0
    assert capsys.readouterr().out == (
        "king\n   0.816  queen\n   0.707  man\n\n"
        "Queen\n   0.816  king\n   0.816  woman\n"
    )


def test_json_and_words_that_would_harm_a_terminal(path, capsys):
    assert neighbours(path, "man", "--json", "--k", "9") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["word"] == "man"
    assert {one["word"] for one in told["neighbours"]} >= {"queen", "\x1b[31m"}
    assert neighbours(path, "man", "--k", "9") == 0
    assert "\x1b" not in capsys.readouterr().out


def test_a_trained_model_is_asked(trained, capsys):
    assert neighbours(trained("binary"), "lovely", "--k", "3") == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "lovely"
    assert len(lines) == 4
    assert {"great", "superb", "delicious"} & {line.split()[1] for line in lines[1:]}


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["kin"], 3, "did you mean king?"),
        (["king", "--k", "0"], 2, "--k"),
    ],
)
def test_what_cannot_be_asked(path, capsys, arguments, code, told):
    assert neighbours(path, *arguments) == code
    out, err = capsys.readouterr()
    assert out == ""
    assert told in err


def test_a_file_that_is_missing_or_foreign(tmp_path, capsys):
    assert neighbours(tmp_path / "absent.txt", "king") == 4
    (tmp_path / "a.csv").write_text("text,label\n")
    assert neighbours(tmp_path / "a.csv", "king") == 4
    assert neighbours("glove.6B.no-such", "king") in (2, 4)
    assert "Traceback" not in capsys.readouterr().err
