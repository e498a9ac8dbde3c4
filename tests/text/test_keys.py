"""The table of keys against a dictionary."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from textclf.text import keys as module
from textclf.text.keys import KeyTable, gathered

MOST = 2**63 - 1
KEYS = (
    st.integers(0, 40)
    | st.integers(0, MOST)
    | st.integers(0, 40).map(lambda key: MOST - key)
    | st.integers(0, 40).map(lambda key: key << 32)
)
GOLDEN = 0x9E3779B97F4A7C15


def int64(keys) -> np.ndarray:
    return np.array(list(keys), dtype=np.int64)


def assert_as_dictionary(keys: list[int], asked: list[int]) -> None:
    places = {key: place for place, key in enumerate(keys)}
    got = KeyTable(int64(keys)).find(int64(asked))
    assert got.dtype == np.int32
    assert got.tolist() == [places.get(key, -1) for key in asked]


@given(st.lists(KEYS, unique=True, max_size=60), st.lists(KEYS, max_size=60))
def test_as_a_dictionary(keys, others):
    assert_as_dictionary(keys, keys + others + keys[::-1])


@pytest.mark.parametrize("keys", [[], [0], [MOST], [0, MOST, 1]])
def test_few_keys(keys):
    assert_as_dictionary(keys, [*keys, 0, 1, MOST, 5 << 32])
    assert KeyTable(int64(keys)).find(int64([])).tolist() == []


@pytest.mark.parametrize("known", range(0, 200, 7))
def test_keys_that_want_the_same_slot(known):
    """All begin at slot 0 or at the last one, so that probing goes around the end."""
    inverse = pow(GOLDEN, -1, 2**64)
    slots = [*range(100), *range(2**64 - 100, 2**64)]
    keys = [key for s in slots if (key := s * inverse % 2**64) <= MOST]
    table = KeyTable(int64(keys[:known]))
    first = table._first(int64(keys[:known]))
    assert known < 10 or len(np.unique(first)) <= 2
    assert_as_dictionary(keys[:known], keys)


def test_many_keys():
    rng = np.random.default_rng(4)
    keys = np.unique(rng.integers(0, 1 << 20, 100_000) << 32 | rng.integers(0, 9, 1))
    asked = rng.integers(0, 1 << 20, 300_000) << 32 | keys[0] & 15
    place = np.searchsorted(keys, asked).clip(max=len(keys) - 1)
    expected = np.where(keys[place] == asked, place, -1)
    assert np.array_equal(KeyTable(keys).find(asked), expected)
    assert 0.02 < (expected >= 0).mean() < 0.5


@pytest.mark.parametrize("most", [0, 3, 1000])
@given(parts=st.lists(st.lists(st.integers(0, 9), max_size=5), max_size=9))
def test_parts_are_gathered_seldom_and_none_is_lost(most, parts):
    joins = []

    def join(some):
        joins.append(len(some))
        return sorted(sum(some, []))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_WAITING", most)
        got = gathered(parts, nothing=[], join=join, size=len)
    assert got == sorted(sum(parts, []))
    assert len(joins) <= 1 + sum(map(len, parts)) // (most + 1)
