"""Answers: read exactly as they were kept."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from textclf.data.labels import Labels
from textclf.errors import ArtefactError
from textclf.evaluation.answers import read_answers
from textclf.evaluation.decision import Decision
from textclf.evaluation.predictions import Predictions
from textclf.run import Run

NAMES = ("a", "b", "c|d")
SINGLE = Labels(NAMES, "multiclass", None)
MANY = Labels(("a", "b", "c"), "multilabel", "|")


def predictions(labels, rows, decision):
    raw = np.array(rows, dtype=float) + 0.01
    likely = raw / raw.sum(axis=1, keepdims=True) if labels is SINGLE else raw / 101
    n = len(rows)
    flags = {"empty": np.arange(n) % 2 > 0, "truncated": np.arange(n) % 3 > 0}
    flags |= {"unknown": np.linspace(0, 1, n), "built": np.zeros(n)}
    return Predictions(labels.names, labels.task, likely, **flags, decision=decision)


def kept(folder, labels, answers, targets):
    rows = zip(labels.decode(targets), answers.records(), strict=True)
    lines = (json.dumps({"truth": truth, **record}) for truth, record in rows)
    (folder / "predictions-test.jsonl").write_text("\n".join(lines) + "\n", "utf-8")


ROWS = st.lists(
    st.lists(st.integers(0, 100), min_size=3, max_size=3), min_size=1, max_size=9
)


@pytest.mark.parametrize("labels", [SINGLE, MANY], ids=["single", "many"])
@given(rows=ROWS, seed=st.integers(0, 99))
def test_what_was_kept_is_read_back(tmp_path, labels, rows, seed):
    decision = Decision(1.5, (0.3, 0.4, 0.5) if labels is MANY else (), 0.6)
    answers = predictions(labels, rows, decision)
    rng, n = np.random.default_rng(seed), len(rows)
    if labels is MANY:
        targets = rng.integers(0, 2, (n, 3), dtype=np.int8)
    else:
        targets = rng.integers(0, 3, n, dtype=np.int32)
    kept(tmp_path, labels, answers, targets)
    read = read_answers(Run(tmp_path), "test", labels=labels, decision=decision)
    assert np.array_equal(read.truth, targets)
    assert np.array_equal(read.predictions.probabilities, answers.probabilities)
    assert np.array_equal(read.predictions.chosen(), answers.chosen())
    for flag in ("empty", "truncated", "unknown"):
        assert np.array_equal(getattr(read.predictions, flag), getattr(answers, flag))


def test_where_none_were_kept_there_are_none(tmp_path):
    read = read_answers(Run(tmp_path), "dev", labels=SINGLE, decision=Decision())
    assert read is None


@pytest.mark.parametrize("line", ["{", "[]", "{}", '{"row": 1}', '{"truth": "zebra"}'])
def test_damage_is_told(tmp_path, line):
    (tmp_path / "predictions-dev.jsonl").write_text(line + "\n")
    with pytest.raises(ArtefactError, match="got no answers"):
        read_answers(Run(tmp_path), "dev", labels=SINGLE, decision=Decision())
