"""Hashed n-grams on the flat array against one text after the other."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from textclf.text.ngrams import hash_windows, with_ngrams

ROWS = st.lists(st.lists(st.integers(1, 40), max_size=7), max_size=6)


def flat(rows: list[list[int]]) -> tuple[np.ndarray, np.ndarray]:
    ids = np.array([i for row in rows for i in row], dtype=np.int32)
    return ids, np.array([len(row) for row in rows], dtype=np.int64)


@given(ROWS, st.integers(1, 5), st.sampled_from([1, 3, 200_000, 100_000_000]))
def test_units_then_bigrams_then_trigrams(reference, rows, n, buckets):
    first = 50_000_000
    ids, lengths = with_ngrams(*flat(rows), n=n, first_row=first, buckets=buckets)
    expected = [
        row
        + [
            first + reference.gram_hash(row[start : start + order]) % buckets
            for order in range(2, n + 1)
            for start in range(len(row) - order + 1)
        ]
        for row in rows
    ]
    assert ids.dtype == np.int32
    assert ids.tolist() == [i for row in expected for i in row]
    assert lengths.tolist() == [len(row) for row in expected]


def test_the_hash_is_that_of_splitmix64():
    # With an all-zero window of one id, the state is 1 + the golden gamma: the first
    # output of the generator seeded with 1 (Vigna's splitmix64.c).
    got = hash_windows(np.zeros(1, np.int32), np.zeros(1, np.int64), 1)
    assert got.tolist() == [0x910A2DEC89025CC1]


def test_order_and_repetition_count():
    ids = np.array([2, 3, 3, 2, 2, 2], dtype=np.int32)
    hashes = hash_windows(ids, np.array([0, 2, 4]), 2)
    assert len(set(hashes.tolist())) == 3
    assert (
        hash_windows(ids, np.array([3]), 3)[0] != hash_windows(ids, np.array([4]), 2)[0]
    )
