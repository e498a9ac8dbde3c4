"""The classifier: fits, answers, is kept, refuses."""

import copy
import pickle
import subprocess
import sys
from dataclasses import replace

import joblib
import numpy as np
import pytest
from sklearn.exceptions import NotFittedError

from tests.contracts import in_fresh_process
from tests.estimator.conftest import FAST, pairs
from textclf import TextClassifier
from textclf.cli.main import main
from textclf.errors import ArtefactError, ConfigError
from textclf.evaluation.decision import Decision

TEXTS = ["a lovely film", "dull film", "", "qzx"]


def test_labels_come_back_as_strings(binary):
    assert binary.classes_.tolist() == ["neg", "pos"]
    assert binary.predict(TEXTS[:2]).tolist() == ["pos", "neg"]
    assert binary.score(*pairs("binary")) > 0.95


def test_probabilities_and_outputs_agree(binary):
    chances, outputs = binary.predict_proba(TEXTS), binary.decision_function(TEXTS)
    assert chances.shape == (4, 2)
    assert np.allclose(chances.sum(axis=1), 1)
    assert np.allclose(1 / (1 + np.exp(-outputs)), chances[:, 1])


@pytest.mark.parametrize("which", ["binary", "sets"])
def test_answers_outputs_and_thresholds_agree(which, request):
    fitted = copy.deepcopy(request.getfixturevalue(which))
    texts, _ = pairs("multilabel")
    k = len(fitted.classes_)
    cuts = (0.9,) if k == 2 else (0.9, 0.2, 0.6)
    decision = Decision(temperature=2.0, thresholds=cuts)
    fitted._predictor = replace(fitted._predictor, decision=decision)
    outputs, chances = fitted.decision_function(texts), fitted.predict_proba(texts)
    chosen = fitted.predictions(texts).chosen()
    assert np.array_equal(outputs >= 0, chosen.astype(bool))
    plain = chances[:, 1] >= 0.5 if k == 2 else chances >= 0.5
    assert not np.array_equal(chosen, plain)


def test_numbers_stay_numbers_in_their_own_order():
    texts, labels = pairs("multiclass")
    numbers = [{"neg": 10, "neutral": 9, "pos": -1}[label] for label in labels]
    fitted = TextClassifier(**FAST, class_weight={9: 1.0, 10: 2.0}).fit(texts, numbers)
    assert fitted.classes_.tolist() == [-1, 9, 10]
    assert fitted.predict(texts[:3]).tolist() == numbers[:3]
    assert fitted.predict(texts).dtype == fitted.classes_.dtype
    places = fitted.predict_proba(texts).argmax(axis=1)
    assert np.array_equal(fitted.classes_[places], fitted.predict(texts))
    assert fitted.decision_function(texts).shape == (len(texts), 3)


def test_several_labels_a_text_come_back_as_tuples(sets):
    texts, labels = pairs("multilabel")
    assert sets.classes_.tolist() == ["bad", "good", "short"]
    answers = sets.predict(texts)
    assert isinstance(answers[0], tuple)
    right = [set(got) == set(true) for got, true in zip(answers, labels, strict=True)]
    assert sets.score(texts, labels) == np.mean(right) > 0.9
    assert sets.predict_proba(texts).shape == (len(texts), 3)


def test_a_matrix_of_labels_comes_back_as_a_matrix():
    texts, labels = pairs("multilabel")
    names = ["bad", "good", "short"]
    matrix = np.array([[int(name in row) for name in names] for row in labels])
    fitted = TextClassifier(**FAST, metric="none").fit(texts, matrix)
    assert np.array_equal(fitted.predict(texts) > 0, fitted.predict_proba(texts) >= 0.5)
    assert fitted.score(texts, matrix) > 0.9


def test_fitting_again_forgets_what_was_learnt(binary):
    texts, labels = pairs("binary")
    fitted = TextClassifier(**FAST).fit(texts, np.arange(len(texts)) % 3)
    fitted.fit(texts, labels)
    assert np.array_equal(fitted.predict_proba(texts), binary.predict_proba(texts))
    assert fitted.classes_.tolist() == ["neg", "pos"]


def test_texts_that_weigh_nothing_are_not_there(binary):
    texts, labels = pairs("binary")
    wrong = ["pos" if label == "neg" else "neg" for label in labels]
    weights = [1.0] * len(texts) + [0.0] * len(texts)
    fitted = TextClassifier(**FAST).fit(texts + texts, labels + wrong, weights)
    assert np.array_equal(fitted.predict_proba(TEXTS), binary.predict_proba(TEXTS))


def test_heavy_texts_are_learnt_rather_than_light_ones():
    texts, labels = ["one two"] * 20 + ["three"] * 20, ["a", "b"] * 10 + ["a", "b"] * 10
    settings = {"dim": 4, "epochs": 30, "learning_rate": 0.05, "dev_fraction": 0.0}
    weights = [9.0 if label == "a" else 1.0 for label in labels]
    fitted = TextClassifier(**settings).fit(texts, labels, weights)
    assert fitted.predict_proba(["one two"])[0, 0] == pytest.approx(0.9, abs=0.05)


def test_dev_texts_may_be_given():
    texts, labels = pairs("binary")
    fitted = TextClassifier(**FAST).fit(texts, labels, dev=(TEXTS[:2], ["neg", "pos"]))
    assert fitted.history_[0]["dev_accuracy"] == 0.0
    with pytest.raises(ValueError, match="neutral"):
        TextClassifier(**FAST).fit(texts, labels, dev=(["x"], ["neutral"]))


