"""Scores equal a slow plain reference, for every task and for strange data."""

import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from textclf.errors import DataError
from textclf.evaluation.metrics import Scores, agreement, score
from textclf.evaluation.predictions import (
    BINARY,
    MULTICLASS,
    MULTILABEL,
    Predictions,
)


def predicted(rows: np.ndarray, task: str) -> Predictions:
    n, k = rows.shape
    marks = np.zeros(n, dtype=bool)
    names = tuple(f"label {place}" for place in range(k))
    return Predictions(names, task, rows, marks, marks, *np.zeros((2, n)))


@st.composite
def cases(draw, task=None):
    """Draws predictions, their targets, and both as lists of sets of label ids."""
    task = task or draw(st.sampled_from([BINARY, MULTICLASS, MULTILABEL]))
    k = 2 if task == BINARY else draw(st.integers(2, 5))
    n = draw(st.integers(1, 12))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    rows = rng.random((n, k)) ** 2
    if task == MULTILABEL:
        targets = rng.random((n, k)) < draw(st.sampled_from([0.0, 0.3, 1.0]))
        truth = [set(np.flatnonzero(row).tolist()) for row in targets]
        chosen = [{j for j in range(k) if row[j] >= 0.5} for row in rows]
        return predicted(rows, task), targets.astype(np.int8), truth, chosen
    rows /= rows.sum(axis=1, keepdims=True)
    targets = rng.integers(0, draw(st.integers(1, k)), n).astype(np.int32)
    truth = [{int(target)} for target in targets]
    chosen = [{max(range(k), key=lambda j, row=row: row[j])} for row in rows]
    return predicted(rows, task), targets, truth, chosen


def slow_label(truth, chosen, j):
    tp = sum(j in t and j in c for t, c in zip(truth, chosen, strict=True))
    support = sum(j in t for t in truth)
    got = sum(j in c for c in chosen)
    precision = tp / got if got else 0.0
    recall = tp / support if support else 0.0
    total = support + got
    return precision, recall, 2 * tp / total if total else 0.0, support, got


class TestScore:
    @given(cases())
    def test_equals_a_plain_reference(self, case):
        predictions, targets, truth, chosen = case
        scores = score(predictions, targets)
        n, k = len(truth), len(predictions.labels)
        pairs = list(zip(truth, chosen, strict=True))
        rows = [slow_label(truth, chosen, j) for j in range(k)]
        occurring = [row for row in rows if row[3] or row[4]]
        assert scores.n == n
        assert scores.accuracy == pytest.approx(sum(t == c for t, c in pairs) / n)
        macro = sum(row[2] for row in occurring) / max(len(occurring), 1)
        assert scores.macro_f1 == pytest.approx(macro)
        support = sum(row[3] for row in rows)
        weighted = sum(row[2] * row[3] for row in rows) / max(support, 1)
        assert scores.weighted_f1 == pytest.approx(weighted)
        for got, (precision, recall, f1, support, number) in zip(
            scores.per_label, rows, strict=True
        ):
            assert (got.precision, got.recall) == pytest.approx((precision, recall))
            assert got.f1 == pytest.approx(f1)
            assert (got.support, got.predicted) == (support, number)

    @given(cases(task=MULTICLASS))
    def test_single_label_confusion_and_loss(self, case):
        predictions, targets, truth, chosen = case
        scores = score(predictions, targets)
        for row in range(len(predictions.labels)):
            for column in range(len(predictions.labels)):
                pairs = zip(truth, chosen, strict=True)
                count = sum((t, c) == ({row}, {column}) for t, c in pairs)
                assert scores.confusion[row][column] == count
        likely = [
            row[target]
            for row, target in zip(predictions.probabilities, targets, strict=True)
        ]
        loss = -sum(math.log(p) for p in likely) / len(likely)
        assert scores.log_loss == pytest.approx(loss)
        assert scores.micro_f1 is None

    @given(cases(task=MULTILABEL))
    def test_multilabel_confusion_loss_and_micro_f1(self, case):
        predictions, targets, truth, chosen = case
        scores = score(predictions, targets)
        tp = cells = 0
        for j, ((tn, fp), (fn, found)) in enumerate(scores.confusion):
            pairs = [(j in t, j in c) for t, c in zip(truth, chosen, strict=True)]
            wanted = [(0, 0), (0, 1), (1, 0), (1, 1)]
            assert [tn, fp, fn, found] == [pairs.count(pair) for pair in wanted]
            tp, cells = tp + found, cells + 2 * found + fp + fn
        assert scores.micro_f1 == pytest.approx(2 * tp / cells if cells else 0.0)
        p = np.where(targets == 1, predictions.probabilities, 1.0)
        q = np.where(targets == 0, 1.0 - predictions.probabilities, 1.0)
        loss = -(np.log(p) + np.log(q)).sum() / targets.size
        assert scores.log_loss == pytest.approx(loss)

    @given(cases())
    def test_json_round_trip(self, case):
        scores = score(case[0], case[1])
        values = json.loads(json.dumps(scores.to_json(), allow_nan=False))
        assert Scores.from_json(values) == scores
        assert set(values["per_label"]) == set(case[0].labels)
        assert ("micro_f1" in values) == (case[0].task == MULTILABEL)

    def test_labels_that_never_occur_do_not_lower_macro_f1(self):
        rows = np.array([[0.9, 0.1, 0.0], [0.2, 0.8, 0.0]])
        scores = score(predicted(rows, MULTICLASS), [0, 1])
        assert scores.macro_f1 == 1.0
        assert scores.per_label[2].f1 == 0.0

    def test_a_sure_error_has_a_finite_loss(self):
        loss = score(predicted(np.array([[1.0, 0.0]]), BINARY), [1]).log_loss
        assert math.isfinite(loss)
        assert loss > 30

    @pytest.mark.parametrize(
        ("targets", "said"),
        [
            ([0, 2], "0 to 2, expected 0 to 1"),
            ([-1, 0], "from -1"),
            ([0], r"shape \(1,\)"),
            ([[0, 1], [1, 0]], "shape"),
            ([0.0, 1.0], "float64"),
        ],
    )
    def test_refuses_targets_that_are_no_labels(self, targets, said):
        rows = np.array([[0.9, 0.1], [0.2, 0.8]])
        with pytest.raises(DataError, match=said):
            score(predicted(rows, BINARY), targets)

    def test_refuses_no_texts(self):
        with pytest.raises(DataError, match="no texts"):
            score(predicted(np.empty((0, 2)), BINARY), np.empty(0, dtype=int))


def test_agreement_names():
    single = agreement(np.array([0, 1]), np.array([0, 0]), task=BINARY)
    assert single == pytest.approx({"accuracy": 0.5, "macro_f1": 1 / 3})
    sets = np.array([[True, False]])
    many = agreement(sets, sets, task=MULTILABEL)
    assert many == {"accuracy": 1.0, "macro_f1": 1.0, "micro_f1": 1.0}
