"""Order, size, look-up and form of the vocabulary."""

import json

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from textclf.errors import ArtefactError
from textclf.text.vocabulary import RESERVED, Vocabulary, check_units

TOKENS = st.text("aAbé你👍\uffff\U00010000", min_size=1, max_size=3)
CENSUS = st.dictionaries(TOKENS, st.integers(1, 4), max_size=12)


def build(census: dict[str, int], *, size: int = 100, min_count: int = 1) -> Vocabulary:
    counts = np.array([*census.values()], dtype=np.int64)
    tokens = pl.Series([*census], dtype=pl.String)
    return Vocabulary.build(tokens, counts, size=size, min_count=min_count)


@given(CENSUS, st.integers(3, 8), st.integers(1, 3))
def test_falling_counts_then_code_points(census, size, min_count):
    vocabulary = build(census, size=size, min_count=min_count)
    order = sorted(census, key=lambda token: (-census[token], token))
    kept = [t for t in order if census[t] >= min_count][: size - 2]
    assert vocabulary.tokens == (*RESERVED, *kept)
    lost = sum(census.values()) - sum(census[t] for t in kept)
    assert vocabulary.counts.tolist() == [0, lost, *(census[t] for t in kept)]
    assert vocabulary.counts.sum() == sum(census.values())


@given(CENSUS, st.randoms())
def test_the_order_of_a_census_does_not_matter(census, random):
    items = [*census.items()]
    random.shuffle(items)
    assert build(dict(items)).digest == build(census).digest


@given(CENSUS, st.lists(TOKENS, max_size=9))
def test_lookup_is_that_of_a_dictionary(census, tokens):
    vocabulary = build(census)
    got = vocabulary.lookup(pl.Series(tokens, dtype=pl.String))
    assert got.tolist() == [vocabulary.ids.get(token, 1) for token in tokens]


@given(st.sets(st.characters(exclude_categories=("Cs",)), max_size=9), st.text())
def test_lookup_of_code_points(known, text):
    vocabulary = build(dict.fromkeys(sorted(known), 1))
    points = pl.Series([ord(c) for c in text], dtype=pl.UInt32)
    assert vocabulary.lookup(points).tolist() == [
        vocabulary.ids.get(c, 1) for c in text
    ]


@given(CENSUS)
def test_json_round_trip(census):
    vocabulary = build(census)
    read = Vocabulary.from_json(json.loads(json.dumps(vocabulary.to_json())))
    assert read == vocabulary
    assert read.to_json() == vocabulary.to_json()
    assert [*read] == [*vocabulary.tokens]


def test_a_changed_count_or_token_is_another_vocabulary():
    one = build({"a": 2, "b": 1})
    assert one != build({"a": 3, "b": 1})
    assert one != build({"a": 2, "c": 1})
    assert one != object()


@pytest.mark.parametrize(
    ("tokens", "counts"),
    [
        (["<unk>", "<pad>", "a"], [0, 0, 1]),
        (["<pad>"], [0]),
        ([], []),
        (["<pad>", "<unk>", "a"], [0, 0]),
        (["<pad>", "<unk>", "a", "a"], [0, 0, 1, 1]),
        (["<pad>", "<unk>", "<pad>"], [0, 0, 1]),
        (["<pad>", "<unk>", 5], [0, 0, 1]),
        (["<pad>", "<unk>", ["a"]], [0, 0, 1]),
        (["<pad>", "<unk>", ""], [0, 0, 1]),
        (["<pad>", "<unk>", "\ud800"], [0, 0, 1]),
        (["<pad>", "<unk>", "a"], [0, 0, -1]),
        (["<pad>", "<unk>", "a"], [0, 0, 1.5]),
        (["<pad>", "<unk>", "a"], [0, 0, "1"]),
        (["<pad>", "<unk>", "a"], [0, 0, 2**70]),
        (["<pad>", "<unk>", "a"], [[0], [0], [1]]),
    ],
)
def test_refuses(tokens, counts):
    with pytest.raises(ArtefactError):
        Vocabulary.from_json({"tokens": tokens, "counts": counts})


def test_two_halves_of_a_surrogate_pair_are_no_units():
    with pytest.raises(ArtefactError, match="valid Unicode"):
        check_units(["\ud83d", "\udc4d"])
