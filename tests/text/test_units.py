"""Words and characters: the column engine against one `regex` search a text."""

import unicodedata

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from textclf.text.units import Pieces, split_characters, split_words
from textclf.text.utf8 import Utf8

# Only what Python's Unicode tables know: newer tables may class the rest otherwise.
ASSIGNED = st.characters(exclude_categories=("Cs", "Cn"))
TRICKY = st.sampled_from(
    list("aZ1_ \t\n\r\x00\x85\xa0\u3000'\u2019-!ßΣ\u0301\ufe0f\u200d\u200c\u200b\u202e")
    + ["👩", "👍", "\U0001f3fd", "\U0001f1e9", "\U0001f1ea", "🏴", "\U000e0067", "❤"]
)
TEXT = st.text(ASSIGNED | TRICKY, max_size=12) | st.text(TRICKY, max_size=12)


def column(texts: list[str]) -> pl.Series:
    return pl.Series(texts, dtype=pl.String)


def characters_of(texts: list[str]) -> Pieces:
    return split_characters(Utf8.of(column(texts)))


def per_text(pieces: Pieces) -> list[list[str]]:
    flat = pieces.flat.to_list()
    if pieces.flat.dtype != pl.String:
        flat = [chr(point) for point in flat]
    found, start = [], 0
    for length in pieces.lengths.tolist():
        found.append(flat[start : start + length])
        start += length
    assert start == len(flat)
    return found


@given(st.lists(TEXT, max_size=6))
def test_words_are_those_of_the_reference(reference, texts):
    got = per_text(split_words(column(texts)))
    assert got == [reference.words(text) for text in texts]


@given(st.lists(TEXT, max_size=6))
def test_characters_are_those_of_the_reference(reference, texts):
    got = per_text(characters_of(texts))
    assert got == [reference.characters(text) for text in texts]


def test_every_assigned_character_between_letters_and_alone(reference):
    points = (chr(p) for p in range(0x110000))
    known = [c for c in points if unicodedata.category(c) not in ("Cn", "Cs", "Co")]
    texts = ["".join(f"a{c}b {c}\n" for c in known[i::99]) for i in range(99)]
    assert per_text(split_words(column(texts))) == [*map(reference.words, texts)]
    got = per_text(characters_of(texts))
    assert got == [*map(reference.characters, texts)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("don't  stop", ["don't", "stop"]),
        ("don\u2019t", ["don\u2019t"]),
        ("'tis the dogs'", ["'", "tis", "the", "dogs", "'"]),
        ("well-known: 3.5%", ["well", "-", "known", ":", "3", ".", "5", "%"]),
        ("snake_case", ["snake_case"]),
        ("cafe\u0301 नमस्ते", ["cafe\u0301", "नमस्ते"]),
        ("你好，世界", ["你好", "，", "世界"]),
        ("👍👍🏽!", ["👍", "👍🏽", "!"]),
        ("👩\u200d👩\u200d👧x", ["👩\u200d👩\u200d👧", "x"]),
        ("👩🏽\u200d💻", ["👩🏽\u200d💻"]),
        ("❤\ufe0f\u200d🔥", ["❤\ufe0f\u200d🔥"]),
        ("🇩🇪🇫🇷", ["🇩🇪", "🇫🇷"]),
        ("🇩🇪🇫", ["🇩🇪", "🇫"]),
        (
            "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f!",
            ["🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f", "!"],
        ),
        ("1\ufe0f\u20e3", ["1\ufe0f\u20e3"]),
        ("a\xa0b\u3000c\x00", ["a", "b", "c", "\x00"]),
        ("", []),
        (" \n\t\u2003", []),
    ],
)
def test_words_of(text, words):
    assert per_text(split_words(column([text]))) == [words]


@pytest.mark.parametrize(
    ("text", "characters"),
    [
        ("  a \t\n b ", ["a", " ", "b"]),
        ("e\u0301", ["e", "\u0301"]),
        ("\xa0你 好\u3000", ["你", " ", "好"]),
        ("\x00\u202e", ["\x00", "\u202e"]),
        (" \n", []),
    ],
)
def test_characters_of(text, characters):
    assert per_text(characters_of([text])) == [characters]


@pytest.mark.parametrize("pieces", [split_words(column([])), characters_of([])])
def test_no_texts_have_no_units(pieces):
    assert len(pieces.flat) == 0
    assert pieces.lengths.tolist() == []
