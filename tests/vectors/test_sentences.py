"""Texts as words, read once and streamed as often as wanted."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from textclf.errors import DataError
from textclf.vectors.sentences import open_sentences

TEXTS = st.lists(st.text("aAbc .é", max_size=20), min_size=1, max_size=12)


def plain(texts, min_count):
    """The words of each text by a plain loop: these texts have no rarer rules."""
    cut = [text.lower().replace(".", " . ").split() for text in texts]
    counts = Counter(word for words in cut for word in words)
    return [[word for word in words if counts[word] >= min_count] for words in cut]


def streamed(sentences):
    tokens, read = sentences.vocabulary.tokens, []
    for ids, lengths in sentences.chunks():
        words = [tokens[i] for i in ids]
        ends = np.concatenate([[0], np.cumsum(lengths)])
        read += [words[a:b] for a, b in zip(ends, ends[1:], strict=False)]
    return read


@given(TEXTS, st.integers(1, 3), st.integers(1, 5))
def test_the_texts_come_back_without_rare_words(texts, min_count, size):
    batches = [texts[i : i + size] for i in range(0, len(texts), size)]
    expected = plain(texts, min_count)
    if not any(expected):
        with (
            pytest.raises(DataError, match="--min-count"),
            open_sentences(batches, min_count=min_count, lowercase=True),
        ):
            pass
        return
    with open_sentences(batches, min_count=min_count, lowercase=True) as sentences:
        assert streamed(sentences) == expected
        assert streamed(sentences) == expected  # again, as in every pass
        assert sentences.words == sum(map(len, expected))
        assert sentences.running == sum(map(len, plain(texts, 1)))
        assert sentences.texts == len(texts)


def test_batches_may_come_from_a_generator_and_change_nothing():
    texts = [f"word{i % 7} and word{i % 3}" for i in range(500)]
    one = [texts]
    many = (texts[i : i + 3] for i in range(0, 500, 3))
    with (
        open_sentences(one, min_count=1, lowercase=True) as whole,
        open_sentences(many, min_count=1, lowercase=True) as parts,
    ):
        assert whole.vocabulary == parts.vocabulary
        assert streamed(whole) == streamed(parts)


def test_capitals_are_kept_on_wish():
    with open_sentences([["Film film"]], min_count=1, lowercase=False) as sentences:
        assert {"Film", "film"} < set(sentences.vocabulary.tokens)
