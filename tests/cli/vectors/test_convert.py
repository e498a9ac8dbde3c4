"""`vectors convert`."""

import pytest

from textclf.cli.main import main
from textclf.vectors.table import Vectors


def convert(*arguments):
    return main(["vectors", "convert", *map(str, arguments)])


def test_a_part_in_another_format(path, tmp_path, capsys):
    assert convert(path, tmp_path / "out.bin", "--limit", "3") == 0
    assert "word2vec-binary, 3 rows of 3 numbers" in capsys.readouterr().out
    assert Vectors.read(tmp_path / "out.bin").tokens == ("man", "king", "woman")


def test_words_that_a_format_cannot_hold_are_told(path, tmp_path, capsys):
    assert convert(path, tmp_path / "out.vec") == 0
    assert "1 words are empty or have blanks" in capsys.readouterr().err


def test_only_the_words_of_a_list(path, tmp_path, capsys):
    (tmp_path / "words").write_text("queen\r\nabsent\nman\n")
    assert convert(path, tmp_path / "o.vec", "--vocabulary", tmp_path / "words") == 0
    assert "2 of 3 words have a vector" in capsys.readouterr().err
    assert Vectors.read(tmp_path / "o.vec").tokens == ("man", "queen")


def test_only_the_words_of_a_run(trained, tmp_path):
    source = tmp_path / "in.txt"
    source.write_text("elsewhere 1 2\nlovely 3 4\nfilm 1 1\n")
    target = tmp_path / "o.vec"
    assert convert(source, target, "--vocabulary", trained("binary")) == 0
    assert Vectors.read(target).tokens == ("lovely", "film")


@pytest.mark.parametrize(
    ("target", "flags", "told"),
    [
        ("out.npy", [], "ends in .txt"),
        ("absent/out.vec", [], "no such folder"),
        ("out.vec", ["--limit", "0"], "--limit"),
        ("out.vec", ["--vocabulary", "absent"], "--vocabulary"),
        ("out.vec", ["--dtype", "int8"], "--dtype"),
    ],
)
def test_usage(path, tmp_path, capsys, target, flags, told):
    try:
        code = convert(path, tmp_path / target, *flags)
    except SystemExit as left:
        code = left.code
    assert code == 2
    assert told in capsys.readouterr().err
    assert [other.name for other in tmp_path.iterdir()] == ["small.txt"]
