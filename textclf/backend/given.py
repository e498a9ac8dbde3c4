"""Vectors given from outside, one for each word of a batch at its place.

What a model does with the vector of a word can be asked by giving it another one.
Every word of a batch gets a row of its own, also where it occurs twice, and the model
is given the places of the words among these rows, as in `local`. Whatever it then does
with its ids, the gradient of a row is that of one word at one place.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, NamedTuple

import numpy as np

from textclf.backend.made import MadeTable

_PAD = 0


class Places(NamedTuple):
    """A padded batch whose words have a row each.

    Attributes:
        places: int32[batch, width]; `rows[places]` are the ids.
        rows: int32[1 + words], padding first, then rising.
        positions: int64[words], where in the flat batch the word of each further row
            stands.
    """

    places: np.ndarray
    rows: np.ndarray
    positions: np.ndarray

    @classmethod
    def of(cls, ids: np.ndarray) -> "Places":
        """Gives a row to every word of int32[batch, width] padded ids."""
        flat = ids.ravel()
        words = np.flatnonzero(flat)
        positions = words[np.argsort(flat[words], kind="stable")]
        places = np.full(len(flat), _PAD, dtype=np.int32)
        places[positions] = np.arange(1, len(positions) + 1, dtype=np.int32)
        rows = np.concatenate([np.full(1, _PAD), flat[positions]]).astype(np.int32)
        return cls(places.reshape(ids.shape), rows, positions)


class GivenRows:
    """The vectors of a batch, table by table.

    Args:
        rows: int32[1 + words], rising: the ids that they stand for.
        vectors: float32[1 + words, dim] for each table, by its id in Python; None: they
            are what the tables hold, and it is noted which tables are asked.
    """

    def __init__(self, rows: Any, vectors: dict[int, Any] | None) -> None:
        self.rows, self._vectors = rows, vectors
        self.asked: list[Any] = []

    def of(self, table: Any) -> Any:
        """Returns float32[1 + words, dim], the vectors that stand for a table."""
        from keras import ops

        if self._vectors is not None:
            return self._vectors[id(table)]
        if all(table is not other for other in self.asked):
            self.asked.append(table)
        if isinstance(table, MadeTable):
            return table.rows(lambda part, _: ops.take(part, self.rows, axis=0))
        return ops.take(table, self.rows, axis=0)

    def below(self, bound: int) -> Any:
        """Returns how many rows stand for ids below a bound: they rise."""
        from keras import ops

        return ops.sum(ops.cast(self.rows < bound, "int32"))


_given: ContextVar[GivenRows | None] = ContextVar("given_rows", default=None)


@contextmanager
def given_rows(rows: GivenRows) -> Iterator[None]:
    """Lets the layers called inside take their ids for places among `rows`."""
    token = _given.set(rows)
    try:
        yield
    finally:
        _given.reset(token)


def given() -> GivenRows | None:
    """Returns the rows in force, if any are given."""
    return _given.get()
