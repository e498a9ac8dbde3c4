"""Types written in units."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from textclf.text.census import Census
from textclf.text.normalise import text_column
from textclf.text.spelling import Spelling
from textclf.text.subword import Subwords
from textclf.text.units import split_words
from textclf.text.vocabulary import Vocabulary

TEXTS = st.lists(st.text("abc ", max_size=9), min_size=1, max_size=5)


def vocabulary_of(*tokens: str) -> Vocabulary:
    return Vocabulary(("<pad>", "<unk>", *tokens), np.ones(len(tokens) + 2, np.int64))


@given(TEXTS, st.sampled_from([1, 6, 30]))
def test_units_of_texts_and_their_counts(texts, size):
    census = Census()
    census.add(split_words(text_column(texts)))
    types, type_counts = census.types()
    subwords = Subwords.train(["abc", "bca", "aab"], np.array([3, 2, 1]), size=size)
    spelling = Spelling.of(types, subwords)
    vocabulary = vocabulary_of("▁a", "▁abc", "b", "c")

    rows, lengths = subwords.split([w for text in texts for w in text.split()])
    pieces = [subwords.pieces[row] for row in rows]
    ids, sizes = spelling.spell(vocabulary, census)
    assert ids.tolist() == [vocabulary.ids.get(piece, 1) for piece in pieces]
    per_word = iter(lengths.tolist())
    expected = [sum(next(per_word) for _ in text.split()) for text in texts]
    assert sizes.tolist() == expected
    counts = spelling.counts(type_counts)
    assert counts.tolist() == [pieces.count(piece) for piece in subwords.pieces]


def test_without_subwords_each_type_is_its_own_unit():
    census = Census()
    census.add(split_words(text_column(["b a b", "", "zz"])))
    types, counts = census.types()
    spelling = Spelling.of(types, None)
    assert spelling.counts(counts).tolist() == counts.tolist()
    ids, lengths = spelling.spell(vocabulary_of("a", "b"), census)
    assert ids.tolist() == [3, 2, 3, 1]
    assert lengths.tolist() == [3, 0, 1]
