"""Pieces of bytes never split a unit, and most hold one."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from textclf.text.cuts import piece_ends
from textclf.text.utf8 import Utf8

ASCII = st.text(st.characters(max_codepoint=0x7F), max_size=8)
NEAR = st.text("aé1_ '\u2019.-\x00\n\u200d\u0301\U0001f3fd❤э👍🇩\u3000", max_size=10)


def pieces_of(texts: list[str]) -> list[list[str]]:
    flat = Utf8.of(pl.Series(texts, dtype=pl.String))
    ends = piece_ends(flat.data, flat.offsets[1:])
    found = []
    for first, last in zip(flat.offsets, flat.offsets[1:], strict=False):
        inner = [first, *ends[(ends > first) & (ends <= last)]]
        spans = zip(inner, inner[1:], strict=False)
        found.append([bytes(flat.data[a:b]).decode() for a, b in spans])
    assert (np.diff(ends) > 0).all()
    return found


@given(st.lists(ASCII | NEAR | st.text(max_size=8), max_size=6))
def test_no_unit_spans_a_cut(reference, texts):
    for text, pieces in zip(texts, pieces_of(texts), strict=True):
        assert "".join(pieces) == text
        assert sum(map(reference.words, pieces), []) == reference.words(text)


def test_every_pair_and_triple_of_ascii(reference):
    wide = "aZ09_'.- \n\x00<"
    texts = [f"{a}{b}{c}" for a in wide for b in map(chr, range(128)) for c in wide]
    for text, pieces in zip(texts, pieces_of(texts), strict=True):
        assert sum(map(reference.words, pieces), []) == reference.words(text)


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("The cat, (it) sat.", "The |cat|, |(|it|) |sat|."),
        ("don't stop' ", "don't |stop|' "),
        (" 'tis dogs' 'x'.", " |'|tis |dogs|' |'|x|'|."),
        ("a  b", "a  |b"),
        ("a<br />b", "a|<|br |/|>|b"),
        ("слово, ещё", "слово|, |ещё"),
        ("“quoted” text", "“quoted” |text"),
        ("❤\u200d! x", "❤\u200d! |x"),
        ("", ""),
    ],
)
def test_pieces_of(text, pieces):
    assert "|".join(pieces_of([text])[0]) == pieces
