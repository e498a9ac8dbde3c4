"""What a user reads, and that nothing in it can steer a terminal."""

import pickle
import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from textclf.errors import (
    ArtefactError,
    ConfigError,
    DataError,
    DivergedError,
    ResourceError,
    TextclfError,
    nearest,
    one_of,
    printable,
)

FAMILIES = {
    TextclfError: 1,
    ConfigError: 2,
    DataError: 3,
    ArtefactError: 4,
    DivergedError: 5,
    ResourceError: 6,
}


@pytest.mark.parametrize(("family", "code"), FAMILIES.items())
def test_each_family_has_its_exit_code(family, code):
    assert issubclass(family, TextclfError)
    assert family("problem").exit_code == code


@pytest.mark.parametrize(
    ("where", "fix", "message"),
    [
        (None, None, "got 3, expected 2"),
        ("a.csv:7", None, "a.csv:7: got 3, expected 2"),
        (None, "set it to 2", "got 3, expected 2; fix: set it to 2"),
        ("a.csv:7", "set it to 2", "a.csv:7: got 3, expected 2; fix: set it to 2"),
    ],
)
def test_where_then_problem_then_fix(where, fix, message):
    fault = DataError("got 3, expected 2", where=where, fix=fix)
    assert str(fault) == message
    assert str(pickle.loads(pickle.dumps(fault))) == message


def test_every_part_of_a_message_is_escaped():
    fault = DataError("\x1b[2J", where="a\nb.csv", fix="\u202eabc")
    assert str(fault) == r"a\nb.csv: \x1b[2J; fix: \u202eabc"


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("\x1b[31mred", r"\x1b[31mred"),
        ("a\r\nb\tc\x00", r"a\r\nb\tc\x00"),
        ("\x7f\x9b", r"\x7f\x9b"),
        ("\u202eevil\u2066", r"\u202eevil\u2066"),
        ("zero\u200bwidth\ufeff", r"zero\u200bwidth\ufeff"),
        ("\u2028\u2029", r"\u2028\u2029"),
        ("\ud800", r"\ud800"),
        ("\ue000\U000e0041", r"\ue000\U000e0041"),
        ("naïve 你好 👍 a\xa0b", "naïve 你好 👍 a\xa0b"),
    ],
)
def test_printable(text, escaped):
    assert printable(text) == escaped


@given(st.text(st.characters()))
def test_nothing_printable_can_steer_a_terminal(text):
    shown = printable(text)
    kinds = {unicodedata.category(character) for character in shown}
    assert not kinds & {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
    shown.encode()
    assert printable(shown) == shown


@given(st.text("abc\x1b", max_size=9), st.integers(1, 9))
def test_a_limit_counts_what_was_there_before_the_escapes(text, limit):
    shown = printable(text, limit=limit)
    if len(text) <= limit:
        assert shown == printable(text)
    else:
        assert shown == printable(text[: limit - 1]) + "…"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("epoch", "epochs"),
        ("learning-rate", "learning_rate"),
        ("qqq", None),
        ("", None),
    ],
)
def test_nearest(name, expected):
    assert nearest(name, ["epochs", "learning_rate", "optimizer"]) == expected
    assert nearest(name, []) is None


def test_one_of_lists_shortens_and_escapes():
    assert one_of(["b", "a"]) == "b, a"
    assert one_of(map(str, range(30)), limit=3) == "0, 1, 2 … (30 in all)"
    assert one_of(["\x1b[2J"]) == r"\x1b[2J"
    assert one_of(["x" * 100]) == "x" * 59 + "…"
    assert re.fullmatch(r"a, b", one_of(iter("ab"), limit=2))
