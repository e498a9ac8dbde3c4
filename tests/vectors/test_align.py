"""Two languages in one space: a hidden rotation is found, held-out words stay out."""

import numpy as np
import pytest

from textclf.errors import ConfigError, DataError
from textclf.vectors.align import entries_of, held_out, precision, rotation
from textclf.vectors.table import Vectors


def languages(words=80, dim=12, noise=0.0, seed=3):
    """Two languages whose spaces differ by a rotation, and noise."""
    rng = np.random.default_rng(seed)
    matrix = rng.standard_normal((words, dim))
    turn, _ = np.linalg.qr(rng.standard_normal((dim, dim)))
    other = matrix @ turn + noise * rng.standard_normal((words, dim))
    source = Vectors(tuple(f"a{i}" for i in range(words)), matrix.astype(np.float32))
    target = Vectors(tuple(f"b{i}" for i in range(words)), other.astype(np.float32))
    return source, target, turn, [(f"a{i}", f"b{i}") for i in range(words)]


def test_a_hidden_rotation_is_recovered():
    source, target, turn, pairs = languages()
    entries = entries_of(pairs, source, target)
    learnt, asked = held_out(entries, 0.25, np.random.default_rng(1))
    found = rotation(source, target, learnt)
    assert found == pytest.approx(turn, abs=1e-4)
    assert (found.T @ found) == pytest.approx(np.eye(12), abs=1e-5)
    assert len(asked) == 20 and not set(asked) & set(learnt)
    assert all(one.share == 1 for one in precision(source, target, asked, found))


def test_held_out_words_decide_nothing():
    source, target, _, pairs = languages(noise=0.3)
    entries = entries_of(pairs, source, target)
    learnt, asked = held_out(entries, 0.25, np.random.default_rng(1))
    first = rotation(source, target, learnt)
    changed = target.matrix.copy()
    changed[[target.ids[other] for w in asked for other in asked[w]]] = 1.0
    spoilt = Vectors(target.tokens, changed)
    assert np.array_equal(first, rotation(source, spoilt, learnt))


def plain_precision(source, target, entries, turn, by, cutoff, near=10):
    """By the definition, pair by pair."""
    x, y = source.unit @ turn, target.unit
    hits = 0
    for word, others in entries.items():
        query = x[source.ids[word]]
        own = np.sort(y @ query)[-near:].mean()
        scores = []
        for other in range(len(y)):
            cosine = y[other] @ query
            crowd = np.sort(x @ y[other])[-near:].mean()
            scores.append(cosine if by == "cosine" else 2 * cosine - own - crowd)
        best = np.argsort(scores)[::-1][:cutoff]
        hits += any(target.tokens[i] in others for i in best)
    return hits / len(entries)


def test_precision_is_that_of_the_definition():
    source, target, _, pairs = languages(words=40, noise=1.1)
    pairs += [("a0", "b7"), ("a3", "b9")]
    entries = entries_of(pairs, source, target)
    turn = rotation(source, target, entries)
    for one in precision(source, target, entries, turn):
        expected = plain_precision(source, target, entries, turn, one.by, one.cutoff)
        assert one.share == pytest.approx(expected)
        assert one.interval[0] <= one.share <= one.interval[1]


def test_faults():
    source, target, _, pairs = languages(words=5)
    with pytest.raises(DataError, match="order of the dictionary"):
        entries_of([(b, a) for a, b in pairs], source, target)
    small = Vectors(target.tokens, target.matrix[:, :3])
    with pytest.raises(ConfigError, match="of 12 and of 3"):
        rotation(source, small, {"a1": ("b1",)})
    with pytest.raises(ConfigError, match="--heldout"):
        held_out({"a": ("b",)}, 1.0, np.random.default_rng(1))
    with pytest.raises(DataError, match="learn from"):
        held_out({"a": ("b",)}, 0.0, np.random.default_rng(1))
