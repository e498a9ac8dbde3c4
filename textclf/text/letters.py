"""Words as rows of bytes: how they are spelt."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from textclf.text.vocabulary import PAD, RESERVED, Vocabulary

BYTES = 256
_BEGIN, _END = 2, 3
"""Control characters, which stand in no word, mark where it begins and ends."""


def spelt(words: Sequence[str], *, length: int) -> np.ndarray:
    """Returns uint8[n, length]: the UTF-8 bytes of each word between two marks.

    Zeros follow a shorter word; of a longer one the first bytes are kept.
    """
    marked = f"{chr(_BEGIN)}%s{chr(_END)}"
    rows = [(marked % word).encode("utf-8", "surrogatepass") for word in words]
    flat = b"".join(row[:length].ljust(length, bytes([PAD])) for row in rows)
    return np.frombuffer(flat, dtype=np.uint8).reshape(-1, length)


def spellings_of(vocabulary: Vocabulary, *, length: int) -> np.ndarray:
    """Returns uint8[rows, length]: padding and the unknown word have no letters."""
    rows = spelt(vocabulary.tokens, length=length).copy()
    rows[: len(RESERVED)] = PAD
    return rows


@dataclass(frozen=True, eq=False)
class Speller:
    """Spells words that a vocabulary lacks, for `TextEncoder.encode`.

    A byte that no word of the vocabulary has tells nothing, so it is left out; a word
    of such bytes only stays unknown.

    Attributes:
        known: bool[256], which bytes the vocabulary has.
        length: Bytes of a word that are read.
    """

    known: np.ndarray
    length: int

    @classmethod
    def of(cls, vocabulary: Vocabulary, *, length: int) -> "Speller":
        """Takes the bytes of the words of a vocabulary."""
        known = np.zeros(BYTES, dtype=bool)
        known[spellings_of(vocabulary, length=length)] = True
        return cls(known, length)

    def __call__(self, words: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
        """Returns which words have a known byte, int64[g], and their spellings.

        The spellings are float32[g, length].
        """
        rows = spelt(words, length=self.length)
        rows = np.where(self.known[rows], rows, PAD)
        found = np.flatnonzero((rows > _END).any(axis=1))
        return found, rows[found].astype(np.float32)
