"""Lines that fit: long ones go on below their value."""

from hypothesis import given
from hypothesis import strategies as st

from textclf.cli.lines import folded


@given(
    st.lists(st.text("abc", min_size=1, max_size=9), min_size=1, max_size=30),
    st.integers(24, 100),
)
def test_folded_lines_keep_every_word_and_the_width(words, columns):
    line = "name        " + " ".join(words)
    text = folded([line], columns)
    assert text.split() == line.split()
    assert max(map(len, text.splitlines())) <= columns


def test_what_has_no_blank_stays_whole():
    word = "0123456789abcdef" * 4
    lines = folded([f"sha256 {word}", "short", f"name  a {word}"], 30).splitlines()
    assert [line.strip() for line in lines] == [
        *("sha256", word, "short", "name  a", word)
    ]
