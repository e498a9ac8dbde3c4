"""Templates are filled with every choice, or with a bounded sample of a huge number."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from textclf.behave.templates import Template, fillings, shares


def filled(text, **words):
    return Template.parse(text).fill(words)


@pytest.mark.parametrize(
    ("text", "words", "result"),
    [
        ("The {thing} was {good}.", {"thing": "film", "good": "fine"},
         "The film was fine."),
        ("{A good} day", {"good": "awful"}, "An awful day"),
        ("It is {a good} day", {"good": "Fine"}, "It is a Fine day"),
        ("{Good}!", {"good": "awful"}, "Awful!"),
        ("My {who} friend", {"who": ""}, "My friend"),
        ("{who} friend", {"who": ""}, "friend"),
        ("{{{good}}} {{}}", {"good": "x"}, "{x} {}"),
        ("no slot", {}, "no slot"),
    ],
)  # fmt: skip
def test_slots_take_words(text, words, result):
    assert filled(text, **words) == result


@pytest.mark.parametrize(
    "text", ["{", "a } b", "{a b c}", "{}", "{1}", "{a-b}", "{a {b}"]
)
def test_a_stray_brace_is_refused(text):
    with pytest.raises(ValueError, match="got"):
        Template.parse(text)


def test_a_slot_is_one_word_wherever_it_stands():
    template = Template.parse("{x} and {X}, {a x}")
    assert template.slots == ("x",)
    assert template.fill({"x": "ant"}) == "ant and Ant, an ant"


@given(st.lists(st.integers(1, 5), max_size=4), st.integers(1, 40), st.integers(0, 9))
def test_all_choices_or_a_sample_of_them(sizes, most, seed):
    slots = [f"s{n}" for n in range(len(sizes))]
    words = {
        s: [f"{s}{k}" for k in range(n)] for s, n in zip(slots, sizes, strict=True)
    }
    made = [*fillings(slots, words, most=most, rng=np.random.default_rng(seed))]
    every = [
        dict(zip(slots, choice, strict=True))
        for choice in itertools.product(*(words[slot] for slot in slots))
    ]
    assert len(made) == min(most, math.prod(sizes))
    assert all(one in every for one in made)
    assert len({str(sorted(one.items())) for one in made}) == len(made)
    if most >= len(every):
        assert made == every


def test_a_huge_product_is_only_calculated():
    slots = [f"s{n}" for n in range(60)]
    words = {slot: [str(n) for n in range(1000)] for slot in slots}
    made = [*fillings(slots, words, most=50, rng=np.random.default_rng(1))]
    again = [*fillings(slots, words, most=50, rng=np.random.default_rng(1))]
    assert len(made) == 50 and made == again


@given(st.lists(st.integers(1, 100), min_size=1, max_size=8), st.integers(8, 300))
def test_templates_share_a_sample_evenly(totals, most):
    parts = shares(totals, most)
    assert sum(parts) == min(most, sum(totals))
    assert all(1 <= part <= total for part, total in zip(parts, totals, strict=True))
    cut = [part for part, total in zip(parts, totals, strict=True) if part < total]
    assert not cut or max(cut) - min(cut) <= 1
