"""Work on many pieces at once, with the results in the order of the pieces."""

import os
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import chain, islice
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


def cores() -> int:
    """Returns how many processor cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def in_order(
    function: Callable[[Item], Result], items: Iterable[Item]
) -> Iterator[Result]:
    """Yields `function` of each item, worked out on threads, one a core.

    The number of threads changes no result. At most two items more than there are
    threads are held at a time. Whoever stops early, as Ctrl-C does, waits for the items
    that are being worked on and for no other.
    """
    items, threads = iter(items), cores()
    first = [*islice(items, 2)]
    if threads == 1 or len(first) < 2:
        yield from map(function, chain(first, items))
        return
    yield from threaded(function, chain(first, items), threads=threads)


def threaded(
    function: Callable[[Item], Result], items: Iterable[Item], *, threads: int
) -> Generator[Result, None, None]:
    """Yields `function` of each item in order, worked out on this many threads.

    At most `threads + 1` results wait to be taken. What `function` raises is raised in
    its turn. The threads end with the iterator, so close one that is left early.
    """
    waiting: deque[Future[Result]] = deque()
    with ThreadPoolExecutor(threads, thread_name_prefix="textclf") as pool:
        try:
            for item in items:
                waiting.append(pool.submit(function, item))
                if len(waiting) > threads + 1:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()
