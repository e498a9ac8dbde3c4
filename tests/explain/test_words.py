"""The words of a model: now, before training, and what it says of them alone."""

import numpy as np
import pytest
from safetensors.numpy import load_file

from textclf.bundle import Bundle
from textclf.errors import ArtefactError, ConfigError, DataError
from textclf.explain.words import LearntWords
from textclf.predictor import Predictor
from textclf.vectors import neighbours as near
from textclf.vectors.start import write_start

WHEN = ("before", "after")


@pytest.fixture
def bundle(small_bundle):
    return Bundle.open(small_bundle("average-mean", "multiclass"))


def learnt(bundle, tmp_path, rows):
    path = tmp_path / "start"
    write_start(path, rows, encoder=bundle.encoder.digest)
    return LearntWords.of_bundle(bundle, start=path)


def test_row_i_is_word_i(bundle):
    words = LearntWords.of_bundle(bundle)
    table = load_file(bundle.folder / "weights.safetensors")["embedding/table"]
    assert words.after.tokens == bundle.encoder.vocabulary.tokens[2:]
    assert (words.after.matrix == table[2:]).all()
    assert words.before is None and words.kept is words.after
    assert words.step("film") is None
    few = LearntWords.of_bundle(bundle, limit=3)
    assert few.after.tokens == words.after.tokens[:3]


def test_the_start_stands_beside_it(bundle, tmp_path):
    after = LearntWords.of_bundle(bundle).after
    words = learnt(bundle, tmp_path, after.matrix * np.float32(2))
    assert words.before.tokens == words.kept.tokens == after.tokens
    one = words.step("FILM")
    assert (one.word, one.cosine) == ("film", pytest.approx(1))
    assert one.before == pytest.approx(2 * one.after)
    with pytest.raises(DataError, match="no vector"):
        words.step("unheard")


def test_a_word_beyond_the_kept_ones_has_no_step(bundle, tmp_path, monkeypatch):
    monkeypatch.setattr("textclf.explain.words.KEPT", 5)
    matrix = LearntWords.of_bundle(bundle).after.matrix
    words = learnt(bundle, tmp_path, matrix[:5])
    tokens = words.after.tokens
    assert words.kept.tokens == words.before.tokens == tokens[:5]
    assert words.step(tokens[4]).distance == 0.0
    assert words.step(tokens[5]) is None


def test_the_start_of_another_run_is_refused(bundle, tmp_path):
    matrix = LearntWords.of_bundle(bundle).after.matrix
    write_start(tmp_path / "start", matrix, encoder="another")
    with pytest.raises(ArtefactError, match="another run"):
        LearntWords.of_bundle(bundle, start=tmp_path / "start")


@pytest.mark.parametrize("task", ["binary", "multiclass", "multilabel"])
@pytest.mark.parametrize("variant", ["average-mean", "cnn-one"])
def test_the_lean_is_the_answer_to_the_word_less_the_usual(small_bundle, variant, task):
    bundle = Bundle.open(small_bundle(variant, task))
    words = LearntWords.of_bundle(bundle)
    asked = ("joy", "gloom", "film")
    lean = words.lean(asked)
    predictor = Predictor.of_bundle(bundle)
    usual = predictor.predict(words.after.tokens).probabilities.mean(axis=0)
    expected = predictor.predict(asked).probabilities - usual
    np.testing.assert_allclose(lean.values, expected, atol=1e-6)
    assert lean.labels == bundle.labels.names and lean.usual == len(words.after)


def test_the_lean_is_to_the_label_that_a_word_tells(bundle):
    lean = LearntWords.of_bundle(bundle).lean(("joy", "gloom", "riddle"))
    assert [lean.labels[row.argmax()] for row in lean.values] == ["glad", "grim", "odd"]


def test_rows_that_are_no_vectors_are_refused(small_bundle):
    with pytest.raises(ConfigError, match="ngram"):
        LearntWords.of_bundle(Bundle.open(small_bundle("ngram", "binary")))


def test_neighbours_stand_side_by_side(bundle, tmp_path):
    after = LearntWords.of_bundle(bundle).after
    words = learnt(bundle, tmp_path, after.matrix[:, ::-1].copy())
    one, other = after.tokens[:2]
    table = words.neighbours([one, other], k=3)
    assert list(table) == [(w, when) for w in (one, other) for when in WHEN]
    assert table[one, "after"].tolist() == [n.word for n in near(after, one, k=3)]
    assert len(LearntWords.of_bundle(bundle).neighbours([one], k=2).columns) == 1


def test_words_are_drawn(bundle, tmp_path):
    after = LearntWords.of_bundle(bundle).after
    words = learnt(bundle, tmp_path, after.matrix * np.float32(2))
    assert words.norms().before == pytest.approx(2 * words.norms().after)
    assert LearntWords.of_bundle(bundle).norms().before is None
    assert words.plot_norms().png.startswith(b"\x89PNG")
