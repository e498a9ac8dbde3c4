"""Rows as they come from a file: some thousand words at a time."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np


class Block(Protocol):
    """Consecutive rows of a vector file; their numbers are read only when asked for."""

    @property
    def tokens(self) -> Sequence[bytes]:
        """The words, as the file's bytes."""

    def values(self, row: int) -> np.ndarray:
        """Returns float32[dim], the numbers of a row of this block.

        Raises:
            ArtefactError: They are no `dim` finite decimal numbers.
        """


def decoded(tokens: Sequence[bytes]) -> list[str | None]:
    """Returns the words as text; None where the bytes are not UTF-8."""
    try:
        words: list[str | None] = [*b"\n".join(tokens).decode().split("\n")]
    except UnicodeDecodeError:
        return [_decoded(token) for token in tokens]
    return words if len(words) == len(tokens) else [_decoded(t) for t in tokens]


def _decoded(token: bytes) -> str | None:
    try:
        return token.decode()
    except UnicodeDecodeError:
        return None
