"""Exact before lower case before other cases, and the first of equals."""

from itertools import permutations

import numpy as np
import pytest

from textclf.text.vocabulary import RESERVED, Vocabulary
from textclf.vectors.matching import Match, Matcher


def match(tokens, words):
    """The word each token ends with, and the matcher."""
    tokens = (*RESERVED, *tokens)
    vocabulary = Vocabulary(tokens, np.ones(len(tokens), dtype=np.int64))
    matcher, chosen = Matcher(vocabulary), {}
    for start in range(0, len(words), 2):  # blocks of two words
        encoded = [w.encode("utf-8", "surrogateescape") for w in words[start:][:2]]
        for row, token_id in matcher.better(encoded):
            chosen[tokens[token_id]] = start + row
    return {token: words[row] for token, row in chosen.items()}, matcher


@pytest.mark.parametrize("words", list(permutations(["Paris", "paris", "PARIS"])))
def test_the_exact_word_wins_wherever_it_stands(words):
    chosen, matcher = match(["paris"], words)
    assert chosen == {"paris": "paris"}
    assert matcher.best[2] == Match.EXACT


@pytest.mark.parametrize("words", list(permutations(["Nasa", "NASA", "nAsA"])))
def test_without_it_the_first_other_case_is_taken(words):
    chosen, matcher = match(["nasa"], words)
    assert chosen == {"nasa": words[0]}
    assert matcher.best[2] == Match.OTHER_CASE


@pytest.mark.parametrize("words", list(permutations(["apple", "APPLE", "aPPLE"])))
def test_a_token_with_capitals_falls_back_to_lower_case_only(words):
    chosen, matcher = match(["Apple"], words)
    assert chosen == {"Apple": "apple"}
    assert matcher.best[2] == Match.LOWER_CASE
    assert match(["Apple"], ["APPLE", "aPPLE"])[0] == {}


def test_tokens_that_differ_in_case_are_served_apart():
    chosen, _ = match(["us", "US", "Us"], ["us", "US"])
    assert chosen == {"us": "us", "US": "US", "Us": "us"}


def test_words_beyond_ascii_follow_their_own_case():
    chosen, _ = match(["éa", "straße", "σας", "i̇"], ["ÉA", "Straße", "ΣΑΣ", "İ", "猫"])
    assert chosen == {"éa": "ÉA", "straße": "Straße", "σας": "ΣΑΣ", "i̇": "İ"}


def test_words_again_are_counted_and_the_first_stays():
    chosen, matcher = match(["a", "b"], ["a", "x", "a", "A", "a", "x", "B", "B"])
    assert chosen == {"a": "a", "b": "B"}
    assert matcher.duplicates == 2


def test_words_that_are_no_utf8_match_nothing_and_are_counted():
    words = ["film\udcff", "film", "\udcc3", "good", "\udced\udca0\udc80", "x"]
    chosen, matcher = match(["film", "good"], words)
    assert chosen == {"film": "film", "good": "good"}
    assert matcher.undecodable == 3


def test_padding_and_unknown_are_no_words():
    chosen, matcher = match(["a"], ["<pad>", "<unk>", "<UNK>", "a", ""])
    assert chosen == {"a": "a"}
    assert matcher.best[:2].tolist() == [0, 0]
