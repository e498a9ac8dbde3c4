"""`vectors coverage`."""

import json

import pytest

from textclf.cli.main import main


def coverage(*arguments):
    return main(["vectors", "coverage", *map(str, arguments)])


@pytest.fixture
def data(tmp_path):
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "train.csv").write_text("text,label\nThe man is king,a\n")
    (folder / "test.csv").write_text("text,label\nwoman \x1b[2J man,b\n")
    (folder / "notes.txt").write_text("nothing to read")
    return folder


def test_each_file_of_a_folder_is_told_and_all_together(path, data, capsys):
    assert coverage(path, "--data", data, "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert [name.rpartition("/")[2] for name in told] == [
        "test.csv",
        "train.csv",
        "all",
    ]
    *_, test, train, both = told.values()
    assert both["words"] == test["words"] + train["words"]
    assert train["gains"][0]["words"] == 2
    assert {word for word, _ in train["missing"]} == {"the", "is"}


def test_lines_fit_a_terminal(path, data, capsys):
    assert coverage(path, "--data", data / "train.csv") == 0
    out = capsys.readouterr().out
    lines = out.splitlines()
    assert "50.0 %" in out
    assert all(len(line) <= 80 for line in lines if str(data) not in line)
    assert coverage(path, "--data", data / "test.csv") == 0
    assert "\x1b" not in capsys.readouterr().out


def test_capitals_and_blanks(path, data, capsys):
    flags = ["--cased", "--unit", "blanks", "--json"]
    assert coverage(path, "--data", data / "train.csv", *flags) == 0
    (told,) = json.loads(capsys.readouterr().out).values()
    assert ["The", 1] in told["missing"]


@pytest.mark.parametrize(
    ("flags", "told"),
    [(["--text", "body"], "body"), ([], "no such file")],
)
def test_what_is_not_there(path, data, capsys, flags, told):
    table = data / ("train.csv" if flags else "absent.csv")
    assert coverage(path, "--data", table, *flags) == 3
    assert told in capsys.readouterr().err
