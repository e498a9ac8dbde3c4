"""`embedding.vectors: train:…`: learnt of training texts, and of no others."""

import pytest

from textclf.cli.main import main
from textclf.run import Run
from textclf.vectors.table import Vectors


@pytest.fixture
def data(tmp_path):
    def written(name, word, labels=("good", "bad"), count=60):
        rows = "".join(
            f"{word} {labels[i % 2]} {name}word {i},{labels[i % 2]}\n"
            for i in range(count)
        )
        (tmp_path / f"{name}.csv").write_text(f"text,label\n{rows}")

    for name in ("train", "dev", "test"):
        written(name, "film")
    held = (tmp_path / "test.csv").read_text().splitlines()[1:]
    texts = [line.rpartition(",")[0] for line in held] * 3
    more = ["free words here film"] * 30
    lines = "".join(f"{text}\n" for text in texts + more)
    (tmp_path / "more.csv").write_text(f"text\n{lines}")
    return tmp_path


def config(folder, vectors, kind="average"):
    path = folder / "c.yaml"
    path.write_text(
        "data: {train: train.csv, dev: dev.csv, test: test.csv, unlabelled: more.csv}\n"
        f"embedding: {{dim: 6, init: vectors, vectors: '{vectors}'}}\n"
        f"model: {{kind: {kind}}}\ntraining: {{epochs: 1}}\n"
    )
    return path


@pytest.mark.parametrize("vectors", ["train:skipgram", "train:glove"])
def test_vectors_are_learnt_of_training_and_unlabelled_texts_alone(
    data, vectors, capsys
):
    path, run = config(data, vectors), data / "run"
    assert main(["train", "--config", str(path), "--run-dir", str(run)]) == 0
    told = capsys.readouterr().err
    assert "left out 180 unlabelled texts that occur in dev or test" in told
    assert "60 training texts and 30 unlabelled ones" in told
    words = set(Vectors.read(Run.open(run).vectors).tokens)
    assert {"film", "good", "trainword", "free"} <= words
    assert not words & {"testword", "devword"}
    coverage = Run.open(run).read_json("coverage.json")
    assert coverage["types_found"] > 0 and coverage["file"] == "vectors.bin"


def test_no_word_is_frequent_enough(data, capsys):
    (data / "train.csv").write_text("text,label\nyes,a\nno,b\nmaybe,a\nwhy,b\n")
    (data / "more.csv").write_text("text\nx\n")
    for name in ("dev", "test"):
        (data / f"{name}.csv").write_text("text,label\nyes,a\nno,b\n")
    path = config(data, "train:cbow")
    arguments = ["train", "--config", str(path), "--run-dir", str(data / "run")]
    assert main(arguments) == 3
    assert "give more texts" in capsys.readouterr().err
    assert Run(data / "run").state()["status"] == "failed"
