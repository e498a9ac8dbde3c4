"""Copies: texts that are equal but for case and blanks, told by fingerprints."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from textclf.data.copies import fingerprints, grouped, keys_of, text_key

BLANKS = st.sampled_from(" \t\n\r\x0b\x1c\x85\xa0\u2003\u3000\u200b")
TEXTS = st.lists(st.one_of(BLANKS, st.characters()), max_size=12).map("".join)


def plain_key(text: str) -> str:
    return " ".join(text.casefold().split())


@given(text=TEXTS)
def test_keys_are_those_of_the_plain_rule(text: str) -> None:
    assert text_key(text) == plain_key(text)


def test_every_character_has_the_key_of_the_plain_rule() -> None:
    for character in map(chr, range(0x3100)):
        for text in (character, f"A{character}b", f" {character}", f"{character} ."):
            assert text_key(text) == plain_key(text), repr(text)


@given(texts=st.lists(st.sampled_from(["a", "A ", "b", "a  b", "A b", "", "\ud800"])))
def test_groups_are_numbered_as_they_come(texts: list[str]) -> None:
    known: dict[str, int] = {}
    expected = [known.setdefault(plain_key(text), len(known)) for text in texts]
    keys = keys_of(texts)
    assert keys.dtype == np.uint64
    assert grouped(keys).tolist() == expected


def test_fingerprints_see_every_character() -> None:
    texts = ["", "a", "A", "a ", "ab", "é", "e\u0301"]
    assert len(set(fingerprints(texts, len(texts)).tolist())) == len(texts)
    assert (fingerprints(texts, 7) == fingerprints(iter(texts), 7)).all()
