"""`vectors swap`: a classifier of one language reads another (as the README tells)."""

import json

import numpy as np
import pytest

from textclf.cli.main import main
from textclf.run import Run
from textclf.vectors.table import Vectors
from textclf.vectors.writers import write_vectors

WORDS, DIM = 240, 10


def text_of(rng, prefix, positive):
    """Words of which the first 40 are said in praise, the next 40 in blame."""
    feeling = rng.integers(0, 40, 3) + (0 if positive else 40)
    other = rng.integers(80, WORDS, 6)
    return " ".join(f"{prefix}{i}" for i in rng.permutation([*feeling, *other]))


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """Two languages with the same meanings; B's space is turned and a little off."""
    folder = tmp_path_factory.mktemp("languages")
    rng = np.random.default_rng(8)
    meaning = rng.standard_normal((WORDS, DIM))
    meaning[:40, 0] += 3
    meaning[40:80, 0] -= 3
    turn, _ = np.linalg.qr(rng.standard_normal((DIM, DIM)))
    other = meaning @ turn + 0.1 * rng.standard_normal((WORDS, DIM))
    for prefix, matrix in (("a", meaning), ("b", other)):
        names = tuple(f"{prefix}{i}" for i in range(WORDS))
        write_vectors(Vectors(names, matrix.astype("f4")), folder / f"{prefix}.vec")
        rows = [(text_of(rng, prefix, i % 2 == 0), "no" if i % 2 else "yes")
                for i in range(400)]  # fmt: skip
        lines = "".join(f"{text},{label}\n" for text, label in rows)
        (folder / f"{prefix}.csv").write_text(f"text,label\n{lines}")
    pairs = "".join(f"b{i} a{i}\n" for i in range(0, WORDS, 2))
    (folder / "pairs.txt").write_text(pairs)
    return folder


def run(*arguments):
    return main([*map(str, arguments)])


@pytest.fixture(scope="module", params=["average", "cnn"])
def trained(request, world):
    folder = world / request.param
    config = world / f"{request.param}.yaml"
    config.write_text(
        "data: {train: a.csv, test_fraction: 0.25}\n"
        f"embedding: {{dim: {DIM}, init: vectors, vectors: a.vec, train: frozen}}\n"
        f"model: {{kind: {request.param}}}\n"
        "training: {learning_rate: 0.02, epochs: 12, batch_size: 32}\n"
    )
    assert run("train", "--config", config, "--run-dir", folder) == 0
    return folder


def accuracy(capsys, folder, data):
    capsys.readouterr()
    assert run("evaluate", "--run", folder, "--data", data, "--json") == 0
    return json.loads(capsys.readouterr().out)["accuracy"]


def test_a_classifier_reads_the_other_language_once_its_vectors_are_aligned(
    world, trained, capsys
):
    turned, kind = world / f"{trained.name}.vec", trained.name
    aligned = ("--dictionary", world / "pairs.txt", "--output", turned)
    assert run("vectors", "align", world / "b.vec", world / "a.vec", *aligned) == 0
    for name, vectors in (("raw", world / "b.vec"), ("good", turned)):
        target = world / f"{kind}-{name}"
        assert run("vectors", "swap", trained, vectors, "--output", target) == 0
    at_home = accuracy(capsys, trained, world / "a.csv")
    raw = accuracy(capsys, world / f"{kind}-raw", world / "b.csv")
    good = accuracy(capsys, world / f"{kind}-good", world / "b.csv")
    assert accuracy(capsys, trained, world / "b.csv") < 0.6  # knows no word of it
    assert at_home > 0.95 and good > at_home - 0.05 and raw < good - 0.2
    new = Run.open(world / f"{kind}-good")
    assert run("show", new.folder) == 0
    assert run("predict", "--run", new.folder, "b1 b2 b3") == 0


def test_the_rows_have_the_scale_of_training(world, trained):
    from textclf.bundle import Bundle

    target = world / f"{trained.name}-same"
    assert run("vectors", "swap", trained, world / "a.vec", "--output", target) == 0
    before, after = Bundle.open(trained / "bundle"), Bundle.open(target / "bundle")
    old, new = before.weights()["embedding/table"], after.weights()["embedding/table"]
    for word in ("a1", "a50", "a200"):
        row = old[before.encoder.vocabulary.ids[word]]
        got = new[after.encoder.vocabulary.ids[word]]
        assert got == pytest.approx(row, rel=1e-5)
    assert new[1] == pytest.approx(old[1])


def test_what_does_not_fit_is_refused(world, trained, tmp_path, capsys):
    small = tmp_path / "small.vec"
    small.write_text("1 2\nx 1 2\n")
    assert run("vectors", "swap", trained, small, "--output", tmp_path / "o") == 2
    assert "vectors of 2 numbers, the model has 10" in capsys.readouterr().err
    assert run("vectors", "swap", trained, world / "a.vec", "--output", tmp_path) == 2
    assert "exists already" in capsys.readouterr().err
    assert not (tmp_path / "o").exists()


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ("embedding: {dim: 10}", "embedding.train: frozen"),
        (
            "embedding: {dim: 10, init: vectors, vectors: a.vec, train: frozen}\n"
            "model: {kind: wordchar}",
            "reads how words are spelt",
        ),
    ],
)
def test_a_model_that_learnt_of_its_words_is_refused(
    world, tmp_path, capsys, settings, told
):
    config = world / "other.yaml"
    config.write_text(f"data: {{train: a.csv}}\ntraining: {{epochs: 1}}\n{settings}\n")
    folder = tmp_path / "run"
    assert run("train", "--config", config, "--run-dir", folder) == 0
    target = tmp_path / "o"
    assert run("vectors", "swap", folder, world / "a.vec", "--output", target) == 2
    assert told in capsys.readouterr().err
