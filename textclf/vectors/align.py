"""Vectors of two languages in one space, by a dictionary (Conneau et al. 2018)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from textclf.errors import ConfigError, DataError
from textclf.vectors.judged import wilson
from textclf.vectors.table import Vectors

_NEAR = 10  # neighbours of CSLS, section 2.3
_CELLS = 20_000_000
CUTOFFS = (1, 5, 10)

Entries = Mapping[str, Sequence[str]]
"""The translations of each source word."""


@dataclass(frozen=True)
class Precision:
    """How many words are translated rightly by the nearest words of the target.

    Attributes:
        by: `cosine` or `csls`.
        cutoff: How many words may answer.
        share: Of the words asked, from 0 to 1.
        interval: Its 95 % interval.
    """

    by: str
    cutoff: int
    share: float
    interval: tuple[float, float]


def entries_of(
    pairs: Sequence[tuple[str, str]], source: Vectors, target: Vectors
) -> dict[str, tuple[str, ...]]:
    """Returns the entries whose words have vectors, by their source word.

    Raises:
        DataError: There are none.
    """
    found: dict[str, dict[str, None]] = {}
    for word, other in pairs:
        if word in source.ids and other in target.ids:
            found.setdefault(word, {})[other] = None
    if not found:
        raise DataError(
            f"got no entry of {len(pairs):,} whose two words have vectors",
            fix="give SOURCE and TARGET in the order of the dictionary's columns",
        )
    return {word: tuple(others) for word, others in found.items()}


def held_out(
    entries: Entries, share: float, rng: np.random.Generator
) -> tuple[Entries, Entries]:
    """Divides entries by their source words: those to learn from, those to score.

    Raises:
        ConfigError: The share is no number from 0 to below 1.
        DataError: Too few words are left to learn from.
    """
    if not 0 <= share < 1:
        raise ConfigError(f"got {share}, expected 0 to below 1", where="--heldout")
    words = list(entries)
    chosen = {
        words[i] for i in rng.permutation(len(words))[: round(share * len(words))]
    }
    learnt = {word: entries[word] for word in words if word not in chosen}
    if len(learnt) < 2:
        raise DataError(
            f"got {len(learnt)} words to learn from, expected two or more",
            fix="give a larger dictionary, or set --heldout lower",
        )
    return learnt, {word: entries[word] for word in words if word in chosen}


def rotation(source: Vectors, target: Vectors, entries: Entries) -> np.ndarray:
    """Returns the orthogonal matrix that brings source words nearest to translations.

    The solution of Procrustes' problem is U V' of the singular value decomposition of
    X' Y (Schönemann 1966), on rows of length 1 (Xing et al. 2015, section 3).

    Returns:
        float32[dim, dim] to multiply rows of the source with, from the right.

    Raises:
        ConfigError: The vectors differ in size.
    """
    if source.dim != target.dim:
        raise ConfigError(
            f"got rows of {source.dim} and of {target.dim} numbers, expected as many",
            where="align",
        )
    pairs = [(word, other) for word, others in entries.items() for other in others]
    x = source.unit[[source.ids[word] for word, _ in pairs]]
    y = target.unit[[target.ids[other] for _, other in pairs]]
    left, _, right = np.linalg.svd(x.T.astype(np.float64) @ y)
    return np.asarray(left @ right, dtype=np.float32)


def precision(
    source: Vectors, target: Vectors, entries: Entries, turn: np.ndarray
) -> list[Precision]:
    """Translates words by the nearest words of the target, by cosine and by CSLS.

    CSLS takes from twice the cosine the mean cosine of each word to its 10 nearest of
    the other language, so that words near to everything do not answer everything. Any
    translation of a word is right.

    Args:
        source: The words that were turned.
        target: The words that may answer.
        entries: What is asked.
        turn: As `rotation` returns it.
    """
    turned = source.unit @ turn
    crowd = _crowding(target.unit, turned)
    asked = list(entries)
    queries = turned[[source.ids[word] for word in asked]]
    own = _crowding(queries, target.unit)
    ranks: dict[str, list[int]] = {"cosine": [], "csls": []}
    for start, cosines in _blocks(queries, target.unit):
        corrected = 2 * cosines - crowd[None] - own[start : start + len(cosines), None]
        for row, word in enumerate(asked[start : start + len(cosines)]):
            right = [target.ids[other] for other in entries[word]]
            for by, scores in (("cosine", cosines[row]), ("csls", corrected[row])):
                ranks[by].append(int((scores > scores[right].max()).sum()))
    return [
        Precision(by, cutoff, hits / len(asked), wilson(hits, len(asked)))
        for by, found in ranks.items()
        for cutoff in CUTOFFS
        for hits in [sum(rank < cutoff for rank in found)]
    ]


def _crowding(rows: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Returns float32[n], the mean cosine of each row to its nearest of the others."""
    near = min(_NEAR, len(others))
    means = [
        np.partition(cosines, -near, axis=1)[:, -near:].mean(axis=1)
        for _, cosines in _blocks(rows, others)
    ]
    return np.concatenate(means)


def _blocks(rows: np.ndarray, others: np.ndarray) -> Iterator[tuple[int, np.ndarray]]:
    """Yields the first row of a block, and float32[rows, others] cosines."""
    size = max(1, _CELLS // len(others))
    for start in range(0, len(rows), size):
        yield start, rows[start : start + size] @ others.T