def test_two_texts_are_enough_and_say_what_they_lack():
    fitted = TextClassifier(**FAST).fit(["good", "bad"], ["pos", "neg"])
    assert fitted.predict(["good", "bad"]).tolist() == ["pos", "neg"]
    assert "no text was held out" in fitted.notes_[0]


def test_silent_unless_asked(binary, capfd):
    texts, labels = pairs("binary")
    TextClassifier(**FAST).fit(texts, labels).predict(texts)
    assert capfd.readouterr() == ("", "")
    TextClassifier(**FAST, verbose=1).fit(texts, labels)
    out, err = capfd.readouterr()
    assert out == ""
    assert sum(line.startswith("epoch") for line in err.splitlines()) == 1


@pytest.mark.parametrize("name", ["predict", "predict_proba", "decision_function"])
def test_nothing_is_answered_before_fitting(name):
    with pytest.raises(NotFittedError, match=r"not fitted yet: call fit\(texts"):
        getattr(TextClassifier(), name)(TEXTS)
    with pytest.raises(NotFittedError):
        TextClassifier().save("nowhere")


def test_a_wrong_setting_is_told_when_fitting():
    with pytest.raises(ConfigError, match="training.epochs"):
        TextClassifier(epochs=0).fit(*pairs("binary"))


def test_labels_must_be_as_many_as_texts(binary):
    with pytest.raises(ValueError, match="got 1 texts and 2 labels"):
        TextClassifier().fit(["a"], ["b", "c"])
    with pytest.raises(ValueError, match='"neutral"'):
        binary.score(["a"], ["neutral"])


def test_the_report_has_intervals_and_on_request_the_floor(binary):
    texts, labels = pairs("binary")
    report = binary.evaluate(texts, labels, name="again")
    assert (report.split, report.floor) == ("again", None)
    assert report.scores.accuracy == binary.score(texts, labels)
    floor = binary.evaluate(texts, labels, train=(texts, labels)).floor
    assert floor["majority"]["accuracy"] == 0.5


@pytest.mark.parametrize("which", ["binary", "sets", "cnn"])
def test_a_pickle_holds_the_bundle_and_no_keras(which, request):
    fitted = request.getfixturevalue(which)
    stored = pickle.dumps(fitted)
    assert b"keras.src" not in stored
    assert b"tensorflow" not in stored
    for again in (pickle.loads(stored), copy.deepcopy(fitted)):
        assert np.array_equal(again.predict_proba(TEXTS), fitted.predict_proba(TEXTS))
        assert again.get_params() == fitted.get_params()


def test_a_damaged_pickle_is_refused(binary):
    damaged = copy.deepcopy(binary)
    members = dict(damaged._packed.members)
    members["weights.safetensors"] = members["weights.safetensors"][:-1] + b"!"
    object.__setattr__(damaged._packed, "members", members)
    stored = pickle.dumps(damaged)
    with pytest.raises(ArtefactError, match="sha256"):
        pickle.loads(stored)
    object.__setattr__(damaged._packed, "members", {"../escaped": b""})
    with pytest.raises(ArtefactError, match="outside a bundle"):
        pickle.loads(pickle.dumps(damaged))


def test_a_kept_classifier_answers_in_a_fresh_process(binary, tmp_path):
    joblib.dump(binary, tmp_path / "c.joblib")
    binary.save(tmp_path / "saved")
    script = (
        "import sys, joblib, textclf; from pathlib import Path; here = sys.argv[1];"
        "a = joblib.load(here + '/c.joblib'); b = textclf.load(here + '/saved');"
        "print(*a.predict(['lovely', 'dull']), *b.predict(['lovely', 'dull']),"
        " 'keras' in sys.modules)"
    )
    said = in_fresh_process(script, tmp_path)
    assert said.split() == ["pos", "neg", "pos", "neg", "False"]


@pytest.mark.parametrize("which", ["binary", "sets"])
def test_saved_and_loaded_it_is_the_same(which, request, tmp_path):
    fitted = request.getfixturevalue(which)
    fitted.save(tmp_path / "it")
    again = TextClassifier.load(tmp_path / "it")
    assert again.get_params() == fitted.get_params()
    assert (again.history_, again.notes_) == (fitted.history_, fitted.notes_)
    assert again.classes_.dtype == fitted.classes_.dtype
    assert list(again.predict(TEXTS)) == list(fitted.predict(TEXTS))


def test_the_command_line_reads_what_was_saved(binary, tmp_path, capsys):
    binary.save(tmp_path / "it")
    assert main(["predict", "--run", str(tmp_path / "it"), "a lovely film"]) == 0
    assert capsys.readouterr().out.startswith("pos")


def test_nothing_is_written_over(binary, tmp_path):
    with pytest.raises(ArtefactError, match="exists already"):
        binary.save(tmp_path)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("{", "no saved classifier"),
        ("[]", "no saved classifier"),
        ('{"format": 9}', "got format 9, expected 1"),
        ('{"format": 1}', "no saved classifier"),
        ('{"format": 1, "parameters": {"evil": 1}}', "unknown settings evil"),
    ],
)
def test_a_damaged_folder_is_refused(content, told, binary, tmp_path):
    binary.save(tmp_path / "it")
    (tmp_path / "it" / "estimator.json").write_text(content)
    with pytest.raises(ArtefactError, match=told):
        TextClassifier.load(tmp_path / "it")


def test_import_textclf_stays_light():
    heavy = "tensorflow keras pandas sklearn scipy matplotlib polars numpy"
    code = f"import sys, textclf; print(*set({heavy.split()}) & set(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == []
