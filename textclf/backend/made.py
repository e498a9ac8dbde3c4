"""Vectors of words that are made of two tables: a row of their own, and a spelling."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Read = Callable[[Any, Any], Any]
"""Reads rows: of a table, and of what follows it, float32[g, n]; None: zeros do."""


@dataclass(frozen=True, eq=False)
class MadeTable:
    """Takes the place of a table whose rows are vectors.

    Guests, which the tables lack, are spellings: zeros stand for a row of their own.

    Attributes:
        own: Keras variable, float32[rows, n].
        spellings: Keras variable, float32[rows, m].
        dim: Numbers of a vector.
        make: Takes both of w words, float32[w, n] and [w, m]; returns float32[w, dim].
    """

    own: Any
    spellings: Any
    dim: int
    make: Callable[[list[Any]], Any]

    @property
    def shape(self) -> tuple[int, int]:
        """The shape of the table that it stands for."""
        return self.own.shape[0], self.dim

    def rows(self, read: Read, guests: Any = None) -> Any:
        """Returns the vectors of what `read` reads from both tables.

        Args:
            read: See `Read`.
            guests: float32[g, m], spellings; None: there are none.
        """
        return self.make([read(self.own, None), read(self.spellings, guests)])
