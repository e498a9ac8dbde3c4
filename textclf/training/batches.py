"""The order in which texts are learnt from."""

from collections.abc import Callable, Generator, Iterable, Iterator
from typing import Any, TypeVar

import numpy as np

from textclf.text.workers import threaded

_POOL_BATCHES = 50
_EPOCH_STREAM = 3

Item = TypeVar("Item")
Made = TypeVar("Made")


def shuffled(
    lengths: np.ndarray, *, size: int, seed: int, epoch: int
) -> Iterator[np.ndarray]:
    """Yields int64 rows of each batch of an epoch; a function of seed and epoch only.

    The rows are permuted, pools of 50 batches are sorted by length and cut, and the
    batches are permuted again: batches are of like length and yet differ every epoch.

    Args:
        lengths: int64[n], the ids of each text.
        size: Texts in a batch.
        seed: Of the run.
        epoch: From 1.
    """
    rng = np.random.default_rng([seed, _EPOCH_STREAM, epoch])
    order = rng.permutation(len(lengths))
    batches = []
    for start in range(0, len(order), size * _POOL_BATCHES):
        pool = order[start : start + size * _POOL_BATCHES]
        pool = pool[np.argsort(lengths[pool], kind="stable")]
        batches += [pool[i : i + size] for i in range(0, len(pool), size)]
    for place in rng.permutation(len(batches)):
        yield batches[place]


class KeptBatches:
    """Batches that were made once, for trainings that learn from the same in turn.

    Args:
        epochs: How many epochs may be kept.
    """

    def __init__(self, epochs: int = 0) -> None:
        self._room = epochs
        self._epochs: dict[int, list[Any]] = {}

    def of(
        self, epoch: int, make: Callable[[], Iterator[Made]]
    ) -> Generator[Made, None, None]:
        """Yields the batches of an epoch; they are made unless they are kept."""
        if epoch in self._epochs:
            yield from self._epochs[epoch]
            return
        if len(self._epochs) >= self._room:
            yield from make()
            return
        made = []
        for batch in make():
            made.append(batch)
            yield batch
        self._epochs[epoch] = made


def ahead(
    make: Callable[[Item], Made], items: Iterable[Item]
) -> Generator[Made, None, None]:
    """Yields `make(item)` in order; a thread makes up to two before they are wanted.

    What `make` raises is raised here. The thread ends with the iterator, so close one
    that is left early.
    """
    return threaded(make, items, threads=1)
