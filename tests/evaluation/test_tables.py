"""Tables keep their shape, tell what they leave out, and print safely at any width."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.evaluation.samples import MANY_LABELS, answered
from textclf.evaluation.metrics import Scores, score
from textclf.evaluation.tables import (
    confusion_lines,
    confusion_markdown,
    escaped,
    fitted,
    label_lines,
    screen_width,
    text_table,
    wrapped,
)


def scored(labels=("bad", "good"), **settings) -> Scores:
    return score(*answered(labels, **settings))


class TestMarkdown:
    def test_confusion_is_a_table_or_the_most_frequent(self):
        assert "| bad | 80 | 20 |" in confusion_markdown(scored())
        lines = confusion_markdown(scored(MANY_LABELS, n=770))
        assert lines[0] == "| truth | prediction | texts |"
        assert len(lines) == 2 + 15
        assert confusion_markdown(scored(MANY_LABELS, accuracy=1.0)) == ["None."]

    @given(st.text(max_size=60))
    def test_escaping_can_be_undone_and_leaves_no_sign_bare(self, text):
        told = escaped(text)
        assert "\n" not in told
        bare = re.sub(r"\\[!-/:-@\[-`{-~]", "", told)
        assert not re.search(r"[\\`*_\[\]<>|~$&@#!]", bare)

    @pytest.mark.parametrize(
        ("text", "told"),
        [
            ("unknown words: 5.3 %", "unknown words: 5.3 %"),
            ("12:30 or a:b:", "12:30 or a\\:b:"),
            (":smile: and :+1:", "\\:smile: and \\:+1:"),
            (":thumbs_up:", "\\:thumbs\\_up:"),
            ("http://e.vil", "http\\://e.vil"),
        ],
    )
    def test_a_colon_is_escaped_where_it_makes_an_emoji_or_a_link(self, text, told):
        assert escaped(text) == told

    @given(st.text(":a_+/\\ ", max_size=12))
    def test_no_emoji_and_no_link_is_left(self, text):
        told = escaped(text).replace("\\_", "_")
        assert not re.search(r"(?<!\\):([\w+-]+:|//)", told)


class TestNames:
    def test_names_that_begin_alike_lose_their_middle(self):
        names = ["balance_not_updated_after_transfer", "balance_not_updated_after_cash"]
        rows = [["label", "n"], *([name, "1"] for name in [*names, "activate_my_card"])]
        told = [line.split()[0] for line in text_table(rows, 15)]
        assert told == ["label", "balanc…nsfer", "balanc…_cash", "activate_my…"]

    @given(st.lists(st.text("ab中", max_size=30), min_size=1), st.integers(12, 40))
    def test_a_table_fits_and_no_name_that_fits_is_cut(self, names, width):
        lines = text_table([["label", "n"], *([name, "1"] for name in names)], width)
        assert all(screen_width(line) <= width for line in lines)
        widest = max(map(screen_width, ["label", *names]))
        if widest <= width - 3:
            assert [line[:-1].strip() for line in lines[1:]] == names


class TestLines:
    def test_long_tables_tell_what_they_leave_out(self):
        text = "\n".join(label_lines(scored(MANY_LABELS, n=770), 60))
        assert "10 worst and 5 best by F1; 62 of 77 labels left out" in text
        short = "\n".join(label_lines(scored(MANY_LABELS[:16], n=770), 60))
        assert "left out" not in short

    def test_shows_the_worst_and_the_best(self):
        lines = label_lines(scored(MANY_LABELS, n=200, accuracy=0.7), 120)
        assert lines[0].startswith("label ")
        shares = [float(line.split()[3]) for line in lines[1:16]]
        assert shares == sorted(shares)
        assert shares[0] < shares[-1]

    def test_confusion_table(self):
        lines = confusion_lines(scored(), 60)
        assert "truth    1   2" in lines
        assert "1 bad   80  20" in lines

    def test_a_word_for_people_without_confusions(self):
        assert "no confusions" in confusion_lines(scored(MANY_LABELS, accuracy=1.0), 60)


class TestWidths:
    @given(st.text("ab好é\u0301 \U0001f600", max_size=20), st.integers(2, 12))
    def test_fitted_is_exact(self, text, width):
        for left in (True, False):
            assert screen_width(fitted(text, width, left=left)) == width

    @given(st.text("ab好é ", max_size=40), st.integers(2, 12))
    def test_wrapped_loses_nothing(self, text, width):
        lines = wrapped(text, width)
        assert max(map(screen_width, lines)) <= width
        assert "".join(lines).replace(" ", "") == text.replace(" ", "")
