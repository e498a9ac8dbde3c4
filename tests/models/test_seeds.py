"""One seed for each named thing."""

from hypothesis import given
from hypothesis import strategies as st

from textclf.models.seeds import Seeds

SEEDS = st.integers(0, 2**31 - 1)


def test_seeds_stay_what_they_are():
    """Another number here means that the same configuration trains other weights."""
    assert Seeds(7).of("embedding") == 978305550
    assert Seeds(0).of("output") == 1579276319


@given(SEEDS, st.text(max_size=20))
def test_seeds_fit_every_backend(seed, name):
    assert 0 <= Seeds(seed).of(name) < 2**31
    assert Seeds(seed).of(name) == Seeds(seed).of(name)


@given(SEEDS, SEEDS)
def test_names_and_seeds_both_count(first, second):
    names = ("embedding", "output", "hidden_1", "hidden_2", "dropout")
    assert len({Seeds(first).of(name) for name in names}) == len(names)
    assert (first == second) == (Seeds(first).of("a") == Seeds(second).of("a"))
