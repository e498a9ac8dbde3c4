"""`init`: what it writes trains as it is."""

import json

import pytest

from textclf.cli.main import main
from textclf.config.load import load_config

from .conftest import FAST, TASKS, rows_of, write_csv


@pytest.mark.parametrize("task", TASKS)
def test_what_it_writes_trains(task, data, tmp_path, capsys, monkeypatch):
    output = tmp_path / "config.yaml"
    assert main(["init", str(data(task)), "--output", str(output)]) == 0
    out, err = capsys.readouterr()
    assert out.strip() == str(output) and "rows of csv" in err
    settings = [each for each in FAST if not each.startswith("embedding.dim")]
    words = [word for setting in settings for word in ("--set", setting)]
    monkeypatch.chdir(tmp_path)
    assert main(["train", "--config", str(output), *words, "--json"]) == 0
    report = json.loads(capsys.readouterr().out)["test"]
    assert report["task"] == task and report["n"] > 5


def test_another_kind_may_be_chosen_later(data, tmp_path, capsys):
    output = tmp_path / "config.yaml"
    assert main(["init", str(data("binary")), "--output", str(output)]) == 0
    assert load_config(output).config.text.distinct is True
    other = ["model.kind=average", "embedding.init=random"]
    assert load_config(output, other).config.text.distinct is False


def test_it_says_which_recipe_and_why(data, tmp_path, capsys):
    output = tmp_path / "config.yaml"
    assert main(["init", str(data("binary")), "--output", str(output)]) == 0
    err = capsys.readouterr().err
    assert "- recipe: the recommended one" in err and "half of the texts" in err
    assert "# How a text becomes integer ids. Recipe: " in output.read_text("utf-8")


def test_a_folder_with_split_files_uses_them(tmp_path, capsys):
    rows = rows_of("binary")
    for split, part in (
        ("train", rows[:60]),
        ("dev", rows[60:70]),
        ("test", rows[70:]),
    ):
        write_csv(tmp_path / f"{split}.csv", part)
    output = tmp_path / "config.yaml"
    assert main(["init", str(tmp_path), "--output", str(output)]) == 0
    found = load_config(output).config.data
    assert (found.train, found.dev, found.test) == ("train.csv", "dev.csv", "test.csv")
    assert found.test_fraction == 0


def test_class_folders_and_other_column_names(tmp_path, capsys):
    for name, words in (("spam", "win cash now"), ("ham", "see you at noon")):
        (tmp_path / "mail" / name).mkdir(parents=True)
        for number in range(15):
            text = f"{words} {number}"
            (tmp_path / "mail" / name / f"{number}.txt").write_text(text, "utf-8")
    assert main(["init", str(tmp_path / "mail"), "--output", str(tmp_path / "a")]) == 0
    path = tmp_path / "odd.tsv"
    lines = [f"{i}\t{'good' if i % 2 else 'bad'}\ttext number {i}" for i in range(40)]
    path.write_text("id\tverdict\tbody\n" + "\n".join(lines) + "\n", "utf-8")
    assert main(["init", str(path), "--output", str(tmp_path / "b")]) == 0
    found = load_config(tmp_path / "b").config.data
    assert (found.text, found.label) == ("body", "verdict")


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ("fine,a\n", "1 row of csv; 1 label: a 1\n"),
        ("fine,a\nbad,a\n", "2 rows of csv; 1 label: a 2\n"),
        ("fine,a\nbad,b\n", "2 rows of csv; 2 labels: a 1, b 1\n"),
    ],
)
def test_a_single_label_is_warned_of(tmp_path, capsys, rows, told):
    (tmp_path / "a.csv").write_text(f"text,label\n{rows}", "utf-8")
    output = tmp_path / "config.yaml"
    assert main(["init", str(tmp_path / "a.csv"), "--output", str(output)]) == 0
    err = capsys.readouterr().err
    assert told in err
    warned = "warning: training needs at least 2 labels: add rows of another one"
    assert (warned in err) == ("1 label:" in told)


def test_a_file_without_rows_is_told_from_its_header(tmp_path, capsys):
    (tmp_path / "a.csv").write_text("text,label\n", "utf-8")
    output = tmp_path / "config.yaml"
    assert main(["init", str(tmp_path / "a.csv"), "--output", str(output)]) == 3
    assert "a.csv: got no rows below the header" in capsys.readouterr().err
    assert not output.exists()


def test_an_existing_file_stays_unless_forced(data, tmp_path, capsys):
    output = tmp_path / "config.yaml"
    output.write_text("mine", "utf-8")
    assert main(["init", str(data("binary")), "--output", str(output)]) == 2
    assert output.read_text("utf-8") == "mine"
    assert "--force" in capsys.readouterr().err
    assert main(["init", str(data("binary")), "--output", str(output), "--force"]) == 0
    assert output.read_text("utf-8") != "mine"


def test_another_encoding_is_read_and_written(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    rows = "".join(f"ein schönes Buch {n},gut\nübel {n},schlecht\n" for n in range(20))
    (tmp_path / "de.csv").write_text(f"text,label\n{rows}", "latin-1")
    assert main(["init", "de.csv"]) == 3
    assert "with init by --encoding" in capsys.readouterr().err
    assert main(["init", "de.csv", "--encoding", "latin-1"]) == 0
    assert load_config(tmp_path / "config.yaml").config.data.encoding == "latin-1"
    assert main(["init", "de.csv", "--encoding", "latin-one", "--force"]) == 2


def test_data_given_as_a_configuration_point_to_it(data, capsys):
    assert main(["train", "--config", str(data("binary"))]) == 2
    told = capsys.readouterr().err
    assert "got a file of texts" in told and "textclf init" in told
