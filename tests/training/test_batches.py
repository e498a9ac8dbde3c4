"""The order of an epoch."""

import math
from threading import current_thread
from threading import enumerate as enumerate_threads

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from textclf.text.encoded import Encoded, offsets_of
from textclf.training.batches import KeptBatches, ahead, shuffled

LENGTHS = st.lists(st.integers(0, 60), min_size=1, max_size=400)
SIZES = st.integers(1, 20)
SEEDS = st.integers(0, 2**31 - 1)


def encoded_of(lengths, fill=2):
    lengths = np.array(lengths, dtype=np.int64)
    ids = np.full(lengths.sum(), fill, dtype=np.int32)
    flags = np.zeros(len(lengths))
    return Encoded(ids, offsets_of(lengths), flags.astype(bool), flags)


def order(lengths, *, size, seed=7, epoch=1, fill=2):
    found = shuffled(
        encoded_of(lengths, fill).lengths, size=size, seed=seed, epoch=epoch
    )
    return [rows.tolist() for rows in found]


@given(LENGTHS, SIZES, SEEDS, st.integers(1, 9))
def test_every_row_comes_once(lengths, size, seed, epoch):
    found = order(lengths, size=size, seed=seed, epoch=epoch)
    assert sorted(row for rows in found for row in rows) == list(range(len(lengths)))
    assert all(1 <= len(rows) <= size for rows in found)
    assert len(found) == math.ceil(len(lengths) / size)


@given(LENGTHS, SIZES, SEEDS, st.integers(1, 9))
def test_the_order_is_a_function_of_seed_and_epoch(lengths, size, seed, epoch):
    first = order(lengths, size=size, seed=seed, epoch=epoch)
    order(lengths, size=size, seed=seed + 1, epoch=epoch + 1)
    np.random.default_rng().random()
    again = order(lengths, size=size, seed=seed, epoch=epoch, fill=9)
    assert first == again


def test_epochs_and_seeds_differ():
    lengths = np.random.default_rng(1).integers(1, 60, size=500)
    found = [order(lengths, size=10, seed=s, epoch=e) for s in (1, 2) for e in (1, 2)]
    assert len({str(batches) for batches in found}) == 4
    pairs = [{frozenset(rows) for rows in found[i]} for i in (0, 1)]
    assert len(pairs[0] & pairs[1]) < 5, "batches must be mixed anew every epoch"


@given(st.permutations(range(1, 50 * 6 + 1)), st.integers(6, 20))
def test_batches_hold_like_lengths(lengths, size):
    """All different lengths in one pool: every batch is a run of neighbours."""
    for rows in order(lengths, size=size):
        held = sorted(lengths[row] for row in rows)
        assert held[-1] - held[0] == len(rows) - 1


def test_long_texts_do_not_come_last():
    """Batches are permuted, or every epoch would end on the longest texts."""
    lengths = list(range(1, 401))
    longest = [lengths[max(rows)] for rows in order(lengths, size=8)]
    falls = sum(a > b for a, b in zip(longest, longest[1:], strict=False))
    assert 0.3 < falls / len(longest) < 0.7


def test_no_rows_make_no_batches():
    assert order([], size=4) == []


class TestAhead:
    @pytest.mark.parametrize("count", [0, 1, 2, 3, 50])
    def test_makes_everything_in_order(self, count):
        made = list(ahead(lambda item: item * item, range(count)))
        assert made == [item * item for item in range(count)]

    def test_works_in_a_thread_that_ends(self):
        names = set(ahead(lambda _: current_thread().name, range(9)))
        assert names == {"textclf_0"}
        assert "textclf_0" not in {thread.name for thread in enumerate_threads()}

    def test_is_little_ahead(self):
        asked = []
        made = ahead(lambda item: item, (asked.append(i) or i for i in range(99)))
        assert [next(made), next(made)] == [0, 1]
        assert asked == [0, 1, 2, 3]
        made.close()
        assert "textclf_0" not in {thread.name for thread in enumerate_threads()}

    @pytest.mark.parametrize("fault", [ValueError, KeyboardInterrupt])
    def test_raises_what_the_making_raises_in_its_turn(self, fault):
        def make(item):
            if item == 3:
                raise fault("broken")
            return item

        made = ahead(make, range(9))
        assert [next(made) for _ in range(3)] == [0, 1, 2]
        with pytest.raises(fault, match="broken"):
            next(made)
        assert "textclf_0" not in {thread.name for thread in enumerate_threads()}


def test_batches_are_made_once_where_there_is_room():
    made = []

    def make():
        made.append("an epoch")
        yield from (1, 2)

    kept = KeptBatches(epochs=1)
    assert [list(kept.of(epoch, make)) for epoch in (1, 1, 2, 2)] == [[1, 2]] * 4
    assert len(made) == 3


def test_an_epoch_that_was_left_early_is_made_anew():
    kept = KeptBatches(epochs=1)
    assert next(kept.of(1, lambda: iter((1, 2)))) == 1
    assert list(kept.of(1, lambda: iter((3, 4)))) == [3, 4]
