"""Meetings of words, against counting by hand."""

from collections import defaultdict

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from textclf.vectors import cooccurrence
from textclf.vectors.cooccurrence import cooccurrences
from textclf.vectors.sentences import open_sentences

TEXTS = st.lists(
    st.lists(st.sampled_from("abcde"), max_size=12).map(" ".join),
    min_size=1,
    max_size=8,
).filter(lambda texts: any(texts))


def by_hand(texts, window):
    """As the authors' program: each word looks back, symmetric, weight 1/distance."""
    cells = defaultdict(float)
    for text in texts:
        words = text.split()
        for place, word in enumerate(words):
            for distance in range(1, min(window, place) + 1):
                other = words[place - distance]
                cells[word, other] += 1 / distance
                cells[other, word] += 1 / distance
    return {(a, b): weight for (a, b), weight in cells.items()}


def counted(texts, window):
    cells = {}
    with open_sentences([texts], min_count=1, lowercase=True) as sentences:
        tokens = sentences.vocabulary.tokens
        with cooccurrences(sentences, window=window) as found:
            for number in range(found.shards):
                shard = found.shard(number)
                for a, b, weight in zip(
                    shard.first, shard.second, shard.weights, strict=True
                ):
                    for pair in {(tokens[a], tokens[b]), (tokens[b], tokens[a])}:
                        assert pair not in cells  # every pair is in one share
                        cells[pair] = weight
    return cells


@given(TEXTS, st.integers(1, 5))
def test_meetings_are_those_of_a_plain_loop(texts, window):
    expected = by_hand(texts, window)
    got = counted(texts, window)
    assert got == {pair: pytest.approx(w, rel=1e-5) for pair, w in expected.items()}


def test_what_is_put_aside_often_and_in_many_shares_is_the_same(monkeypatch):
    rng = np.random.default_rng(3)
    texts = [" ".join(f"w{i}" for i in rng.zipf(1.5, 40) % 30) for _ in range(60)]
    whole = counted(texts, 4)
    monkeypatch.setattr(cooccurrence, "_HELD", 50)
    monkeypatch.setattr(cooccurrence, "_PER_SHARD", 700)
    assert counted(texts, 4) == {
        p: pytest.approx(w, rel=1e-4) for p, w in whole.items()
    }
