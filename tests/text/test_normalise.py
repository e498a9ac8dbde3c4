"""Normal forms, lower case and cuts against `unicodedata` and slices."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from textclf.config.schema import TextConfig
from textclf.text import normalise as module
from textclf.text.normalise import (
    character_limit,
    cut,
    has_sigma,
    lowered,
    normalise,
    text_column,
)

# Sigma's small form depends on its neighbours; Python's tables know no newer ones.
TRICKY = st.sampled_from(list("ΣσςİıIßẞÅÅﬁ²½ '.\u0301\u0323\u00ad\u1e9b가ᄀ"))
TEXT = st.text(TRICKY | st.characters(exclude_categories=("Cs", "Cn")), max_size=10)
FORM = st.sampled_from(["none", "nfc", "nfkc"])


@given(st.lists(TEXT, max_size=6), FORM, st.booleans())
def test_normal_form_then_lower_case(reference, texts, form, lowercase):
    settings = TextConfig(unicode=form, lowercase=lowercase)
    got = normalise(text_column(texts), settings).to_list()
    assert got == [reference.normalised(text, settings) for text in texts]


@pytest.mark.parametrize("form", ["none", "nfc", "nfkc"])
def test_every_assigned_character(reference, form):
    points = (chr(p) for p in range(0x110000))
    texts = [c for c in points if unicodedata.category(c) not in ("Cn", "Cs", "Co")]
    settings = TextConfig(unicode=form)
    got = normalise(text_column(texts), settings).to_list()
    assert got == [reference.normalised(text, settings) for text in texts]


def test_every_capital_sigma_is_seen():
    points = [chr(p) for p in range(0x110000) if not 0xD800 <= p < 0xE000]
    forms = ((c, unicodedata.normalize("NFKC", c)) for c in points)
    sigmas = [c for c, form in forms if "Σ" in form]
    assert {"Σ", "Ϲ", "𝚺"} < {*sigmas}
    for sigma in sigmas:
        assert has_sigma(lowered(text_column(["a", f"b{sigma}"]), TextConfig()))
    for text in ("", "a", "éЯ你👍"):
        assert not has_sigma(lowered(text_column(["ab", text]), TextConfig()))


@pytest.mark.parametrize(
    ("one", "other", "form"),
    [
        ("cafe\u0301", "caf\xe9", "nfc"),  # row 25 of the fault table
        ("\xc9t\xe9", "E\u0301te\u0301", "nfkc"),
        ("a\xa0b", "a b", "nfkc"),
        ("ﬁne", "fine", "nfkc"),
    ],
)
def test_spellings_that_become_one(one, other, form):
    both = normalise(text_column([one, other]), TextConfig(unicode=form)).to_list()
    assert both[0] == both[1]


@given(
    st.lists(st.text(max_size=5) | st.just("a\ud800\udc00b\udfff\ud83d"), max_size=5)
)
def test_lone_surrogates_become_the_replacement_character(reference, texts):
    settings = TextConfig(unicode="none", lowercase=False)
    got = text_column(texts).to_list()
    assert got == [reference.normalised(text, settings) for text in texts]


@given(
    st.lists(st.text("aé你👍 ", max_size=30), max_size=6),
    st.sampled_from(["head", "tail", "head_tail"]),
    st.integers(1, 12),
)
def test_cut_keeps_the_ends_that_truncation_keeps(texts, keep, limit):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "character_limit", lambda settings: limit)
        column, was_cut = cut(text_column(texts), TextConfig(truncate=keep))
    half = limit // 2
    short = {
        "head": lambda t: t[:limit],
        "tail": lambda t: t[-limit:],
        "head_tail": lambda t: t[:half] + " " + t[len(t) - half :],
    }[keep]
    assert column.to_list() == [t if len(t) <= limit else short(t) for t in texts]
    assert was_cut.tolist() == [len(text) > limit for text in texts]


def test_the_cut_lies_far_beyond_max_length():
    assert character_limit(TextConfig(max_length=1)) == module.MIN_CHARACTERS
    assert character_limit(TextConfig(max_length=100_000)) == 2_000_000
