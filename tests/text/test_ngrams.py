"""N-grams on the flat array against lists of lists."""

import base64
import json
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from textclf.errors import ArtefactError
from textclf.text.grams import ngrams_from_json
from textclf.text.hashed_ngrams import HashedNgrams, hash_windows
from textclf.text.ngrams import KnownNgrams, Runs, distinct, grouped

MOST = 2**31 - 1
ROWS = st.lists(st.lists(st.integers(0, 4), max_size=7), max_size=6)
FAR = st.sampled_from([0, 1, 2**16, MOST - 1, MOST])
ANY_ROWS = ROWS | st.lists(st.lists(FAR, max_size=5), max_size=5)
LENGTHS = st.tuples(st.integers(2, 5), st.integers(2, 5)).map(sorted)


def flat(rows: list[list[int]]) -> Runs:
    ids = np.array([i for row in rows for i in row], dtype=np.int32)
    return Runs(ids, np.array([len(row) for row in rows], dtype=np.int64))


def parts_of(rows: list[list[int]], size: int) -> list[Runs]:
    return [flat(rows[start : start + size]) for start in range(0, len(rows), size)]


def windows(row: list[int], length: int) -> list[tuple[int, ...]]:
    return [tuple(row[i : i + length]) for i in range(len(row) - length + 1)]


def counted(
    rows: list[list[int]], lengths: list[int], weights: list[int]
) -> Counter[tuple[int, ...]]:
    """How often each n-gram stands in the rows."""
    counts: Counter[tuple[int, ...]] = Counter()
    for row, weight in zip(rows, weights, strict=True):
        for length in range(lengths[0], lengths[1] + 1):
            for gram in windows(row, length):
                counts[gram] += weight
    return counts


def plain(pairs) -> list[list[tuple[int, int]]]:
    assert all(part.dtype == np.int32 for pair in pairs for part in pair)
    return [list(zip(*map(np.ndarray.tolist, pair), strict=True)) for pair in pairs]


class TestKnownNgrams:
    @settings(max_examples=300)
    @given(
        rows=ANY_ROWS,
        lengths=LENGTHS,
        least=st.integers(1, 3),
        size=st.integers(1, 6),
        drawn=st.none() | st.lists(st.integers(0, 3), min_size=6, max_size=6),
    )
    def test_those_that_stand_often_enough(self, rows, lengths, least, size, drawn):
        """By occurrence, in blocks of any size, and also through rare middles."""
        weigh = drawn is not None
        weights = (drawn or [1] * 6)[: len(rows)]
        known = KnownNgrams.fit(
            parts_of(rows, size),
            shortest=lengths[0],
            longest=lengths[1],
            min_count=least,
            weights=np.array(weights, dtype=np.int64) if weigh else None,
        )
        counts = counted(rows, lengths, weights)
        frequent = [gram for gram, count in counts.items() if count >= least]
        expected = sorted(frequent, key=lambda gram: (len(gram), gram))
        assert known.lengths == tuple(lengths)
        assert known.rows == len(expected)
        assert [tuple(known.spelt(row)) for row in range(known.rows)] == expected

    @given(rows=ANY_ROWS, others=ANY_ROWS, lengths=LENGTHS, least=st.integers(1, 3))
    def test_finds_them_where_they_stand(self, rows, others, lengths, least):
        known = KnownNgrams.fit(
            [flat(rows)], shortest=lengths[0], longest=lengths[1], min_count=least
        )
        places = {tuple(known.spelt(row)): row for row in range(known.rows)}
        every = rows + others
        got = plain(known.find(flat(every)))
        assert got == [
            [
                (run, places[gram])
                for run, row in enumerate(every)
                for gram in windows(row, length)
                if gram in places
            ]
            for length in range(lengths[0], lengths[1] + 1)
        ]

    def test_a_run_ends_at_its_end(self):
        rows = [[1, 2], [], [3], [1, 2], [3]]
        known = KnownNgrams.fit([flat(rows)], longest=3, min_count=1)
        assert [known.spelt(row) for row in range(known.rows)] == [[1, 2]]
        assert plain(known.find(flat([[3], [], [3, 1, 2, 3]]))) == [[(2, 0)], []]

    def test_nothing_is_known_of_nothing(self):
        for parts in ([], [flat([])], [flat([[], [1], []])]):
            known = KnownNgrams.fit(parts, longest=3, min_count=1)
            assert known.rows == 0
            assert plain(known.find(flat([[1, 1], []]))) == [[], []]
            assert plain(known.find(flat([]))) == [[], []]

    @given(rows=ANY_ROWS, lengths=LENGTHS)
    def test_json_round_trip(self, rows, lengths):
        known = KnownNgrams.fit(
            [flat(rows)], shortest=lengths[0], longest=lengths[1], min_count=1
        )
        value = json.loads(json.dumps(known.to_json()))
        read = ngrams_from_json(value)
        assert read.to_json() == known.to_json() == value
        assert (read.rows, read.lengths, read.size) == (known.rows, known.lengths, None)
        assert plain(read.find(flat(rows))) == plain(known.find(flat(rows)))

    def test_says_what_it_knows(self):
        known = KnownNgrams.fit([flat([[1, 2, 3, 4]])], longest=4, min_count=1)
        assert str(known) == "6 n-grams of 2 to 4, each by itself"

    @pytest.mark.parametrize(
        ("change", "told"),
        [
            ({"levels": ["AAAA"]}, "damaged"),
            ({"levels": ["not base64!"]}, "damaged"),
            ({"levels": ["é"]}, "damaged"),
            ({"levels": [[2 << 32, 1 << 32]]}, "do not rise"),
            ({"levels": [[1 << 32, 1 << 32]]}, "do not rise"),
            ({"levels": [[-1]]}, "from 0 up"),
            ({"levels": [[2**63 - 1, -(2**63)]]}, "from 0 up"),
            ({"levels": [[1 << 32], [1 << 32]]}, "beginning"),
            ({"levels": [[], [5]]}, "beginning"),
            ({"shortest": 1}, "expected 2 or more"),
            ({"shortest": -3}, "expected 2 or more"),
        ],
    )
    def test_damaged_keys_are_refused(self, change, told):
        def pack(keys):
            if isinstance(keys, str):
                return keys
            return base64.b64encode(np.array(keys, dtype="<i8").tobytes()).decode()

        value = {"shortest": 2, "levels": [[1 << 32]], **change}
        value["levels"] = [pack(keys) for keys in value["levels"]]
        with pytest.raises(ArtefactError, match=told):
            ngrams_from_json(value)

    def test_keys_of_another_type_are_refused(self):
        with pytest.raises(ArtefactError, match="no numbers"):
            KnownNgrams((np.array([1, 2], dtype=np.int32),))


