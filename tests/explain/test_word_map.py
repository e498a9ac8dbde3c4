"""Maps of files and of models: the asked words, where they stand, what is drawn."""

import json

import numpy as np
import pytest

from textclf.bundle import Bundle
from textclf.errors import ConfigError
from textclf.explain.word_map import WordMap, frequent
from textclf.explain.words import LearntWords
from textclf.vectors.start import write_start
from textclf.vectors.table import Vectors

HOW = {"method": "pca", "seed": 0}


@pytest.fixture
def vectors():
    tokens = (".", "one", "1990", "two", "é", "!?", "three")
    matrix = np.random.default_rng(0).normal(size=(7, 4)).astype(np.float32)
    return Vectors(tokens, matrix)


def test_frequent_words_have_a_letter(vectors):
    assert frequent(vectors, 3).tolist() == [1, 3, 4]
    assert frequent(vectors, 99).tolist() == [1, 3, 4, 6]
    with pytest.raises(ConfigError, match="--words"):
        frequent(vectors, 0)


def test_a_file_has_one_map_without_leans(vectors, tmp_path):
    drawn = WordMap.of_vectors(vectors, frequent(vectors, 4), **HOW)
    assert drawn.words == ("one", "two", "é", "three")
    told = json.loads(json.dumps(drawn.to_json()))
    assert all(set(row) == {"word", "at"} for row in told["words"])
    assert len(told["variance"]) == 2
    drawn.draw(tmp_path / "map.png", title="file")
    assert (tmp_path / "map.png").read_bytes().startswith(b"\x89PNG")


def test_a_model_has_two_maps_with_leans(small_bundle, tmp_path, monkeypatch):
    monkeypatch.setattr("textclf.explain.words.KEPT", 5)
    bundle = Bundle.open(small_bundle("average-mean", "multiclass"))
    matrix = LearntWords.of_bundle(bundle).after.matrix
    start = tmp_path / "start"
    write_start(start, matrix[:5] + 1, encoder=bundle.encoder.digest)
    learnt = LearntWords.of_bundle(bundle, start=start)
    drawn = WordMap.of_model(learnt, np.array([0, 1, 2, 9]), **HOW)
    assert drawn.unknown == 1
    rows = drawn.to_json()["words"]
    assert [row["before"] is None for row in rows] == [False, False, False, True]
    assert set(rows[0]["lean"]) == set(bundle.labels.names)
    assert sum(rows[0]["lean"].values()) == pytest.approx(0, abs=1e-3)
    drawn.draw(tmp_path / "map.png")
    late = WordMap.of_model(learnt, np.array([7, 8, 9]), **HOW)
    assert late.projection.before is None and late.unknown == 0
