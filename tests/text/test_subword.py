"""Byte-pair pieces: they spell the words, and foreign merges are refused."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from textclf.errors import ArtefactError
from textclf.text import subword
from textclf.text.subword import WORD_START, Subwords

WORDS = st.lists(
    st.text("abcé你👍▁\u0301\x00", min_size=1, max_size=7),
    min_size=1,
    max_size=8,
    unique=True,
)


def trained(words: list[str], *, size: int = 40) -> Subwords:
    return Subwords.train(words, np.arange(len(words), 0, -1), size=size)


def spelt(subwords: Subwords, words: list[str]) -> list[list[str]]:
    rows, lengths = subwords.split(words)
    ends = np.cumsum(lengths)
    assert rows.dtype == np.int32
    assert ends[-1:].tolist() == [len(rows)][: len(ends)]
    names = [[subwords.pieces[r] for r in part] for part in np.split(rows, ends)]
    return names[: len(words)]


@given(WORDS, st.sampled_from([1, 9, 40]))
def test_the_pieces_of_a_word_spell_it(words, size):
    for word, pieces in zip(
        words, spelt(trained(words, size=size), words), strict=True
    ):
        assert "".join(pieces) == WORD_START + word


def test_frequent_words_become_one_piece_and_rare_ones_several():
    subwords = Subwords.train(["the", "hat"], np.array([50, 1]), size=9)
    assert [len(p) for p in spelt(subwords, ["the", "hat"])] == [1, 4]


def test_unseen_characters_are_unknown_one_by_one():
    subwords = trained(["ab"])
    assert spelt(subwords, ["xay"])[0][-3:] == ["<unk>", "a", "<unk>"]


def test_no_words():
    rows, lengths = trained(["ab"]).split([])
    assert rows.tolist() == lengths.tolist() == []


@given(WORDS)
def test_json_round_trip(words):
    subwords = trained(words)
    read = Subwords.from_json(json.loads(json.dumps(subwords.to_json())))
    assert read == subwords
    assert spelt(read, words) == spelt(subwords, words)


def test_the_order_of_words_with_equal_counts_does_not_matter():
    words = ["banana", "bandana", "cabana", "nab", "abba"]
    counts = np.full(5, 3)
    one = Subwords.train(words, counts, size=20)
    assert one == Subwords.train(words[::-1], counts, size=20)


def test_a_large_corpus_is_sampled_to_scale(monkeypatch):
    monkeypatch.setattr(subword, "_SAMPLE_WORDS", 100)
    sample = [*subword._sample(["often", "rare"], np.array([1_000_000, 1]))]
    assert [part.count("▁") for part in sample] == [100, 1]


def test_long_words_are_sampled_in_parts_that_lose_nothing(monkeypatch):
    monkeypatch.setattr(subword, "_LONGEST_WORD", 3)
    assert [*subword._sample(["abcdefg", "h"], np.array([2, 1]))] == [
        "▁ab cde fg ▁ab cde fg ",
        "▁h ",
    ]


@pytest.mark.parametrize(
    ("pieces", "merges"),
    [
        (["a", "b", "ab"], []),
        (["<unk>", "a", "a"], []),
        (["<unk>", "a", 1], []),
        (["<unk>", "a", ""], []),
        (["<unk>", "a", "\ud800"], []),
        (["<unk>", "a", "b"], [["a", "b"]]),
        (["<unk>", "a", "ab"], [["a", "b"]]),
        (["<unk>", "a"], [[1, 2]]),
        (["<unk>", "a"], [["a", ""]]),
    ],
)
def test_refuses(pieces, merges):
    with pytest.raises(ArtefactError):
        Subwords.from_json({"pieces": pieces, "merges": merges})
