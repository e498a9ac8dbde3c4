"""`vectors train`: the file it writes, what it leaves out, the mistakes it names."""

import json
import re

import pytest

from textclf.cli.main import main
from textclf.config.word_vectors import VectorTraining
from textclf.vectors.table import Vectors


def train(*arguments):
    return main(["vectors", "train", *map(str, arguments)])


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "data"
    folder.mkdir()
    for name, word in (("train", "film"), ("test", "planted"), ("dev", "hidden")):
        rows = "".join(f"{word} is good number {i % 3},a\n" for i in range(40))
        (folder / f"{name}.csv").write_text(f"text,label\n{rows}")
    (folder / "unsup.jsonl").write_text('{"text": "other words here"}\n' * 40)
    return folder


@pytest.mark.parametrize(
    ("method", "name"),
    [("skipgram", "v.bin"), ("cbow", "v.vec.gz"), ("glove", "v.txt")],
)
def test_a_file_is_written_that_reads_back(folder, tmp_path, capsys, method, name):
    target = tmp_path / name
    flags = ("--dim", "8", "--epochs", "1", "--method", method)
    assert train(folder, "--output", target, *flags) == 0
    out, err = capsys.readouterr()
    assert f"{target}: 10 words of 8 numbers, {method}" in out
    assert "left out, as held-out: dev.csv, test.csv" in err
    vectors = Vectors.read(target)
    assert set(vectors.tokens) == {
        "film",
        "is",
        "good",
        "number",
        "0",
        "1",
        "2",
        "other",
        "words",
        "here",
    }
    assert vectors.dim == 8


def test_fasttext_keeps_its_ngrams_in_a_bin_file(folder, tmp_path):
    fasttext = pytest.importorskip("gensim.models.fasttext")
    target = tmp_path / "v.bin"
    flags = ("--method", "fasttext", "--dim", "8", "--buckets", "300")
    assert train(folder, "--output", target, *flags) == 0
    model = fasttext.load_facebook_vectors(str(target))
    assert model["films"].shape == (8,)  # a word that no text had


def test_the_record_beside_it_says_how_and_from_what(folder, tmp_path, capsys):
    target = tmp_path / "v.bin"
    file = folder / "train.csv"
    assert train(file, "--output", target, "--dim", "4", "--json") == 0
    record = json.loads(capsys.readouterr().out)
    assert record == json.loads((tmp_path / "v.bin.json").read_text())
    assert list(record["sources"]) == [str(file)]
    assert record["settings"]["dim"] == 4 and record["settings"]["window"] == 5
    assert record["learnt"]["texts"] == 40
    assert record["learnt"]["words"] == 200


def test_held_out_texts_that_are_named_are_read_with_a_warning(
    folder, tmp_path, capsys
):
    target = tmp_path / "v.bin"
    assert train(folder / "test.csv", "--output", target, "--dim", "4") == 0
    assert "warning: " in capsys.readouterr().err


def test_capitals_are_kept_on_wish(tmp_path):
    (tmp_path / "a.txt").write_text("Film film FILM\n" * 9)
    target = tmp_path / "v.txt"
    assert train(tmp_path / "a.txt", "--output", target, "--cased", "--dim", "2") == 0
    assert set(Vectors.read(target).tokens) == {"Film", "film", "FILM"}


@pytest.mark.parametrize(
    ("flags", "code", "told"),
    [
        (["--output", "v.npy"], 2, "ends in .txt"),
        (["--output", "absent/v.bin"], 2, "no such folder"),
        (["--output", "v.bin", "--dim", "0"], 2, "--dim: got 0"),
        (["--output", "v.bin", "--min-count", "999"], 3, "--min-count"),
        (["--output", "v.bin", "--text", "absent"], 3, "absent"),
    ],
)
def test_mistakes(folder, tmp_path, monkeypatch, capsys, flags, code, told):
    monkeypatch.chdir(tmp_path)
    assert train(folder, *flags) == code
    assert told in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["data"]


def test_a_folder_of_held_out_files_only_is_refused(folder, tmp_path, capsys):
    for name in ("train.csv", "unsup.jsonl"):
        (folder / name).unlink()
    assert train(folder, "--output", tmp_path / "v.bin") == 3
    assert "held-out files only" in capsys.readouterr().err


def test_the_help_tells_the_defaults_there_are(capsys):
    with pytest.raises(SystemExit):
        main(["vectors", "train", "--help"])
    told = " ".join(capsys.readouterr().out.split())
    for name in (
        "method",
        "dim",
        "min_count",
        "negative",
        "buckets",
        "seed",
        "workers",
    ):
        flag, default = f"--{name.replace('_', '-')}", getattr(VectorTraining(), name)
        assert re.search(rf"{flag} \S+ (?:(?! --).)*default: {default}\b", told), name
    settings, glove = VectorTraining(), VectorTraining(method="glove")
    for name, value, other in (
        ("window", settings.reach, glove.reach),
        ("epochs", settings.passes, glove.passes),
    ):
        assert re.search(rf"--{name} .*?default: {value}, glove {other}\b", told)