class TestHashedNgrams:
    @given(
        rows=ANY_ROWS,
        lengths=LENGTHS,
        buckets=st.sampled_from([1, 3, 200_000, 100_000_000]),
    )
    def test_every_ngram_by_its_hash(self, reference, rows, lengths, buckets):
        hashed = HashedNgrams(buckets, *lengths)
        assert plain(hashed.find(flat(rows))) == [
            [
                (run, reference.gram_hash(list(gram)) % buckets)
                for run, row in enumerate(rows)
                for gram in windows(row, length)
            ]
            for length in range(lengths[0], lengths[1] + 1)
        ]
        assert (hashed.rows, hashed.size) == (buckets, buckets)
        assert hashed.lengths == tuple(lengths)

    @given(
        rows=ANY_ROWS,
        lengths=LENGTHS,
        buckets=st.sampled_from([1, 3, 20, 200_000]),
        size=st.integers(1, 6),
    )
    def test_collisions(self, reference, rows, lengths, buckets, size):
        hashed = HashedNgrams.fit(
            parts_of(rows, size),
            buckets=buckets,
            shortest=lengths[0],
            longest=lengths[1],
        )
        grams = counted(rows, lengths, [1] * len(rows))
        users = Counter(reference.gram_hash(list(gram)) % buckets for gram in grams)
        assert hashed.seen == len(grams)
        assert hashed.alone == sum(count == 1 for count in users.values())
        value = json.loads(json.dumps(hashed.to_json()))
        assert ngrams_from_json(value) == hashed

    def test_says_how_many_collide(self):
        assert str(HashedNgrams(4096, 2, 3, seen=2000, alone=500)) == (
            "2,000 n-grams of 2 to 3 in 4,096 buckets, 75 % of them share one"
        )
        assert "0 n-grams of 2 in" in str(HashedNgrams(5, 2, 2))

    @pytest.mark.parametrize(
        "change",
        [
            {"buckets": 0},
            {"buckets": -7},
            {"buckets": 2**31},
            {"shortest": 1},
            {"shortest": 4},
            {"seen": 3, "alone": 4},
            {"seen": -1, "alone": -1},
        ],
    )
    def test_numbers_that_cannot_be_are_refused(self, change):
        value = {**HashedNgrams(9, 2, 3).to_json(), **change}
        with pytest.raises(ArtefactError):
            ngrams_from_json(value)


PAIRS = st.integers(0, 5).flatmap(
    lambda runs: st.tuples(
        st.just(runs),
        st.lists(
            st.lists(
                st.tuples(st.integers(0, runs - 1), st.integers(0, 9) | st.just(MOST)),
                max_size=9,
            ).map(lambda pairs: sorted(pairs, key=lambda pair: pair[0]))
            if runs
            else st.just([]),
            min_size=1,
            max_size=4,
        ),
    )
)


def arrays(found):
    parts = [np.array(pairs, dtype=np.int32).reshape(-1, 2) for pairs in found]
    return [(part[:, 0], part[:, 1]) for part in parts]


def lists(runs: Runs) -> list[list[int]]:
    assert runs.codes.dtype == np.int32
    assert runs.lengths.dtype == np.int64
    ends = np.cumsum(runs.lengths)
    return [part.tolist() for part in np.split(runs.codes, ends)[: len(ends)]]


@given(PAIRS)
def test_grouped_keeps_the_order(drawn):
    runs, found = drawn
    joined = grouped(arrays(found), runs)
    assert lists(joined) == [
        [row for pairs in found for run, row in pairs if run == wanted]
        for wanted in range(runs)
    ]


@given(PAIRS)
def test_distinct_keeps_each_once(drawn):
    runs, found = drawn
    joined = distinct(arrays(found), runs)
    assert lists(joined) == [
        sorted({row for pairs in found for run, row in pairs if run == wanted})
        for wanted in range(runs)
    ]


@given(st.lists(st.integers(0, MOST), min_size=1, max_size=9), st.data())
def test_hashes_of_windows(reference, codes, data):
    length = data.draw(st.integers(1, len(codes)))
    starts = data.draw(st.lists(st.integers(0, len(codes) - length), max_size=5))
    got = hash_windows(
        np.array(codes, dtype=np.int32), np.array(starts, dtype=np.int64), length
    )
    assert got.dtype == np.uint64
    assert got.tolist() == [
        reference.gram_hash(codes[start : start + length]) for start in starts
    ]


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
