"""Types written in units."""

from collections import Counter

import numpy as np
import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from textclf.text.spelling import Spelling
from textclf.text.subword import Subwords
from textclf.text.vocabulary import Vocabulary

TEXTS = st.lists(st.text("abc ", max_size=9), min_size=1, max_size=5)


def vocabulary_of(*tokens: str) -> Vocabulary:
    return Vocabulary(("<pad>", "<unk>", *tokens), np.ones(len(tokens) + 2, np.int64))


@given(TEXTS, st.sampled_from([1, 6, 30]))
def test_units_of_texts_and_their_counts(texts, size):
    words = [text.split() for text in texts]
    flat = sum(words, [])
    types = pl.Series(sorted(set(flat)), dtype=pl.String)
    type_counts = np.array([flat.count(t) for t in types], dtype=np.int64)
    subwords = Subwords.train(["abc", "bca", "aab"], np.array([3, 2, 1]), size=size)
    spelling = Spelling.of(types, subwords)
    vocabulary = vocabulary_of("▁a", "▁abc", "b", "c")

    rows, lengths = subwords.split(flat)
    pieces = [subwords.pieces[row] for row in rows]
    places = np.array([types.to_list().index(word) for word in flat], dtype=np.int32)
    ids, sizes = spelling.spread(
        spelling.ids(vocabulary), places, np.array([len(text) for text in words])
    )
    assert ids.tolist() == [vocabulary.ids.get(piece, 1) for piece in pieces]
    per_word = iter(lengths.tolist())
    assert sizes.tolist() == [sum(next(per_word) for _ in text) for text in words]
    counts = dict(zip(spelling.units, spelling.counts(type_counts), strict=True))
    assert {unit: n for unit, n in counts.items() if n} == Counter(pieces)
    assert spelling.one_to_one == (len(pieces) == len(flat))


def test_without_subwords_each_type_is_its_own_unit():
    spelling = Spelling.of(pl.Series(["b", "zz", "a"]), None)
    assert spelling.one_to_one
    assert spelling.counts(np.array([3, 1, 2])).tolist() == [3, 1, 2]
    assert spelling.ids(vocabulary_of("a", "b")).tolist() == [3, 1, 2]
