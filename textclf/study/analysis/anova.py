"""How much of the variation each factor, and each pair of factors, explains."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from textclf.study.analysis.effects import scale
from textclf.study.analysis.pairing import DONE
from textclf.study.design import Factor
from textclf.study.fractional import position
from textclf.study.results import Results
from textclf.study.spec import SEARCHES

SEED, RESIDUAL, JOINT = "seed", "residual", " × "
CHANCE = "chance"


@dataclass(frozen=True)
class AnovaRow:
    """One source of variation.

    Attributes:
        term: A factor, `dim × dropout`, `seed` or `residual`.
        sum_of_squares: Type II, in squared points.
        degrees: Of freedom.
        f: Against the residual; NaN for the residual itself.
        p_value: Of F.
        omega_squared: Share of the variance of the population; below zero is zero.
    """

    term: str
    sum_of_squares: float
    degrees: int
    f: float
    p_value: float
    omega_squared: float


@dataclass(frozen=True)
class Anova:
    """The analysis of variance of a study.

    Attributes:
        rows: Factors, pairs of factors, `seed`, `residual`.
    """

    rows: tuple[AnovaRow, ...]

    def of(self, term: str) -> AnovaRow:
        """Returns the row of a term."""
        return next(row for row in self.rows if row.term == term)


def anova(results: Results) -> Anova | None:
    """Analyses factors and two-way interactions, with seeds as blocks.

    Sums of squares are of type II (Yates 1934; Langsrud 2003): what a term adds to all
    terms that do not contain it. They hold for designs with missing cells too; degrees
    of freedom are the ranks that are really there. Where cells are too few to tell a
    factor from pairs of others, pairs are left out.

    Returns:
        The analysis; None where nothing is left to tell chance from effects.
    """
    done = results.frame[results.frame["status"] == DONE]
    factors = [f for f in results.factors if done[f.name].nunique() > 1]
    searched = results.spec.get("sampler", {}).get("kind") in SEARCHES
    if not factors or len(done) < 3 or searched:
        return None
    blocks = _blocks(done, factors)
    scores = scale(results.metric) * done[results.metric].to_numpy(dtype=float)
    if not _tells_factors(blocks):
        blocks = {name: part for name, part in blocks.items() if JOINT not in name}
    full, rank = _residual(list(blocks.values()), scores)
    spare = len(scores) - rank
    if spare <= 0:
        return None
    noise, total = full / spare, float(((scores - scores.mean()) ** 2).sum())
    rows = [
        _row(term, blocks, scores, noise=noise, spare=spare, total=total)
        for term in blocks
        if term
    ]
    rows.append(AnovaRow(RESIDUAL, full, spare, np.nan, np.nan, np.nan))
    return Anova(tuple(rows))


def importance(results: Results) -> dict[str, float]:
    """Returns the share of the variation, seeds apart, of each term and of chance.

    A sum of squares holds chance too, the more the more levels there are: what is
    expected of it is taken off (as in ω²) and counts as chance.

    Returns:
        Shares that add up to 1, the largest first and chance last; empty where nothing
        can be told.
    """
    analysis = anova(results)
    if analysis is None:
        return {}
    residual = analysis.of(RESIDUAL)
    noise = residual.sum_of_squares / residual.degrees
    terms = [row for row in analysis.rows if row.term not in (SEED, RESIDUAL)]
    total = residual.sum_of_squares + sum(row.sum_of_squares for row in terms)
    if not total > 0:
        return {}
    shares = {
        row.term: max(row.sum_of_squares - row.degrees * noise, 0.0) / total
        for row in terms
    }
    ordered = dict(sorted(shares.items(), key=lambda item: -item[1]))
    return ordered | {CHANCE: 1.0 - sum(shares.values())}


def _blocks(frame: pd.DataFrame, factors: Sequence[Factor]) -> dict[str, np.ndarray]:
    """Returns the columns of each term; the empty name: the mean."""
    mains = {f.name: _columns(frame[f.name], f) for f in factors}
    blocks = {"": np.ones((len(frame), 1)), **mains}
    for one, other in itertools.combinations(mains, 2):
        crossed = mains[one][:, :, None] * mains[other][:, None, :]
        blocks[one + JOINT + other] = crossed.reshape(len(frame), -1)
    if frame["seed"].nunique() > 1:
        blocks[SEED] = _coded(frame["seed"])
    return blocks


def _tells_factors(blocks: dict[str, np.ndarray]) -> bool:
    """Tells whether cells are enough to tell factors from pairs of other factors."""

    def rank(names: Sequence[str]) -> int:
        columns = np.concatenate([blocks[name] for name in names], axis=1)
        return int(np.linalg.matrix_rank(columns))

    for name in (n for n in blocks if n not in ("", SEED) and JOINT not in n):
        others = [n for n in blocks if name not in n.split(JOINT)]
        if rank(others) == rank([*others, name]):
            return False
    return True


def _columns(column: pd.Series, factor: Factor) -> np.ndarray:
    """Returns effect coding; of numbers that were drawn, a line and a bend."""
    if not factor.drawn:
        return _coded(column)
    where = dict(zip(factor.levels, position(factor), strict=True))
    line = column.map(where).to_numpy(dtype=float)
    return np.column_stack([line, line**2])


def _coded(column: pd.Series) -> np.ndarray:
    """Returns effect coding, float64[rows, levels - 1]."""
    places, levels = pd.factorize(column, sort=True)
    hot = np.eye(len(levels))[places]
    return np.asarray(hot[:, :-1] - hot[:, -1:])


def _row(
    term: str,
    blocks: dict[str, np.ndarray],
    scores: np.ndarray,
    *,
    noise: float,
    spare: int,
    total: float,
) -> AnovaRow:
    parts = set(term.split(JOINT))
    others = [
        block
        for name, block in blocks.items()
        if name != term and not (name and parts < set(name.split(JOINT)))
    ]
    without, rank_without = _residual(others, scores)
    with_term, rank_with = _residual([*others, blocks[term]], scores)
    squares, degrees = max(without - with_term, 0.0), rank_with - rank_without
    if degrees == 0:
        return AnovaRow(term, 0.0, 0, np.nan, np.nan, np.nan)
    f = squares / degrees / noise if noise > 0 else np.inf
    omega = (squares - degrees * noise) / (total + noise)
    p_value = float(stats.f.sf(f, degrees, spare))
    return AnovaRow(term, squares, degrees, f, p_value, max(omega, 0.0))


def _residual(blocks: Sequence[np.ndarray], scores: np.ndarray) -> tuple[float, int]:
    """Returns what a least-squares fit leaves, and its rank."""
    matrix = np.concatenate(blocks, axis=1)
    weights, _, rank, _ = np.linalg.lstsq(matrix, scores, rcond=None)
    return float(((scores - matrix @ weights) ** 2).sum()), int(rank)
