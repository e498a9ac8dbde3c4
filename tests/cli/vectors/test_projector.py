"""`vectors projector`: files that the Embedding Projector reads."""

import csv

import numpy as np
import pytest

from textclf.cli.main import main
from textclf.explain.words import LearntWords
from textclf.run import Run


def projector(*arguments):
    return main(["vectors", "projector", *map(str, arguments)])


def read(folder):
    with (folder / "metadata.tsv").open(encoding="utf-8", newline="") as stream:
        rows = [*csv.reader(stream, delimiter="\t", quoting=csv.QUOTE_NONE)]
    return rows, np.loadtxt(folder / "vectors.tsv", delimiter="\t", ndmin=2)


def test_words_of_a_file(path, tmp_path, capsys):
    folder = tmp_path / "projector"
    assert projector(path, "--output", folder, "--words", "5") == 0
    rows, matrix = read(folder)
    words = [row[0] for row in rows[:5]]
    assert words == ["word", "man", "king", "woman", "queen"]
    assert matrix.shape == (5, 3) and matrix[1].tolist() == [1, 1, 0]
    assert "tensorboard --logdir" in capsys.readouterr().out


@pytest.mark.parametrize("task", ["binary", "multiclass"])
def test_words_of_a_run_have_counts_and_labels(trained, tmp_path, task):
    folder = tmp_path / "projector"
    run = trained(task)
    assert projector(run, "--output", folder) == 0
    rows, matrix = read(folder)
    learnt = LearntWords.of_run(Run.open(run))
    assert rows[0] == ["word", "count", "leans_to", "by_points"]
    assert [row[0] for row in rows[1:]] == list(learnt.after.tokens)
    assert matrix == pytest.approx(learnt.after.matrix, rel=1e-4, abs=1e-6)
    leans = {row[0]: row[2] for row in rows[1:]}
    assert leans["awful"] == "neg" and leans["lovely"] == "pos"
    counts = [int(row[1]) for row in rows[1:]]
    assert counts == sorted(counts, reverse=True) and counts[-1] > 0


def test_tensorboard_reads_the_settings(path, tmp_path):
    plugin = pytest.importorskip("tensorboard.plugins.projector")
    text_format = pytest.importorskip("google.protobuf.text_format")
    folder = tmp_path / "projector"
    assert projector(path, "--output", folder) == 0
    settings = plugin.ProjectorConfig()
    text_format.Parse((folder / "projector_config.pbtxt").read_text(), settings)
    (one,) = settings.embeddings
    for name in (one.tensor_path, one.metadata_path):
        assert (folder / name).is_file()


def test_words_with_tabs_and_line_ends_stay_on_their_line(tmp_path):
    from textclf.vectors.projector import write_projector
    from textclf.vectors.table import Vectors

    vectors = Vectors(("a\tb", "c\r\nd"), np.ones((2, 2), dtype=np.float32))
    write_projector(tmp_path / "p", vectors, {"n": [1, 2]})
    assert read(tmp_path / "p")[0][1:] == [["a\\tb", "1"], ["c\\r\\nd", "2"]]


def test_a_folder_that_exists_is_left_alone(path, tmp_path, capsys):
    assert projector(path, "--output", tmp_path) == 2
    assert "exists already" in capsys.readouterr().err
    assert projector(path, "--output", tmp_path / "no" / "where") == 2
    assert projector(path, "--output", tmp_path / "p", "--words", "0") == 2
    assert not (tmp_path / "p").exists()
