"""Results in order, however many threads there are, and an end when one stops."""

import threading
import time

import pytest

from textclf.text import workers
from textclf.text.workers import cores, in_order


@pytest.mark.parametrize("threads", [1, 2, 5])
@pytest.mark.parametrize("count", [0, 1, 2, 40])
def test_results_come_in_the_order_of_the_items(monkeypatch, threads, count):
    monkeypatch.setattr(workers, "cores", lambda: threads)

    def slow_at_first(item: int) -> int:
        time.sleep(0.002 if item % 3 == 0 else 0)
        return item * item

    got = [*in_order(slow_at_first, iter(range(count)))]
    assert got == [item * item for item in range(count)]


def test_few_items_are_held_at_a_time(monkeypatch):
    monkeypatch.setattr(workers, "cores", lambda: 2)
    taken = []
    items = (taken.append(i) or i for i in range(100))
    results = in_order(lambda item: item, items)
    for count in range(1, 50):
        next(results)
        assert len(taken) <= count + 4
    results.close()


@pytest.mark.parametrize("fault", [ValueError, KeyboardInterrupt])
def test_a_fault_ends_the_work(monkeypatch, fault):
    monkeypatch.setattr(workers, "cores", lambda: 2)
    before, done = threading.active_count(), []

    def work(item: int) -> None:
        done.append(item)
        if item == 3:
            raise fault

    with pytest.raises(fault):
        for _ in in_order(work, range(1000)):
            pass
    assert len(done) < 20
    assert threading.active_count() == before


def test_whoever_stops_early_leaves_no_thread(monkeypatch):
    monkeypatch.setattr(workers, "cores", lambda: 2)
    before = threading.active_count()
    results = in_order(lambda item: item, range(1000))
    next(results)
    results.close()
    assert threading.active_count() == before


def test_there_is_a_core():
    assert cores() >= 1
