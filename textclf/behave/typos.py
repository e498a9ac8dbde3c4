"""Slips of the finger: one letter of one word is swapped, dropped or doubled."""

import re
from collections.abc import Sequence

import numpy as np

# Shorter words become other words too easily; the first letter is hardly ever missed.
_WORD = re.compile(r"[^\W\d_]{4,}")


def typo_swap(text: str, rng: np.random.Generator) -> str | None:
    """Swaps two different neighbours inside a word."""
    places = [place for place in _places(text) if text[place] != text[place + 1]]
    if not places:
        return None
    at = _one(places, rng)
    return text[:at] + text[at + 1] + text[at] + text[at + 2 :]


def typo_drop(text: str, rng: np.random.Generator) -> str | None:
    """Leaves out a letter inside a word."""
    places = _places(text)
    if not places:
        return None
    at = _one(places, rng)
    return text[:at] + text[at + 1 :]


def typo_double(text: str, rng: np.random.Generator) -> str | None:
    """Writes a letter inside a word twice."""
    places = _places(text)
    if not places:
        return None
    at = _one(places, rng)
    return text[: at + 1] + text[at:]


def _places(text: str) -> list[int]:
    """Returns the places of the second to the last but one letter of each word."""
    words = _WORD.finditer(text)
    return [at for word in words for at in range(word.start() + 1, word.end() - 1)]


def _one(places: Sequence[int], rng: np.random.Generator) -> int:
    return places[int(rng.integers(len(places)))]
