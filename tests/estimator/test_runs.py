"""`textclf.train` and `textclf.load`."""

import gc
import os
from pathlib import Path

import pytest

import textclf
from textclf.config.load import load_config
from textclf.errors import ArtefactError, ConfigError

FAST = {"kind": "ngram", "init": "naive_bayes", "epochs": 1}


@pytest.fixture(scope="module")
def finished(config, tmp_path_factory):
    folder = tmp_path_factory.mktemp("runs") / "binary"
    return textclf.train(
        config("binary"), run_dir=folder, data__test_fraction=0.3, **FAST
    )


def test_a_run_is_what_the_command_makes(finished, capfd):
    assert finished.run.status() == "complete"
    config = load_config(finished.run.folder / "config.yaml").config
    assert (config.model.kind, config.training.epochs) == ("ngram", 1)
    assert config.data.test_fraction == 0.3
    assert finished.test.split == "test"
    assert finished.test.n > finished.dev.n > 0
    assert capfd.readouterr() == ("", "")


def test_the_classifier_of_a_run_predicts_and_knows_its_settings(finished):
    classifier = finished.classifier
    assert classifier.predict(["a lovely film"]).tolist() == ["pos"]
    assert classifier.get_params()["epochs"] == 1
    assert len(classifier.history_) == 1
    again = textclf.load(finished.run.folder)
    assert again.get_params() == classifier.get_params()


def test_a_bundle_alone_is_loaded_with_what_it_knows(finished):
    classifier = textclf.load(finished.run.bundle)
    assert classifier.predict(["a lovely film"]).tolist() == ["pos"]
    assert (classifier.kind, classifier.history_) == ("ngram", [])


def test_a_mapping_in_a_temporary_folder_that_goes_with_the_result(data):
    mapping = {"data": {"train": str(data("binary"))}, "model": {"kind": "cnn"}}
    trained = textclf.train(mapping, **FAST)
    folder = trained.run.folder
    assert folder.is_dir()
    assert mapping["model"] == {"kind": "cnn"}
    assert trained.test is None
    del trained
    gc.collect()
    assert not folder.parent.exists()


def test_the_words_of_a_run_are_drawn_with_their_start(data):
    mapping = {"data": {"train": str(data("binary"))}, "text": {"min_count": 1}}
    trained = textclf.train(mapping, kind="average", dim=4, epochs=1)
    assert trained.words is trained.words
    word = trained.words.after.tokens[0]
    columns = trained.words.neighbours([word], k=2).columns.tolist()
    assert columns == [(word, "before"), (word, "after")]
    assert trained.plot_words(n=9).png.startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("overrides", "told"),
    [
        ({"epoch": 3}, "got the setting 'epoch'.* did you mean epochs"),
        ({"epochs": 0}, "epochs=0: training.epochs: got 0"),
        ({"training__epoch": 1}, "training.epoch"),
    ],
)
def test_a_wrong_override_is_named(overrides, told, config, tmp_path):
    with pytest.raises(ConfigError, match=told):
        textclf.train(config("binary"), run_dir=tmp_path / "run", **overrides)
    assert not (tmp_path / "run").exists()


def test_nothing_is_left_of_what_fails(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with pytest.raises(textclf.errors.DataError):
        textclf.train({"data": {"train": "missing.csv"}})
    assert list(tmp_path.iterdir()) == []


def test_what_is_no_run_is_refused(tmp_path):
    with pytest.raises(ArtefactError, match="no such folder"):
        textclf.load(tmp_path / "none")
    with pytest.raises(ArtefactError, match="no run here"):
        textclf.load(tmp_path)


def test_a_forked_copy_removes_nothing(tmp_path):
    from textclf.estimator.runs import _remove

    _remove(str(tmp_path), os.getpid() + 1)
    assert Path(tmp_path).is_dir()
