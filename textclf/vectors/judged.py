"""How well vectors agree with people: likeness of pairs, and analogies."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from textclf.errors import DataError
from textclf.progress import SILENT, Progress
from textclf.vectors.queries import Method, analogy_scores
from textclf.vectors.questions import Question, ScoredPair
from textclf.vectors.table import Vectors

_LEAST_PAIRS = 4  # below it the interval is not defined
_Z = 1.959964  # of 95 %
_SCORES_AT_ONCE = 10_000_000
_GRAMMAR = "gram"
_TOTALS = ("semantic", "syntactic", "all")


@dataclass(frozen=True)
class Likeness:
    """How the cosines of pairs rank them beside people's scores.

    Attributes:
        pairs: Pairs of the file.
        found: Those of which both words have a vector.
        rho: Spearman's rank correlation over the found pairs, mean ranks for ties.
        interval: Its 95 % interval.
        missing: Words without a vector.
    """

    pairs: int
    found: int
    rho: float
    interval: tuple[float, float]
    missing: tuple[str, ...]


@dataclass(frozen=True)
class Solved:
    """How many analogies of a section were solved.

    Attributes:
        section: Its name; `semantic`, `syntactic` and `all` are sums of others.
        questions: Questions of the file.
        found: Those whose four words have a vector.
        right: Those answered with the fourth word.
        interval: The 95 % interval of the share of right answers among the found.
    """

    section: str
    questions: int
    found: int
    right: int
    interval: tuple[float, float]


def likeness(vectors: Vectors, pairs: Sequence[ScoredPair]) -> Likeness:
    """Compares cosines with people's scores by Spearman's rank correlation.

    The interval is that of Fisher's z with the standard error of Bonett and Wright
    2000 ("Sample size requirements", equation 4): sqrt((1 + rho^2 / 2) / (n - 3)).

    Raises:
        DataError: Fewer than four pairs were found, or all of one score.
    """
    rows = [(vectors.find(pair.first), vectors.find(pair.second)) for pair in pairs]
    known = [i for i, (a, b) in enumerate(rows) if a is not None and b is not None]
    words = (word for pair in pairs for word in (pair.first, pair.second))
    missing = tuple(w for w in dict.fromkeys(words) if vectors.find(w) is None)
    if len(known) < _LEAST_PAIRS:
        raise DataError(
            f"got vectors for both words of {len(known)} of {len(pairs)} pairs, "
            f"expected {_LEAST_PAIRS} or more"
        )
    first, second = np.array([rows[i] for i in known]).T
    cosines = np.einsum("ij,ij->i", vectors.unit[first], vectors.unit[second])
    scores = np.array([pairs[i].score for i in known])
    rho = _spearman(cosines, scores)
    return Likeness(len(pairs), len(known), rho, _fisher(rho, len(known)), missing)


def solved(
    vectors: Vectors,
    questions: Sequence[Question],
    *,
    method: Method,
    progress: Progress = SILENT,
) -> list[Solved]:
    """Answers analogies; the three words of a question are no answers.

    An answer is right if it is the fourth word. Beside each section stand the sums over
    sections that are called gram… (`syntactic`), over the others, and over all.

    Args:
        vectors: The words that may answer.
        questions: The analogies.
        method: `add` or `mul`, as in `queries.analogy`.
        progress: Hears the questions done.
    """
    rows = [[vectors.find(word) for word in question.words] for question in questions]
    known = [i for i, found in enumerate(rows) if None not in found]
    right = set()
    with progress.task("solving analogies", len(known)) as task:
        size = max(1, _SCORES_AT_ONCE // len(vectors))
        for start in range(0, len(known), size):
            some = known[start : start + size]
            asked = np.array([rows[i] for i in some])
            scores = analogy_scores(vectors, asked[:, :3], method=method)
            right |= {some[i] for i in np.flatnonzero(scores.argmax(1) == asked[:, 3])}
            task.advance(len(some))
    sections = list(dict.fromkeys(question.section for question in questions))
    groups = {name: [name] for name in sections}
    grammar = [name for name in sections if name.startswith(_GRAMMAR)]
    others = [name for name in sections if name not in grammar]
    if grammar and others:
        groups |= dict(zip(_TOTALS, (others, grammar, sections), strict=True))
    elif len(sections) > 1:
        groups[_TOTALS[-1]] = sections
    result = []
    for name, inside in groups.items():
        members = {i for i, q in enumerate(questions) if q.section in inside}
        found, hits = len(members.intersection(known)), len(members & right)
        interval = wilson(hits, found)
        result.append(Solved(name, len(members), found, hits, interval))
    return result


def wilson(hits: int, of: int) -> tuple[float, float]:
    """Returns the 95 % interval of a share (Wilson 1927); 0 to 1 of nothing."""
    if of == 0:
        return 0.0, 1.0
    share, square = hits / of, _Z**2
    middle = (share + square / (2 * of)) / (1 + square / of)
    half = _Z * np.sqrt(share * (1 - share) / of + square / (4 * of**2))
    half /= 1 + square / of
    return float(max(middle - half, 0.0)), float(min(middle + half, 1.0))


def _spearman(cosines: np.ndarray, scores: np.ndarray) -> float:
    from scipy.stats import rankdata

    ranks = rankdata(cosines), rankdata(scores)
    if any(np.ptp(rank) == 0 for rank in ranks):
        raise DataError("got pairs of one score or one cosine, expected different ones")
    return float(np.corrcoef(*ranks)[0, 1])


def _fisher(rho: float, count: int) -> tuple[float, float]:
    if abs(rho) >= 1:
        return rho, rho
    half = _Z * np.sqrt((1 + rho**2 / 2) / (count - 3))
    low, high = np.tanh(np.arctanh(rho) + np.array([-half, half]))
    return float(low), float(high)
