"""Which rows of a vector file belong to which tokens of a vocabulary."""

from collections.abc import Iterator, Sequence
from enum import IntEnum

import numpy as np

from textclf.text.vocabulary import RESERVED, Vocabulary
from textclf.vectors.blocks import decoded


class Match(IntEnum):
    """How well a word of the file fits a token; a better one replaces a worse."""

    NONE = 0
    OTHER_CASE = 1  # token `paris`, word `Paris` or `PARIS`
    LOWER_CASE = 2  # token `Paris`, word `paris`
    EXACT = 3


# Plain numbers: members of an enumeration are slow to compare a million times.
_NONE, _OTHER_CASE, _LOWER_CASE, _EXACT = map(int, Match)


class Matcher:
    """Finds the tokens that a word is for, and remembers the best match of each.

    An exact match wins wherever it stands in the file; of equally good words the first
    does. A token in lower case takes the word in any other case, a token with capitals
    takes the word in lower case only.

    Attributes:
        duplicates: Words that stood in the file again after an exact match.
        undecodable: Words that are not UTF-8; they match nothing.
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._best = bytearray(len(vocabulary))  # read a byte at a time
        self.duplicates = 0
        self.undecodable = 0
        self._tokens = vocabulary.tokens
        self._by_lower: dict[str, tuple[int, ...]] = {}
        for token_id in range(len(RESERVED), len(vocabulary)):
            lower = vocabulary.tokens[token_id].lower()
            self._by_lower[lower] = (*self._by_lower.get(lower, ()), token_id)

    @property
    def best(self) -> np.ndarray:
        """int8[len(vocabulary)], the `Match` of each token so far."""
        return np.frombuffer(bytes(self._best), dtype=np.int8)

    def better(self, tokens: Sequence[bytes]) -> Iterator[tuple[int, int]]:
        """Yields (row of `tokens`, token id) for each row that beats what was known."""
        words = decoded(tokens)
        self.undecodable += words.count(None)
        lowered = _lowered(words)
        known = self._by_lower
        for row in [i for i, lower in enumerate(lowered) if lower in known]:
            word, lower = words[row] or "", lowered[row]
            for token_id in known[lower]:
                if self._improves(token_id, word, lower):
                    yield row, token_id

    def _improves(self, token_id: int, word: str, lower: str) -> bool:
        match, before = (
            _match(self._tokens[token_id], word, lower),
            self._best[token_id],
        )
        if match == before == _EXACT:
            self.duplicates += 1
        if match <= before:
            return False
        self._best[token_id] = match
        return True


def _match(token: str, word: str, lower: str) -> int:
    if word == token:
        return _EXACT
    if word == lower:
        return _LOWER_CASE
    return _OTHER_CASE if token == lower else _NONE


def _lowered(words: Sequence[str | None]) -> list[str]:
    # One call for all: a line end is no letter, so no word changes its neighbour.
    whole = "\n".join([word or "" for word in words]).lower().split("\n")
    if len(whole) == len(words):
        return whole
    return [(word or "").lower() for word in words]
