"""The counted start against plain loops in float64."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.contracts import TASKS
from textclf.text.encoded import Encoded, offsets_of
from textclf.training import naive_bayes as module
from textclf.training.naive_bayes import naive_bayes

ROWS = 9  # 0 is padding, and no text has row 8
ONE, TWO = (ROWS,), (4, ROWS - 4)  # families
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


def made(texts, targets, task, families=ONE, seed=7, text_weights=None, norm=False):
    return naive_bayes(
        encoded_of(texts),
        targets,
        families=families,
        task=task,
        seed=seed,
        length_norm=norm,
        text_weights=text_weights,
    )


def family_of(row, families):
    return 0 if row < families[0] else 1


def slow_counts(texts, targets, output):
    """How often each row stands in the texts with and without an output."""
    counts = {1.0: [0] * ROWS, 0.0: [0] * ROWS}
    for text, target in zip(texts, targets[:, output], strict=True):
        for row in text:
            counts[float(target)][row] += 1
    return counts[1.0], counts[0.0]


def slow_shift(texts, targets, output, families, family):
    p, q = slow_counts(texts, targets, output)
    rows = [r for r in range(ROWS) if family_of(r, families) == family]
    seen = sum(p[r] + q[r] > 0 for r in rows)
    totals = [sum(counts[r] for r in rows) + max(seen, 1) for counts in (p, q)]
    return math.log(totals[0] / totals[1])


def slow_ratios(texts, targets, families):
    """float64[rows, outputs]: Wang and Manning 2012, equation for r."""
    ratios = np.zeros((ROWS, targets.shape[1]))
    for output in range(targets.shape[1]):
        p, q = slow_counts(texts, targets, output)
        for row in range(ROWS):
            if p[row] + q[row]:
                family = family_of(row, families)
                shift = slow_shift(texts, targets, output, families, family)
                ratios[row, output] = math.log((p[row] + 1) / (q[row] + 1)) - shift
    return ratios


def slow_bias(targets, task):
    n = len(targets)
    counts = [float(column.sum()) + 1 for column in targets.T]
    if task == "multiclass":
        return [math.log(count / sum(counts)) for count in counts]
    return [math.log(count / (n + 2 - count)) for count in counts]


def slow_left_out(texts, targets, families):
    """float64[families, n, outputs]: each text judged by the counts of all others."""
    sums = np.zeros((len(families), *targets.shape))
    for place, text in enumerate(texts):
        others = texts[:place] + texts[place + 1 :]
        rest = np.delete(targets, place, axis=0)
        for output in range(targets.shape[1]):
            p, q = slow_counts(others, rest, output)
            for row in text:
                family = family_of(row, families)
                shift = slow_shift(texts, targets, output, families, family)
                ratio = math.log((p[row] + 1) / (q[row] + 1)) - shift
                sums[family, place, output] += ratio
    return sums


def slow_loss(weights, sums, targets, task):
    """The cross-entropy, and what weights cost that stand apart, by the text."""
    mean = sum(weights) / len(weights)
    apart = module._TOGETHER * sum((weight - mean) ** 2 for weight in weights)
    apart /= len(targets) * (1 if task == "multiclass" else targets.shape[1])
    logits = sum(w * s for w, s in zip(weights, sums, strict=True))
    logits = logits + slow_bias(targets, task)
    if task == "multiclass":
        shares = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
        return apart - np.log((shares * targets).sum(axis=1)).mean()
    odds = 1 / (1 + np.exp(-logits))
    return apart - np.log(np.where(targets > 0, odds, 1 - odds)).mean()


@pytest.mark.parametrize("families", [ONE, TWO])
@pytest.mark.parametrize("task", TASKS)
class TestAgainstLoops:
    @given(data=st.data())
    def test_ratios_and_bias(self, task, families, data):
        texts, targets = data.draw(corpora(task))
        got = made(texts, targets, task, families)
        assert got.table.dtype == got.bias.dtype == got.shares.dtype == np.float32
        assert len(got.weights) == len(families)
        assert (got.weights >= 0).all()
        assert (got.weights <= 1).all()
        ratios = slow_ratios(texts, targets, families)
        weights = np.repeat(got.weights, families)[:, None]
        np.testing.assert_allclose(got.table, weights * ratios, rtol=1e-5, atol=1e-6)
        np.testing.assert_allclose(
            got.bias, slow_bias(targets, task), rtol=1e-5, atol=1e-6
        )
        beside = weights / weights.max() if weights.any() else np.ones_like(weights)
        shares = beside * np.sqrt(np.abs(ratios))
        np.testing.assert_allclose(got.shares, shares, rtol=1e-3, atol=1e-3)

    @given(data=st.data())
    def test_rows_without_texts_say_nothing(self, task, families, data):
        texts, targets = data.draw(corpora(task))
        table = made(texts, targets, task, families).table
        absent = sorted(set(range(ROWS)) - {row for text in texts for row in text})
        assert {0, ROWS - 1} <= set(absent)
        assert not table[absent].any()

    @given(data=st.data())
    def test_sums_leave_the_text_out(self, task, families, data):
        texts, targets = data.draw(corpora(task))
        encoded = encoded_of(texts)
        with_it = module._counts(encoded, targets, ROWS)
        without = np.bincount(encoded.ids, minlength=ROWS)[:, None] - with_it
        shifts = [
            [
                slow_shift(texts, targets, output, families, family)
                for output in range(targets.shape[1])
            ]
            for family in range(len(families))
        ]
        every = np.arange(len(texts))
        family = np.array([family_of(row, families) for row in range(ROWS)])
        got = module._left_out_sums(
            encoded, targets, every, with_it, without, family, np.float32(shifts)
        )
        expected = slow_left_out(texts, targets, families)
        np.testing.assert_allclose(got, expected, rtol=1e-5, atol=1e-5)

    @given(data=st.data())
    def test_the_weights_have_the_least_loss(self, task, families, data):
        texts, targets = data.draw(corpora(task))
        weights = made(texts, targets, task, families).weights
        sums = slow_left_out(texts, targets, families)
        least = slow_loss(weights, sums, targets, task)
        for place in range(len(weights)):
            here = weights[place]
            for other in (0.0, here - 0.03, here + 0.03, 0.5, 1.0):
                moved = weights.copy()
                moved[place] = min(max(other, 0.0), 1.0)
                assert least <= slow_loss(moved, sums, targets, task) + 1e-4

    @given(data=st.data())
    def test_so_have_those_of_sums_over_the_root_of_lengths(self, task, families, data):
        texts, targets = data.draw(corpora(task))
        weights = made(texts, targets, task, families, norm=True).weights
        roots = np.sqrt([max(len(text), 1) for text in texts])
        sums = slow_left_out(texts, targets, families) / roots[:, None]
        most = math.sqrt(max(np.mean([len(text) for text in texts]), 1.0))
        assert (weights <= most + 1e-6).all()
        least = slow_loss(weights, sums, targets, task)
        for place in range(len(weights)):
            for other in (0.0, 0.9 * weights[place], 1.1 * weights[place], most):
                moved = weights.copy()
                moved[place] = min(other, most)
                assert least <= slow_loss(moved, sums, targets, task) + 1e-4


@pytest.mark.parametrize("task", TASKS)
class TestWeights:
    @settings(max_examples=25)
    @given(data=st.data())
    def test_a_text_of_weight_two_counts_as_two(self, task, data):
        texts, targets = data.draw(corpora(task))
        times = np.array([data.draw(st.integers(1, 3)) for _ in texts])
        got = made(texts, targets, task, TWO, text_weights=times.astype(np.float32))
        often = np.repeat(targets, times, axis=0)
        copies = [text for text, n in zip(texts, times, strict=True) for _ in range(n)]
        ratios = slow_ratios(copies, often, TWO)
        weights = np.repeat(got.weights, TWO)[:, None]
        np.testing.assert_allclose(got.table, weights * ratios, rtol=1e-5, atol=1e-6)
        bias = slow_bias(often, task)
        np.testing.assert_allclose(got.bias, bias, rtol=1e-5, atol=1e-6)

    @settings(max_examples=25)
    @given(data=st.data())
    def test_a_text_is_left_out_with_all_its_weight(self, task, data):
        """What it would say alone does not depend on its weight."""
        texts, targets = data.draw(corpora(task))
        encoded, every = encoded_of(texts), np.arange(len(texts))
        family, shifts = np.zeros(ROWS, int), np.zeros((1, targets.shape[1]))
        sums = []
        for first in (1.0, 5.0):
            own = np.array([first] + [1.0] * (len(texts) - 1), dtype=np.float32)
            with_it = module._counts(encoded, targets, ROWS, own)
            without = module._total(encoded, ROWS, own)[:, None] - with_it
            parts = (encoded, targets, every, with_it, without, family, shifts)
            sums.append(module._left_out_sums(*parts, own)[:, 0])
        np.testing.assert_allclose(*sums, rtol=1e-4, atol=1e-4)

    def test_equal_weights_change_nothing(self, task):
        texts = [[1, 2], [2, 3], [3], [1]] * 3
        labels = np.eye(3, dtype=np.float32)[np.arange(12) % 3]
        targets = labels[:, : OUTPUTS[task]]
        bare = made(texts, targets, task, TWO)
        ones = made(texts, targets, task, TWO, text_weights=np.ones(12, np.float32))
        assert ones.table.tobytes() == bare.table.tobytes()
        assert ones.bias.tobytes() == bare.bias.tobytes()


def test_light_texts_decide_less_about_the_weight_of_ratios():
    texts, targets = random_corpus()
    noise = np.random.default_rng(3).integers(0, 2, (300, 1)).astype(np.float32)
    both, labels = texts + texts, np.concatenate([targets, noise])
    one, little = np.ones(300, np.float32), np.full(300, 0.02, np.float32)
    true, false = (
        made(both, labels, "binary", text_weights=np.concatenate(parts)).weights[0]
        for parts in ((one, little), (little, one))
    )
    assert true > 2 * false


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


def overlapping_corpus(n):
    """Three rows that tell the same beside one row that tells it once."""
    rng = np.random.default_rng(5)
    targets = (rng.random((n, 1)) < 0.5).astype(np.float32)
    texts = []
    for target in targets[:, 0]:
        single = 1 if rng.random() < 0.2 + 0.6 * target else 2
        many = rng.random() < 0.2 + 0.6 * target
        texts.append([single, *((4, 5, 6) if many else (7,))])
    return texts, targets


def test_families_that_overlap_more_weigh_less_once_texts_show_it():
    few, some, many = (
        made(*overlapping_corpus(n), "binary", TWO).weights for n in (40, 400, 4000)
    )
    assert 0.8 < many[0] <= 1
    assert many[1] < 0.7 * many[0]
    assert 0 < few[0] - few[1] < some[0] - some[1] < many[0] - many[1]


def test_where_nothing_tells_anything_all_rows_learn_alike():
    targets = np.array([[1], [0]] * 20, dtype=np.float32)
    got = made([[1], [1]] * 20, targets, "binary", TWO)
    assert module._beside_highest(np.zeros(2)).tolist() == [1, 1]
    assert np.isfinite(got.shares).all()


def test_a_sample_of_the_texts_finds_nearly_the_same_weight(monkeypatch):
    texts, targets = random_corpus()
    whole = made(texts, targets, "binary")
    assert 0.3 < whole.weights[0] < 0.8
    monkeypatch.setattr(module, "_CALIBRATED_ON", 150)
    part = made(texts, targets, "binary")
    assert part.weights[0] != whole.weights[0]
    assert part.weights[0] == pytest.approx(whole.weights[0], abs=0.25)
    assert made(texts, targets, "binary").table.tobytes() == part.table.tobytes()
    assert made(texts, targets, "binary", seed=8).weights[0] != part.weights[0]


def test_few_ratios_are_held_at_once(monkeypatch):
    texts, targets = random_corpus()
    monkeypatch.setattr(module, "_MOST_RATIOS", 100)
    drawn = module._sample(encoded_of(texts), 1, np.random.default_rng(3))
    assert 25 <= len(drawn) <= 50
    assert (np.diff(drawn) > 0).all()
    monkeypatch.setattr(module, "_MOST_RATIOS", 0)
    assert len(module._sample(encoded_of(texts), 9, np.random.default_rng(3))) == 1
