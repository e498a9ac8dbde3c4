"""The table of accuracies: what is measured, how it is told, what is held out."""

from types import SimpleNamespace

import numpy as np
import pytest

from benchmarks import contestants as contestants_
from benchmarks import reproduce
from benchmarks.contestants import (
    Contestant,
    alone,
    scores_of,
    together,
    with_dev,
    with_phrases,
)
from benchmarks.reproduce import contestants
from benchmarks.robustness import CHANGES
from benchmarks.rows import ROWS, Row, splits_of

ROW = Row("reviews", ("train.csv", "test.csv"), 70.0, seeds=2)
TABLE = "text,label\n" + "".join(f"word{n},{'ab'[n % 2]}\n" for n in range(40))


@pytest.fixture
def data(tmp_path):
    for name in ROW.files:
        (tmp_path / name).write_text(TABLE)
    return tmp_path


def test_what_was_measured_is_not_measured_again(data, tmp_path, monkeypatch):
    monkeypatch.setattr(reproduce, "RUNS", tmp_path / "runs")
    asked = []

    def score(split, seed):
        asked.append(seed)
        return {"accuracy": 70.0 + seed, "macro_f1": 60.0}

    who = Contestant("recommended", "its settings", score)
    for _ in range(2):
        reproduce._measured(ROW, who, data)
    assert asked == [1, 2]
    monkeypatch.setattr(reproduce, "contestants", lambda row, shared: [who])
    line = reproduce._line(ROW, reproduce._found(ROW, tmp_path))
    assert line.startswith("| reviews | 70 | 71.5 ± 0.7 (2, 0.0 min) ✓ | – |")


def test_vectors_are_judged_by_their_own_goal(tmp_path):
    row = Row("reviews", ("train.csv", "test.csv"), 70.0, 72.0, unlabelled="more.csv")
    scores = {"minutes": 1.0, "scores": [{"accuracy": 71.0, "macro_f1": 71.0}]}
    found = {"four together": scores, "with vectors": scores}
    line = reproduce._line(row, found)
    assert line.startswith("| reviews | 70 (72) | – | – | 71.0 ± 0.0 (1, 1.0 min) ✓ |")
    assert line.count("✓") == 1
    (told,) = reproduce._besides(row, {"self-training": scores})
    assert "without labels: 71.0 ± 0.0 (1, 1.0 min)." in told


def test_minutes_are_those_of_the_models_where_they_are_told(data, monkeypatch):
    monkeypatch.setattr(reproduce, "RUNS", data / "runs")
    scores = {"accuracy": 70.0, "macro_f1": 60.0, "minutes": 2.0}
    who = Contestant("recommended", "its settings", lambda split, seed: scores)
    reproduce._measured(ROW, who, data)
    monkeypatch.setattr(reproduce, "contestants", lambda row, shared: [who])
    line = reproduce._line(ROW, reproduce._found(ROW, data))
    assert line.startswith("| reviews | 70 | 70.0 ± 0.0 (2, 4.0 min) ✓ | – |")


def test_a_model_that_several_share_is_trained_once(data, tmp_path, monkeypatch):
    monkeypatch.setattr(contestants_, "ANSWERS", tmp_path / "answers")
    fitted = []

    class Model:
        classes_ = ("a", "b")

        def __init__(self, **settings):
            self.settings = settings

        def fit(self, texts, labels, dev):
            fitted.append(self.settings)
            return self

        def predict_proba(self, texts):
            return np.tile([0.75, 0.25], (len(texts), 1))

    monkeypatch.setattr(contestants_, "TextClassifier", Model)
    split = next(splits_of(ROW, data))
    one, other = {"epochs": 3}, {"epochs": 4}
    scores = alone("recommended", one).score(split, 1)
    both = together("both", [one, other]).score(split, 1)
    assert scores["accuracy"] == both["accuracy"] == 50.0
    assert [settings["epochs"] for settings in fitted] == [3, 4]
    alone("recommended", one).score(split, 2)
    assert len(fitted) == 3
    together("both", [other, one, other]).score(split, 1)
    assert fitted[3]["epochs"] == 4 and fitted[3]["seed"] != 1
    assert len(fitted) == 4


def test_phrases_of_sentences_that_are_held_out_are_refused(tmp_path, monkeypatch):
    def score(split, seed):
        return {"accuracy": float(len(split[0][0])), "macro_f1": 0.0}

    train = SimpleNamespace(texts=["a good film", "good"], labels=["+", "+"])
    sources = SimpleNamespace(train=train)
    monkeypatch.setattr(contestants_, "open_sources", lambda *_: sources)
    who = with_phrases("sst2_phrases", tmp_path, Contestant("three", "told", score))
    dev, test = (["bad"], ["-"]), (["fine"], ["+"])
    assert who.score(((["a good film"], ["+"]), dev, test), 1)["accuracy"] == 2
    with pytest.raises(ValueError, match="dev or test"):
        who.score((dev, dev, (["good"], ["+"])), 1)


def test_dev_texts_are_held_out_of_the_training_texts(data):
    split = next(splits_of(ROW, data))
    train, dev, test = with_dev(split, 1)
    assert len(dev[0]) == 4 and not set(dev[0]) & set(train[0])
    assert sorted(train[0] + dev[0]) == sorted(split[0][0])
    assert test == split[2]


def test_folds_judge_every_text_once(data):
    row = Row("reviews", ("train.csv",), None)
    judged = [text for _, _, test in splits_of(row, data) for text in test[0]]
    assert sorted(judged) == sorted(f"word{n}" for n in range(40))


def test_scores_are_percent():
    assert scores_of(["a", "b", "b"], ["a", "b", "a"])["accuracy"] == pytest.approx(
        66.67, abs=0.01
    )


def test_every_row_names_who_is_measured(tmp_path):
    for row in ROWS:
        names = [who.name for who in contestants(row, tmp_path)]
        assert names[0] == "recommended" and len(names) == len(set(names))


def test_changes_leave_texts_and_change_texts():
    text = "a wonderful film that never lets anybody down"
    rng = np.random.default_rng(1)
    changed = {name: change(text, rng) for name, change in CHANGES.items()}
    assert changed["as written"] == text
    assert changed["first half"] == "a wonderful film that"
    assert changed["CAPITALS"] == text.upper()
    assert changed["one typo"] != text
