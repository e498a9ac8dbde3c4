"""The counted start against plain loops in float64."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.contracts import TASKS
from textclf.text.encoded import Encoded, offsets_of
from textclf.training import naive_bayes as module
from textclf.training.naive_bayes import naive_bayes

ROWS = 9  # 0 is padding, and no text has row 8
OUTPUTS = {"binary": 1, "multiclass": 3, "multilabel": 3}


def encoded_of(texts):
    lengths = np.array([len(text) for text in texts], dtype=np.int64)
    ids = np.array([i for text in texts for i in text], dtype=np.int32)
    nothing = np.zeros(len(texts))
    return Encoded(
        ids,
        offsets_of(lengths),
        nothing.astype(bool),
        nothing.astype(np.float32),
    )


@st.composite
def corpora(draw, task):
    """Texts of rows, and float32 targets; a label may have all texts or none."""
    ids = st.lists(st.integers(1, ROWS - 2), max_size=6)
    texts = draw(st.lists(ids, min_size=1, max_size=12))
    if draw(st.booleans()):
        texts = [sorted(set(text)) for text in texts]
    outputs = OUTPUTS[task]
    if task == "multiclass":
        chosen = st.lists(
            st.integers(0, outputs - 1), min_size=len(texts), max_size=len(texts)
        )
        return texts, np.eye(outputs, dtype=np.float32)[draw(chosen)]
    marks = [draw(st.lists(st.booleans(), min_size=len(texts), max_size=len(texts)))]
    marks += [[True] * len(texts), [False] * len(texts)]
    return texts, np.array(marks[:outputs], dtype=np.float32).T


def made(texts, targets, task, seed=7):
    return naive_bayes(encoded_of(texts), targets, rows=ROWS, task=task, seed=seed)


def slow_counts(texts, targets, output):
    """How often each row stands in the texts with and without an output."""
    counts = {1.0: [0] * ROWS, 0.0: [0] * ROWS}
    for text, target in zip(texts, targets[:, output], strict=True):
        for row in text:
            counts[float(target)][row] += 1
    return counts[1.0], counts[0.0]


def slow_shift(texts, targets, output):
    p, q = slow_counts(texts, targets, output)
    seen = sum(a + b > 0 for a, b in zip(p, q, strict=True))
    return math.log((sum(p) + seen) / (sum(q) + seen)) if seen else 0.0


def slow_ratios(texts, targets):
    """float64[rows, outputs]: Wang and Manning 2012, equation for r."""
    ratios = np.zeros((ROWS, targets.shape[1]))
    for output in range(targets.shape[1]):
        p, q = slow_counts(texts, targets, output)
        shift = slow_shift(texts, targets, output)
        for row in range(ROWS):
            if p[row] + q[row]:
                ratios[row, output] = math.log((p[row] + 1) / (q[row] + 1)) - shift
    return ratios


def slow_bias(targets, task):
    n = len(targets)
    counts = [float(column.sum()) + 1 for column in targets.T]
    if task == "multiclass":
        return [math.log(count / sum(counts)) for count in counts]
    return [math.log(count / (n + 2 - count)) for count in counts]


def slow_left_out(texts, targets):
    """float64[n, outputs]: each text judged by the counts of all others."""
    sums = np.zeros(targets.shape)
    for place, text in enumerate(texts):
        others = texts[:place] + texts[place + 1 :]
        rest = np.delete(targets, place, axis=0)
        for output in range(targets.shape[1]):
            p, q = slow_counts(others, rest, output)
            shift = slow_shift(texts, targets, output)
            for row in text:
                sums[place, output] += math.log((p[row] + 1) / (q[row] + 1)) - shift
    return sums


def slow_loss(weight, texts, targets, task):
    logits = weight * slow_left_out(texts, targets) + slow_bias(targets, task)
    if task == "multiclass":
        shares = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
        return -np.log((shares * targets).sum(axis=1)).mean()
    odds = 1 / (1 + np.exp(-logits))
    return -np.log(np.where(targets > 0, odds, 1 - odds)).mean()


@pytest.mark.parametrize("task", TASKS)
class TestAgainstLoops:
    @given(data=st.data())
    def test_ratios_and_bias(self, task, data):
        texts, targets = data.draw(corpora(task))
        got = made(texts, targets, task)
        assert got.table.dtype == got.bias.dtype == np.float32
        assert 0 <= got.weight <= 1
        expected = got.weight * slow_ratios(texts, targets)
        np.testing.assert_allclose(got.table, expected, rtol=1e-5, atol=1e-6)
        np.testing.assert_allclose(
            got.bias, slow_bias(targets, task), rtol=1e-5, atol=1e-6
        )

    @given(data=st.data())
    def test_rows_without_texts_say_nothing(self, task, data):
        texts, targets = data.draw(corpora(task))
        table = made(texts, targets, task).table
        absent = sorted(set(range(ROWS)) - {row for text in texts for row in text})
        assert {0, ROWS - 1} <= set(absent)
        assert not table[absent].any()

    @given(data=st.data())
    def test_sums_leave_the_text_out(self, task, data):
        texts, targets = data.draw(corpora(task))
        encoded = encoded_of(texts)
        with_it = module._counts(encoded, targets, ROWS)
        without = np.bincount(encoded.ids, minlength=ROWS)[:, None] - with_it
        shift = [
            slow_shift(texts, targets, output) for output in range(targets.shape[1])
        ]
        every = np.arange(len(texts))
        got = module._left_out_sums(
            encoded, targets, every, with_it, without, np.float32(shift)
        )
        expected = slow_left_out(texts, targets)
        np.testing.assert_allclose(got, expected, rtol=1e-5, atol=1e-5)

    @given(data=st.data())
    def test_the_weight_has_the_least_loss(self, task, data):
        texts, targets = data.draw(corpora(task))
        weight = made(texts, targets, task).weight
        least = slow_loss(weight, texts, targets, task)
        for other in (0.0, weight - 0.03, weight + 0.03, 0.5, 1.0):
            loss = slow_loss(min(max(other, 0.0), 1.0), texts, targets, task)
            assert least <= loss + 1e-4


@pytest.mark.parametrize("task", TASKS)
def test_labels_of_all_and_of_no_texts_are_finite(task):
    outputs = OUTPUTS[task]
    targets = np.zeros((4, outputs), dtype=np.float32)
    targets[:, 0] = 1
    got = made([[1, 2], [2], [], [3]], targets, task)
    assert np.isfinite(got.table).all()
    assert np.isfinite(got.bias).all()
    assert (got.bias[1:] < 0).all()
    assert (got.bias[0] > got.bias[1:]).all()


def test_texts_of_nothing_give_the_shares():
    got = made([[], []], np.array([[1], [0]], dtype=np.float32), "binary")
    assert not got.table.any()
    assert got.bias.tolist() == [0.0]


def random_corpus(n=300):
    """Texts in which every row has a second one beside it that tells the same."""
    rng = np.random.default_rng(5)
    targets = (rng.random((n, 1)) < 0.5).astype(np.float32)
    rows = [{*(rng.integers(1, 4, 2) + int(t)).tolist()} for t in targets[:, 0]]
    return [sorted(row | {r + 4 for r in row}) for row in rows], targets


def test_a_sample_of_the_texts_finds_nearly_the_same_weight(monkeypatch):
    texts, targets = random_corpus()
    whole = made(texts, targets, "binary")
    assert 0.3 < whole.weight < 0.8
    monkeypatch.setattr(module, "_CALIBRATED_ON", 150)
    part = made(texts, targets, "binary")
    assert part.weight != whole.weight
    assert part.weight == pytest.approx(whole.weight, abs=0.25)
    assert made(texts, targets, "binary").table.tobytes() == part.table.tobytes()
    assert made(texts, targets, "binary", seed=8).weight != part.weight


def test_few_ratios_are_held_at_once(monkeypatch):
    texts, targets = random_corpus()
    monkeypatch.setattr(module, "_MOST_RATIOS", 100)
    drawn = module._sample(encoded_of(texts), 1, np.random.default_rng(3))
    assert 25 <= len(drawn) <= 50
    assert (np.diff(drawn) > 0).all()
    monkeypatch.setattr(module, "_MOST_RATIOS", 0)
    assert len(module._sample(encoded_of(texts), 9, np.random.default_rng(3))) == 1
