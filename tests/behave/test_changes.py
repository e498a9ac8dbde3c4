"""Changes do what they say and nothing else, and the same again from the same seed."""

import re
from typing import get_args

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from textclf.behave.changes import CHANGES, ChangeName
from textclf.behave.lexicon import Lexicon

LEXICON = Lexicon()
NAMES = {*LEXICON.female_names, *LEXICON.male_names, *LEXICON.last_names}
WORDS = st.sampled_from(
    [*sorted(NAMES)[:20], *LEXICON.places[:5], "was", "is not", "don't", "very", "good",
     "I", "loved", "it,", "her", "he", "film.", "42", "3.5", "(7th)", "Über", "naïve",
     "10/10!", "  ", "awful", "never", "won't", "Annabel", "Romeo", "a", "!!", "日本語"]
)  # fmt: skip
TEXTS = st.lists(WORDS, max_size=12).map(" ".join) | st.text(max_size=40)
SEEDS = st.integers(0, 2**32 - 1)


def change(name: str, text: str, seed: int = 0) -> str | None:
    rng = np.random.default_rng(seed)
    return CHANGES[name](text, rng=rng, lexicon=LEXICON)


def test_the_names_of_the_schema_are_those_of_the_changes():
    assert get_args(ChangeName) == tuple(CHANGES)
    assert all(one.function.__doc__.strip().endswith(".") for one in CHANGES.values())


@given(st.sampled_from(sorted(CHANGES)), TEXTS, SEEDS)
def test_a_change_is_repeatable_and_changes_something(name, text, seed):
    after = change(name, text, seed)
    assert after == change(name, text, seed)
    assert after is None or after != text or name in ("url_added", "handle_added")


@given(TEXTS, SEEDS)
def test_typos_keep_the_length_but_for_one_letter(text, seed):
    for name, longer in (("typo_swap", 0), ("typo_drop", -1), ("typo_double", 1)):
        after = change(name, text, seed)
        if after is not None:
            assert len(after) == len(text) + longer
    swapped = change("typo_swap", text, seed)
    if swapped is not None:
        assert sorted(swapped) == sorted(text)
        places = [
            n for n, (a, b) in enumerate(zip(text, swapped, strict=True)) if a != b
        ]
        assert len(places) == 2 and places[1] == places[0] + 1


def test_typos_stay_inside_words_of_four_letters():
    assert change("typo_drop", "it was bad 12345") is None
    for seed in range(30):
        after = change("typo_drop", "a film", seed)
        assert after in ("a flm", "a fim")


@given(TEXTS, SEEDS)
def test_only_names_change_and_alike_ones_alike(text, seed):
    after = change("names_changed", text, seed)
    parts = re.split(r"(\w+)", text)
    if after is None:
        assert not NAMES & set(parts)
        return
    new = re.split(r"(\w+)", after)
    pairs = {(a, b) for a, b in zip(parts, new, strict=True) if a != b}
    assert pairs and all({a, b} <= NAMES for a, b in pairs)
    assert len(pairs) == len({a for a, _ in pairs})
    for a, b in pairs:
        for names in (LEXICON.female_names, LEXICON.male_names, LEXICON.last_names):
            assert (a in names) == (b in names)


@given(TEXTS, SEEDS)
def test_numbers_keep_their_form(text, seed):
    after = change("numbers_changed", text, seed)
    if after is None:
        assert not re.search("[0-9]", text)
        return
    assert re.sub("[0-9]", "0", after) == re.sub("[0-9]", "0", text)
    for old, new in zip(*(re.findall("[0-9]+", t) for t in (text, after)), strict=True):
        assert (
            old != new
            and (new[0] == "0") == (old[0] == "0" or len(old) == 0)
            or (len(old) == 1 and old == "0")
        )


@given(TEXTS, SEEDS)
def test_what_is_added_leaves_the_text_whole(text, seed):
    assume(text.strip())
    body = text.strip()
    for name in ("url_added", "handle_added", "sentence_added", "punctuation_added"):
        after = change(name, text, seed)
        assert after is not None and body in after
    spaced = change("whitespace_added", text, seed)
    assert spaced is not None and spaced.split() == text.split()


@given(TEXTS)
def test_removed_marks_leave_letters_and_digits(text):
    after = change("punctuation_removed", text)
    if after is not None:
        assert re.findall(r"\w", after) == re.findall(r"\w", text)
        assert len(after) < len(text)


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("negation_added", "It was good.", "It was not good."),
        ("negation_added", "I loved it.", "I did not love it."),
        ("negation_added", "They like it, it is good.",
         "They do not like it, it is good."),
        ("negation_added", "It is not good.", None),
        ("negation_added", "Good.", None),
        ("negation_removed", "It was not good.", "It was good."),
        ("negation_removed", "It wasn't good.", "It was good."),
        ("negation_removed", "I did not love it.", "I loved it."),
        ("negation_removed", "They do not like it.", "They like it."),
        ("negation_removed", "You can't go, it won't do.", "You can go, it won't do."),
        ("negation_removed", "We never saw it.", "We saw it."),
        ("negation_removed", "Notable.", None),
        ("contractions_made", "It is not. I am. DO NOT!", "It isn't. I'm. DON'T!"),
        ("contractions_undone", "It isn't. I'm. Don't!", "It is not. I am. Do not!"),
        ("contractions_made", "This notion.", None),
        ("intensifier_removed", "It was very good.", "It was good."),
        ("intensifier_removed", "Very good.", "Good."),
        ("intensifier_removed", "It is a very odd one.", None),
        ("intensifier_removed", "Every day.", None),
        ("intensifier_added", "It is a good one.", None),
        ("intensifier_added", "Goodness.", None),
        ("gender_swapped", "He told his mother.", "She told her father."),
        ("gender_swapped", "Her film, I saw her. SHE!", "His film, I saw him. HE!"),
        ("gender_swapped", "The hero.", None),
        ("punctuation_removed", "3.5 or 4, e.g. this!", "3.5 or 4 e.g this"),
        ("punctuation_added", "Well! ", "Well!!!"),
        ("punctuation_added", "Well", "Well."),
        ("upper_case", "ABC 1", None),
        ("places_changed", "Romeo in Rome", "Romeo in "),
    ],
)  # fmt: skip
def test_wording(name, before, after):
    got = change(name, before)
    if name == "places_changed":
        assert got.startswith(after) and got != before
        return
    assert got == after


def test_intensifiers_stand_before_the_adjective():
    words = "|".join(LEXICON.intensifiers)
    assert re.fullmatch(
        rf"It was ({words}) good\.", change("intensifier_added", "It was good.")
    )
    capital = change("intensifier_added", "Good film.", 3)
    assert re.fullmatch(rf"({words}) good film\.", capital, re.IGNORECASE)
    assert capital[0].isupper()


@given(
    st.sampled_from(["was", "is", "will be", "can be"]), st.sampled_from(["It", "I"])
)
def test_an_added_negation_can_be_removed(verb, subject):
    text = f"{subject} {verb} good"
    assert change("negation_removed", change("negation_added", text)) == text


@pytest.mark.parametrize("name", sorted(CHANGES))
@pytest.mark.parametrize("unit", [".", " ", "a", "not ", "her ", "9", "! ", "Anna "])
def test_time_grows_with_length_only(name, unit):
    # Quadratic rules would take minutes here.
    change(name, unit * 50_000 + "x")
