"""Which words are near: to a word, and in the relation that two others have."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from textclf.errors import ConfigError
from textclf.vectors.table import Vectors

_ROWS = 1 << 14
_TINY = 1e-3  # keeps 3CosMul's denominator from zero, as in Levy and Goldberg 2014

Method = Literal["add", "mul"]


@dataclass(frozen=True)
class Near:
    """A word and how near it is.

    Attributes:
        word: The word.
        score: Cosine, from -1 to 1; for 3CosMul its product form.
    """

    word: str
    score: float


def neighbours(vectors: Vectors, word: str, *, k: int) -> tuple[Near, ...]:
    """Returns the `k` words with the highest cosine to a word, itself left out.

    Args:
        vectors: Where the word is looked for, as written and in lower case.
        word: The word.
        k: How many.

    Raises:
        DataError: The word has no vector.
        ConfigError: `k` is not positive.
    """
    row = vectors.row(word)
    return _highest(vectors, cosines(vectors, vectors.unit[row]), k=k, without={row})


def nearest_to(vectors: Vectors, vector: np.ndarray, *, k: int) -> tuple[Near, ...]:
    """Returns the `k` words with the highest cosine to float32[dim].

    Raises:
        ConfigError: `k` is not positive.
    """
    norm = np.linalg.norm(vector)
    unit = vector / norm if norm > 0 else vector
    return _highest(vectors, cosines(vectors, unit), k=k, without=())


def analogy(
    vectors: Vectors, words: Sequence[str], *, k: int, method: Method
) -> tuple[Near, ...]:
    """Returns the words d such that a is to b as c is to d, the three left out.

    3CosAdd ranks by cos(d, b) - cos(d, a) + cos(d, c); 3CosMul by
    cos'(d, b) cos'(d, c) / (cos'(d, a) + 0.001) with cos' = (cos + 1) / 2 (Levy and
    Goldberg 2014, "Linguistic Regularities", sections 3 and 6).

    Args:
        vectors: The words that may answer.
        words: a, b and c.
        k: How many answers.
        method: `add` or `mul`.

    Raises:
        DataError: One of the words has no vector.
        ConfigError: `k` is not positive.
    """
    rows = vectors.rows(words)
    scores = analogy_scores(vectors, rows[None], method=method)[0]
    return _highest(vectors, scores, k=k, without=set(rows.tolist()))


def analogy_scores(vectors: Vectors, rows: np.ndarray, *, method: Method) -> np.ndarray:
    """Returns how well each word completes each analogy; see `analogy`.

    Args:
        vectors: The words that may answer.
        rows: int64[n, 3], the rows of a, b and c.
        method: `add` or `mul`.

    Returns:
        float32[n, len(vectors)]; -inf for the words of the question.
    """
    unit = vectors.unit
    if method == "add":
        wanted = unit[rows[:, 1]] - unit[rows[:, 0]] + unit[rows[:, 2]]
        scores = wanted @ unit.T
    else:
        to_a, to_b, to_c = ((unit[column] @ unit.T + 1) / 2 for column in rows.T)
        scores = to_b * to_c / (to_a + np.float32(_TINY))
    scores[np.arange(len(rows))[:, None], rows] = -np.inf
    return np.asarray(scores)


def cosines(vectors: Vectors, vector: np.ndarray) -> np.ndarray:
    """Returns float32[len(vectors)], the cosine of each to a vector of length 1."""
    unit = vectors.unit
    parts = (unit[start : start + _ROWS] @ vector for start in _starts(unit))
    return np.concatenate(list(parts))


def _starts(matrix: np.ndarray) -> range:
    return range(0, len(matrix), _ROWS)


def _highest(
    vectors: Vectors, scores: np.ndarray, *, k: int, without: Collection[int]
) -> tuple[Near, ...]:
    """Returns the highest scores; of equal ones the first rows."""
    if k < 1:
        raise ConfigError(f"got {k}, expected at least 1", where="--k")
    scores = scores.copy()
    scores[list(without)] = -np.inf
    k = min(k, len(scores) - len(set(without)))
    least = np.partition(scores, -k)[-k] if k else np.inf
    rows = np.flatnonzero(scores >= least)
    best = rows[np.argsort(-scores[rows], kind="stable")][:k]
    return tuple(Near(vectors.tokens[row], float(scores[row])) for row in best)
