"""What the n-grams of an encoder are, by example."""

import dataclasses

import numpy as np
import pytest

from textclf.config.schema import TextConfig
from textclf.errors import ArtefactError
from textclf.text.encoder import TextEncoder
from textclf.text.grams import Grams
from textclf.text.hashed_ngrams import HashedNgrams
from textclf.text.ngrams import KnownNgrams

TRAINING = ["the cat sat", "The cat ran", "a cat", "the rat"]


def learnt(**settings) -> TextEncoder:
    return TextEncoder.fit(TRAINING, TextConfig(**settings))


def spelt(encoder: TextEncoder, text: str) -> list[str]:
    """Writes every id of a text out again."""
    tokens, grams = encoder.vocabulary.tokens, encoder.grams
    border = len(tokens) + (grams.units.rows if grams.units else 0)
    words = []
    for row in encoder.encode([text]).row(0).tolist():
        if row < len(tokens):
            words.append(tokens[row])
        elif row < border:
            codes = grams.units.spelt(row - len(tokens))
            words.append("_".join(tokens[code] for code in codes))
        else:
            codes = grams.characters.spelt(row - border)
            words.append("".join(map(chr, codes)).replace(" ", "."))
    return words


def test_units_then_pairs_then_characters_word_by_word():
    encoder = learnt(ngrams=3, char_ngrams=[3, 4], ngram_min_count=2)
    assert spelt(encoder, "the cat ran") == [
        *("the", "cat", "ran", "the_cat"),
        *(".th", "the", "he.", ".the", "the."),
        *(".ca", "cat", "at.", ".cat", "cat."),
        ".ra",
    ]


def test_a_word_that_training_never_saw_is_known_by_its_characters():
    encoder = learnt(char_ngrams=[2, 3], ngram_min_count=3)
    assert spelt(encoder, "mat") == ["<unk>", "at", "t.", "at."]
    assert spelt(encoder, "mat?") == ["<unk>", "<unk>", "at", "t.", "at."]


def test_an_ngram_of_an_unknown_word_is_one_if_training_saw_it():
    encoder = learnt(ngrams=2, min_count=3, ngram_min_count=2)
    assert encoder.vocabulary.tokens[2:] == ("cat", "the")
    assert spelt(encoder, "the cat slept") == [
        *("the", "cat", "<unk>"),
        *("the_cat", "cat_<unk>"),
    ]


def test_each_once_and_ascending():
    encoder = learnt(ngrams=2, char_ngrams=[3, 3], ngram_min_count=1, distinct=True)
    once = encoder.encode(["the cat"]).row(0).tolist()
    twice = encoder.encode(["cat the cat the cat"]).row(0).tolist()
    assert once == sorted(set(once))
    assert twice == sorted(set(twice))
    assert set(once) == set(twice)


def test_no_ngram_goes_over_the_gap_of_a_cut_text_alone():
    """The ends that are kept stand beside each other, in training and afterwards."""
    settings = TextConfig(
        ngrams=2, ngram_min_count=1, max_length=2, truncate="head_tail"
    )
    encoder = TextEncoder.fit(["a b c d"], settings)
    assert spelt(encoder, "a x y d") == ["a", "d", "a_d"]


def test_hashed_characters_have_rows_of_their_own():
    encoder = learnt(ngrams=2, char_ngrams=[2, 3], ngram_buckets=5)
    vocabulary = len(encoder.vocabulary)
    assert encoder.rows == vocabulary + 5 + 5
    both = encoder.encode(["the cat"]).row(0)
    assert 0 < (both >= vocabulary + 5).sum() == len(" the ") + len(" cat ") + 4 - 0


def test_tells_what_it_knows():
    encoder = learnt(ngrams=2, char_ngrams=[2, 3], ngram_min_count=2)
    first, second = encoder.grams.to_lines()
    assert first == "units: 1 n-grams of 2, each by itself"
    assert second.startswith("characters: ") and "of 2 to 3" in second
    assert learnt().grams.to_lines() == []


def test_without_evidence_are_the_empty_and_those_of_nothing_known():
    texts = ["", "zzz", "mat", "the", "zzz the", "zzz mat"]
    for settings, silent in (
        ({}, [True, True, True, False, False, True]),
        ({"ngrams": 2}, [True, True, True, False, False, True]),
        ({"char_ngrams": [2, 3]}, [True, True, False, False, False, False]),
    ):
        encoder = learnt(**settings)
        assert encoder.silent(encoder.encode(texts)).tolist() == silent


KNOWN = KnownNgrams((np.array([2 << 32 | 3], dtype=np.int64),))


@pytest.mark.parametrize(
    "fields",
    [
        {"first_row": 3, "units": KNOWN},
        {"first_row": 2, "units": KNOWN},
        {
            "first_row": 9,
            "characters": KnownNgrams((np.array([0x110000], dtype=np.int64),)),
        },
    ],
)
def test_codes_beyond_the_vocabulary_are_refused(fields):
    Grams(4, False, KNOWN, KNOWN)
    with pytest.raises(ArtefactError, match="n-gram of unit"):
        Grams(distinct=False, **fields)


@pytest.mark.parametrize(
    "change",
    [
        {"first_row": 99},
        {"distinct": True},
        {"units": None},
        {"characters": None},
        {"units": HashedNgrams(9, 2, 2)},
        {"units": KnownNgrams(())},
        {"characters": KNOWN},
    ],
)
def test_an_encoder_takes_the_ngrams_of_its_settings_only(change):
    encoder = learnt(ngrams=2, char_ngrams=[2, 3])
    with pytest.raises(ArtefactError):
        dataclasses.replace(encoder, grams=dataclasses.replace(encoder.grams, **change))
