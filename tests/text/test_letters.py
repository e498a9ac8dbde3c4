"""Words as rows of bytes."""

import numpy as np
import pytest

from textclf.text.letters import Speller, spellings_of, spelt
from textclf.text.vocabulary import RESERVED, Vocabulary


def vocabulary(*words):
    return Vocabulary((*RESERVED, *words), np.ones(2 + len(words), dtype=np.int64))


@pytest.mark.parametrize(
    ("word", "row"),
    [
        ("ab", [2, 97, 98, 3, 0, 0]),
        ("é", [2, 0xC3, 0xA9, 3, 0, 0]),
        ("abcd", [2, 97, 98, 99, 100, 3]),
        ("abcde", [2, 97, 98, 99, 100, 101]),
        ("aé" * 9, [2, 97, 0xC3, 0xA9, 97, 0xC3]),
        ("\ud800", [2, 0xED, 0xA0, 0x80, 3, 0]),
    ],
)
def test_a_word_is_its_bytes_between_marks(word, row):
    assert spelt(["x", word], length=6)[1].tolist() == row


def test_no_words_have_no_rows():
    assert spelt([], length=6).shape == (0, 6)


def test_padding_and_the_unknown_word_have_no_letters():
    rows = spellings_of(vocabulary("ab", "c"), length=4)
    assert rows.tolist() == [[0] * 4, [0] * 4, [2, 97, 98, 3], [2, 99, 3, 0]]


def test_an_unknown_word_is_spelt_by_the_bytes_of_known_ones():
    speller = Speller.of(vocabulary("ab", "cd"), length=6)
    found, rows = speller(["bad", "жж", "xyz", "baж", ""])
    assert found.tolist() == [0, 3]
    assert rows.dtype == np.float32
    assert rows.tolist() == [[2, 98, 97, 100, 3, 0], [2, 98, 97, 0, 0, 3]]


def test_a_word_of_strange_bytes_alone_stays_unknown():
    found, rows = Speller.of(vocabulary("ab"), length=5)(["жж"])
    assert len(found) == 0 and rows.shape == (0, 5)
