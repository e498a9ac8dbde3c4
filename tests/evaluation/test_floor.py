"""The floor scores well, tells what it is, and never fails."""

import json
from itertools import product
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from textclf.errors import DataError
from textclf.evaluation import floor as module
from textclf.evaluation.floor import Floor
from textclf.evaluation.metrics import agreement
from textclf.evaluation.predictions import BINARY, MULTICLASS, MULTILABEL

GOOD = ["a fine film", "fine and warm", "warm, lovely film", "lovely! fine"]
BAD = ["a dull film", "dull and cold", "cold, dreary film", "dreary! dull"]
MOVED = ["fine, lovely and warm", "cold, dull and dreary"]
NAMES = ("bad", "good")


def fitted(texts, targets, labels=NAMES, task=BINARY) -> Floor:
    return Floor.fit(texts, targets, labels, task, seed=7)


class TestFloor:
    def test_learns_and_tells_what_it_is(self):
        floor = fitted(GOOD + BAD, [1] * 4 + [0] * 4)
        scored = floor.score(MOVED, [1, 0])
        assert scored["majority"] == {
            "label": "bad",
            "accuracy": 0.5,
            "macro_f1": pytest.approx(1 / 3),
        }
        assert scored["linear"]["features"] == "words and characters"
        assert scored["linear"]["accuracy"] == scored["linear"]["macro_f1"] == 1.0
        assert floor.describe()["linear"]["texts"] == 8
        json.dumps(scored, allow_nan=False)

    def test_the_majority_is_that_of_training(self):
        floor = Floor.majority_only([1, 1, 0], NAMES, BINARY)
        scored = floor.score(["x", "y"], [0, 0])
        assert scored["majority"]["label"] == "good"
        assert scored["majority"]["accuracy"] == 0.0
        assert scored["linear"]["features"] == "none"
        assert scored["linear"]["note"] == "not trained"
        assert scored["linear"]["accuracy"] == 0.0

    @given(
        st.lists(st.lists(st.booleans(), min_size=4, max_size=4), min_size=1),
    )
    def test_multilabel_majority_is_the_best_constant_answer(self, rows):
        """No label set, given to every training text, has a better micro F1."""
        targets = np.array(rows, int)
        floor = Floor.majority_only(targets, ("a", "b", "c", "d"), MULTILABEL)
        texts = ["x"] * len(rows)
        reached = floor.score(texts, targets)["majority"]["micro_f1"]
        for constant in product((0, 1), repeat=4):
            always = np.broadcast_to(constant, targets.shape)
            scored = agreement(always, targets, task=MULTILABEL)
            assert reached >= scored["micro_f1"] - 1e-12

    def test_multilabel_majority_is_learnt_from_the_training_texts(self):
        """A label that less than half of them have counts, and may be the answer."""
        targets = np.array([[1, 0, 0]] * 4 + [[0, 1, 0]] * 3 + [[0, 1, 1], [0, 0, 1]])
        floor = Floor.majority_only(targets, ("a", "b", "c"), MULTILABEL)
        assert floor.describe()["majority"]["label"] == ["a", "b"]
        scored = floor.score(["x", "y"], [[0, 0, 1], [0, 0, 1]])["majority"]
        assert scored["label"] == ["a", "b"] and scored["micro_f1"] == 0.0
        none = Floor.majority_only(np.zeros((3, 2), int), ("a", "b"), MULTILABEL)
        assert none.describe()["majority"]["label"] == []

    def test_multilabel_learns_each_label(self):
        texts = [*GOOD, *BAD, "warm and cold"]
        warm = [["warm" in text, "film" in text, False] for text in texts]
        floor = fitted(texts, np.array(warm, int), ("warm", "film", "no"), MULTILABEL)
        scored = floor.score(["a warm film", "dull"], [[1, 1, 0], [0, 0, 0]])
        assert set(scored["linear"]) >= {"accuracy", "macro_f1", "micro_f1"}
        assert scored["linear"]["micro_f1"] == 1.0

    @pytest.mark.parametrize(
        ("texts", "targets", "said"),
        [
            ([""] * 4, [0, 1, 0, 1], "holds a term"),
            ([" \n"] * 4, [0, 1, 0, 1], "holds a term"),
            (GOOD, [1, 1, 1, 1], "same label"),
            (["one"], [0], "same label"),
        ],
    )
    def test_falls_back_to_the_majority_and_says_so(self, texts, targets, said):
        scored = fitted(texts, targets).score([*texts, "new"], [*targets, 0])
        assert scored["linear"]["features"] == "none"
        assert said in scored["linear"]["note"]
        assert scored["linear"]["accuracy"] == scored["majority"]["accuracy"]

    @given(
        st.lists(
            st.tuples(st.text(max_size=8), st.integers(0, 3)), min_size=1, max_size=8
        )
    )
    def test_never_fails(self, rows):
        """Not with a class of one text, an unseen class, or half a surrogate pair."""
        texts, targets = [text for text, _ in rows], [target for _, target in rows]
        names = ("a", "b", "c", "d")
        floor = fitted([*texts, "\ud800 x"], [*targets, 0], names, MULTICLASS)
        scored = floor.score([*texts, "\udfff"], [*targets, 3])
        assert 0.0 <= scored["linear"]["accuracy"] <= 1.0

    def test_scripts_without_blanks_get_characters(self):
        good, bad = (
            ["这部电影很好看", "很好的书"] * 3,
            ["这部电影太难看了", "太差的书"] * 3,
        )
        floor = fitted(good + bad, [1] * 6 + [0] * 6)
        scored = floor.score(["很好", "太差了"], [1, 0])
        assert scored["linear"]["features"] == "characters"
        assert scored["linear"]["accuracy"] == 1.0

    def test_features_follow_the_size(self, monkeypatch):
        texts, targets = (GOOD + BAD) * 5, ([1] * 4 + [0] * 4) * 5
        monkeypatch.setattr(module, "_BOTH_UP_TO", 10)
        assert fitted(texts, targets).describe()["linear"]["features"] == "words"
        monkeypatch.setattr(module, "_WORDS_UP_TO", sum(map(len, texts)) // 2)
        told = fitted(texts, targets).describe()["linear"]
        assert told["features"] == f"words of {told['texts']} sampled texts"
        assert 18 <= told["texts"] <= 20

    def test_samples_keep_every_label_and_follow_the_seed(self):
        truth = np.array([0] * 900 + [1] * 99 + [2])
        rows = module._sampled(truth, 0.1, 7)
        assert np.bincount(truth[rows]).tolist() == [90, 9, 1]
        assert (np.diff(rows) > 0).all()
        assert (rows == module._sampled(truth, 0.1, 7)).all()
        assert (rows != module._sampled(truth, 0.1, 8)).any()
        sets = np.array([[True, False]] * 10 + [[False, False]])
        assert len(module._sampled(sets, 0.2, 7)) == 3

    def test_blocks_change_nothing(self, monkeypatch):
        floor = fitted(GOOD + BAD, [1] * 4 + [0] * 4)
        whole = floor.score(GOOD + BAD, [1] * 4 + [0] * 4)
        monkeypatch.setattr(module, "_BLOCK_TEXTS", 3)
        assert floor.score(GOOD + BAD, [1] * 4 + [0] * 4) == whole

    def test_refuses_what_does_not_fit(self):
        with pytest.raises(DataError, match="shape"):
            fitted(GOOD, [0, 1])
        with pytest.raises(DataError, match="no texts"):
            fitted([], np.empty(0, dtype=int))
        with pytest.raises(DataError, match="no texts"):
            fitted(GOOD, [0, 1, 0, 1]).score([], np.empty(0, dtype=int))


def test_real_questions(shared: Path):
    """TREC: the plain scikit-learn baseline of the data's notes reaches 88.6 %."""
    tables = [
        pl.read_csv(shared / "data" / "trec" / f"{split}.csv", infer_schema=False)
        for split in ("train", "test")
    ]
    names = tuple(sorted(set(tables[0]["label"])))
    targets = [[names.index(label) for label in table["label"]] for table in tables]
    texts = [table["text"].to_list() for table in tables]
    floor = fitted(texts[0], targets[0], names, MULTICLASS)
    scored = floor.score(texts[1], targets[1])
    assert scored["linear"]["accuracy"] > 0.88
    assert scored["majority"]["accuracy"] == 0.188
