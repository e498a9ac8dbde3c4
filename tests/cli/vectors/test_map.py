"""`vectors map`: of a file and of a run, the most frequent or chosen words."""

import json

import pytest
from PIL import Image

from textclf.cli.main import main


def drawn(*arguments):
    return main(["vectors", "map", *map(str, arguments)])


def test_a_file(path, tmp_path, capsys):
    picture = tmp_path / "map.png"
    assert drawn(path, "--output", picture) == 0
    out = capsys.readouterr().out
    assert out.startswith(f"{picture}: 5 words\n  PCA: the axes hold ")
    with Image.open(picture) as image:
        assert image.format == "PNG"


def test_chosen_words_of_a_file_in_any_case(path, tmp_path, capsys):
    arguments = [path, "QUEEN", "man", "king", "man", "--output", tmp_path / "map.png"]
    assert drawn(*arguments, "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert [row["word"] for row in told["words"]] == ["queen", "man", "king"]


def test_words_may_follow_flags(path, tmp_path, capsys):
    arguments = ["--output", tmp_path / "map.png", "man", "--json", "king", "queen"]
    assert drawn(path, *arguments) == 0
    told = json.loads(capsys.readouterr().out)
    assert [row["word"] for row in told["words"]] == ["man", "king", "queen"]


@pytest.mark.parametrize("method", ["pca", "tsne"])
def test_a_run_has_places_before_and_after(trained, tmp_path, capsys, method):
    picture = tmp_path / "map.png"
    arguments = [trained("binary"), "--output", picture, "--method", method]
    assert drawn(*arguments, "--words", 12, "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["method"] == method and told["file"] == str(picture)
    assert len(told["words"]) == 12
    assert set(told["words"][0]) == {"word", "at", "before", "lean"}
    with Image.open(picture) as image:
        assert image.width > 1.4 * image.height


def test_the_words_say_what_the_labels_mean(trained, tmp_path, capsys):
    words = ["lovely", "great", "awful", "dull"]
    arguments = [trained("binary"), *words, "--output", tmp_path / "map.png"]
    assert drawn(*arguments, "--json") == 0
    told = json.loads(capsys.readouterr().out)["words"]
    assert [row["lean"]["pos"] > 0 for row in told] == [True, True, False, False]


def test_a_bundle_has_one_map(trained, tmp_path, capsys):
    arguments = [trained("multiclass") / "bundle", "--output", tmp_path / "map.png"]
    assert drawn(*arguments) == 0
    assert "before" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["kin", "man", "king", "--output", "{}/a.png"], 3, "did you mean king?"),
        (["man", "king", "--output", "{}/a.png"], 2, "at least 3"),
        (["--words", "0", "--output", "{}/a.png"], 2, "--words"),
        (["--output", "{}/a.svg"], 2, ".png"),
        (["--output", "{}/none/a.png"], 2, "no such folder"),
    ],
)
def test_what_cannot_be_drawn(path, tmp_path, capsys, arguments, code, told):
    assert drawn(path, *(word.format(tmp_path) for word in arguments)) == code
    out, err = capsys.readouterr()
    assert out == "" and told in err
    assert not list(tmp_path.glob("*.svg")) and not list(tmp_path.glob("*.png"))
