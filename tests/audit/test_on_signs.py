"""Debris is found where it is, and not in good text."""

import html

import pytest
from hypothesis import given
from hypothesis import strategies as st

from textclf.audit.on_signs import KINDS, is_mojibake, on_signs

GOOD = (
    "Plain text, with signs: (a) 5 < 6 > 4 & more; AT&T #1; see #42.",
    "Çé à la française: « déjà vu », l’été… “naïve” – Ãlso São Paulo, Ñandú, âge",
    "Übung macht den Meister – größer als „alles“ andere… café” und ‚so‘",
    "Привет, мир! Καλημέρα. 这个宾馆比较陈旧了。 สวัสดี",
    "family 👨‍👩‍👧 and flag 🇩🇪, C:/path and 1/2, e.g. a|b or [1] [ok] |x|",
)


def kinds(pool, *texts):
    return {one.kind: one for one in on_signs(pool([(text, "x") for text in texts]))}


@pytest.mark.parametrize("text", GOOD)
def test_good_text_has_none(pool, text):
    assert kinds(pool, text) == {}


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("replacement_sign", "caf\ufffd"),
        ("mojibake", "cafÃ© au lait"),
        ("mojibake", "itâ€™s"),
        ("mojibake", "ð\x9f\x98\x80"),
        ("mojibake", "ä½\xa0å¥½"),
        ("control_sign", "it\x92s"),
        ("control_sign", "a\x00b"),
        ("control_sign", "a\x85b"),
        ("html_entity", "fish &amp; chips"),
        ("html_entity", "America #39;s"),
        ("html_entity", "&#x200B;"),
        ("html_tag", "one<br />two"),
        ("html_tag", '<a href="x">'),
        ("invisible_sign", "zero\u200bwidth"),
        ("invisible_sign", "\u202eabc"),
        ("private_sign", "\ue000"),
        ("mixed_word", "p\u0430ypal"),
        ("backslash", "end of line\\next"),
        ("line_end", "two\nlines"),
        ("placeholder", "ask [NAME] or |LBR|"),
        ("placeholder", "@user hello"),
    ],
)
def test_debris_is_found_with_its_place(pool, kind, text):
    one = kinds(pool, "good", text)[kind]
    assert (one.count, one.of, one.examples[0].place) == (1, 2, "train.csv:3")
    assert one.examples[0].note and "\x92" not in one.examples[0].note


def test_every_kind_has_a_test():
    marks = test_debris_is_found_with_its_place.pytestmark
    assert {case[0] for case in marks[0].args[1]} == set(KINDS)


@given(st.text(st.characters(min_codepoint=0xA0, max_codepoint=0x24F), min_size=1))
def test_text_read_in_the_wrong_encoding_is_mojibake(text):
    assert is_mojibake(text.encode().decode("latin-1"))


@given(st.text(st.characters(codec="ascii", categories=["L", "N", "P", "Zs"])))
def test_escaped_text_is_found_where_escaping_changed_it(text):
    from textclf.audit.pool import Pool

    from .conftest import table

    escaped = html.escape(f"<{text}>")
    one = Pool({"train": table([(escaped, "x")], "train.csv")}, None)
    assert "html_entity" in {found.kind for found in on_signs(one)}
