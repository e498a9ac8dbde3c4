"""A text taken apart gives the encoder's ids, and spreads what they have."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from textclf.config.schema import TextConfig
from textclf.text.anatomy import Anatomy
from textclf.text.encoder import TextEncoder

TRAINING = ["the film was not good , not good at all", "a good a bad ﬃ é", "ab ba"] * 2
SETTINGS = {
    "words": {},
    "distinct": {"distinct": True},
    "trigrams": {"ngrams": 3},
    "distinct-trigrams": {"ngrams": 3, "distinct": True},
    "buckets": {"ngrams": 2, "ngram_buckets": 40},
    "characters-inside": {"char_ngrams": [2, 4]},
    "both": {"ngrams": 2, "char_ngrams": [2, 3], "distinct": True},
    "hashed-both": {"ngrams": 2, "char_ngrams": [2, 3], "ngram_buckets": 50},
    "characters": {"unit": "character", "ngrams": 2},
    "subwords": {"unit": "subword", "vocabulary_size": 40, "ngrams": 2},
    "short": {"max_length": 4, "truncate": "head_tail", "ngrams": 2},
}
WORD = st.sampled_from([*" ".join(TRAINING).split(), "new", "½", "\ud800", "İ", "\n"])
TEXT = st.lists(WORD, max_size=12).map(" ".join)


@pytest.fixture(scope="module", params=SETTINGS)
def encoder(request):
    return TextEncoder.fit(TRAINING, TextConfig(**SETTINGS[request.param]))


@settings(max_examples=20)
@given(TEXT)
def test_scores_are_spread_over_the_characters_of_each_id(encoder, text):
    anatomy = Anatomy.of(text, encoder)  # it checks that the ids are the encoder's
    ids = anatomy.encoded.row(0)
    for position in range(len(ids)):
        scores = np.zeros(len(ids))
        scores[position] = 2.0
        spread = anatomy.spread(scores)
        assert spread.sum() == pytest.approx(2.0)
        places = np.flatnonzero(anatomy.owners == position)
        assert {anatomy.occurrences[p].id for p in places} == {ids[position]}
        inside = np.zeros(len(text), dtype=bool)
        for place in places:
            for start, end, _ in anatomy.occurrences[place].pieces:
                inside[start:end] = True
        assert (np.abs(spread[~inside]) < 1e-12).all() and (spread[inside] > 0).all()


@settings(max_examples=20)
@given(TEXT)
def test_without_nothing_it_is_the_text(encoder, text):
    anatomy = Anatomy.of(text, encoder)
    again = anatomy.without([np.zeros(0, dtype=np.int64)])
    assert np.array_equal(again.ids, anatomy.encoded.ids)
    assert np.array_equal(again.unknown, anatomy.encoded.unknown)


def test_without_a_word_it_is_the_text_without_it(encoder):
    if encoder.settings.unit != "word" or encoder.settings.max_length < 8:
        pytest.skip("words stand for themselves only where no others take their place")
    words = ["the", "film", "was", "not", "good", "at", "all"]
    anatomy = Anatomy.of(" ".join(words), encoder)
    got = anatomy.without([np.array([row]) for row in range(len(words))])
    rest = [" ".join(words[:row] + words[row + 1 :]) for row in range(len(words))]
    expected = encoder.encode(rest)
    assert np.array_equal(got.ids, expected.ids)
    assert np.array_equal(got.offsets, expected.offsets)
    assert np.array_equal(got.unknown, expected.unknown)


def test_an_ngram_is_named_and_shared_by_letters():
    encoder = TextEncoder.fit(TRAINING, TextConfig(ngrams=2))
    anatomy = Anatomy.of("not  good", encoder)
    assert [o.name for o in anatomy.occurrences] == ["not", "good", "not good"]
    spread = anatomy.spread(np.array([0.0, 0.0, 7.0]))
    assert spread == pytest.approx([1, 1, 1, 0, 0, 1, 1, 1, 1])


def test_a_distinct_word_shares_its_score_among_its_places():
    encoder = TextEncoder.fit(TRAINING, TextConfig(distinct=True))
    anatomy = Anatomy.of("good and good", encoder)
    scores = np.where(anatomy.encoded.row(0) == encoder.vocabulary.ids["good"], 4.0, 0)
    assert anatomy.spread(scores) == pytest.approx([0.5] * 4 + [0] * 5 + [0.5] * 4)


def test_character_ngrams_stand_inside_their_word():
    encoder = TextEncoder.fit(["ab"], TextConfig(char_ngrams=[2, 2], ngram_min_count=1))
    anatomy = Anatomy.of("x ab", encoder)
    inside = [(o.name, o.pieces) for o in anatomy.occurrences if not o.single]
    assert inside == [
        ("␣a", ((2, 3, 1),)),
        ("ab", ((2, 3, 1), (3, 4, 1))),
        ("b␣", ((3, 4, 1),)),
    ]
