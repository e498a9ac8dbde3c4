"""What each level of a factor does, against its reference."""

import itertools
import math
import zlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from textclf.study.analysis.bootstrap import Interval, interval, percentiles
from textclf.study.analysis.fitted import fitted
from textclf.study.analysis.pairing import paired, paired_cells
from textclf.study.analysis.verdict import Word, judge, p_value
from textclf.study.design import Factor
from textclf.study.results import Results
from textclf.study.spec import LOWER_IS_BETTER, SEARCHES

_BOOTSTRAP_STREAM = 51


@dataclass(frozen=True)
class Effect:
    """The difference that a level makes, paired by seed.

    Attributes:
        factor: Which factor; `cell` for two cells.
        level: The level.
        reference: What it is compared with.
        difference: Mean of level − reference: points, or units of a loss.
        low: Of its 95 % interval.
        high: Of its 95 % interval.
        seeds: Pairs.
        sd: Standard deviation of the paired differences.
        hedges_g: Difference over sd, corrected for few pairs (Hedges 1981).
        probability: Share of seeds in which the level wins, ties half: P(A > B).
        probability_low: Of its 95 % interval.
        probability_high: Of its 95 % interval.
        p_value: Of a t-test whose variance allows for training texts that seeds share
            (Nadeau and Bengio 2003, section 4).
        p_holm: Corrected for all comparisons of its family (Holm 1979).
        verdict: The word.
        more_seeds: What an undecided one may still need; None: not known.
    """

    factor: str
    level: str
    reference: str
    difference: float
    low: float
    high: float
    seeds: int
    sd: float
    hedges_g: float
    probability: float
    probability_low: float
    probability_high: float
    p_value: float
    p_holm: float
    verdict: Word
    more_seeds: int | None

    def to_json(self) -> dict[str, Any]:
        """Returns the effect as a mapping, with null for what no number can say."""
        return {
            key: None if isinstance(told, float) and not math.isfinite(told) else told
            for key, told in asdict(self).items()
        }


def effects(results: Results) -> tuple[Effect, ...]:
    """Compares every level with the reference of its factor.

    A factor is a question of its own: p-values are corrected within it.
    """
    families = [
        [
            _compared(results, factor, level, factor.reference)
            for level in factor.levels
            if level != factor.reference
        ]
        for factor in results.factors
        if is_compared(results, factor)
    ]
    return tuple(e for family in families for e in _judged(family, results))


def is_compared(results: Results, factor: Factor) -> bool:
    """Tells whether the levels of a factor can be compared.

    Neither those that were drawn from a range can, each of which is in one cell, nor
    those of a search, which went where scores were high.
    """
    return not factor.drawn and _sampler(results) not in SEARCHES


def contrasts(results: Results, factor: str) -> tuple[Effect, ...]:
    """Compares all pairs of levels of a factor, the later with the earlier."""
    chosen = next(f for f in results.factors if f.name == factor)
    found = [
        _compared(results, chosen, later, earlier)
        for earlier, later in itertools.combinations(chosen.levels, 2)
    ]
    return _judged(found, results)


def compare_cells(results: Results, a: str, b: str) -> Effect:
    """Compares two cells, the first with the second."""
    found = paired_cells(results.frame, results.metric, a, b)
    return _judged([_effect("cell", a, b, found, results)], results)[0]


def holm(p_values: Sequence[float]) -> list[float]:
    """Returns p-values corrected for their number (Holm 1979), in their order."""
    order = np.argsort(p_values)
    corrected, highest = [1.0] * len(p_values), 0.0
    for rank, place in enumerate(order):
        highest = max(highest, min(1.0, (len(p_values) - rank) * p_values[place]))
        corrected[place] = highest
    return corrected


def scale(metric: str) -> float:
    """Returns what a metric is multiplied with to be shown: points, or as it is."""
    return 1.0 if metric in LOWER_IS_BETTER else 100.0


def differences(
    results: Results, factor: Factor, level: str, reference: str
) -> pd.Series:
    """Returns level − reference, by seed, over all combinations of other factors.

    Where the sampler left combinations out it is fitted, elsewhere a mean of pairs.
    """
    kind = _sampler(results)
    if kind in ("fractional", "quasi_random"):
        pairs = kind == "fractional"
        found = fitted(results, factor, level, reference, pairs=pairs)
        if len(found):
            return found
    return paired(
        results.frame,
        results.metric,
        factor=factor.name,
        names=[f.name for f in results.factors],
        level=level,
        reference=reference,
    )


def _sampler(results: Results) -> str:
    return str(results.spec.get("sampler", {}).get("kind", "grid"))


def _compared(results: Results, factor: Factor, level: str, reference: str) -> Effect:
    found = differences(results, factor, level, reference)
    return _effect(factor.name, level, reference, found, results)


def _effect(
    factor: str, level: str, reference: str, paired_by_seed: pd.Series, results: Results
) -> Effect:
    """Measures differences; verdict and correction come when all are known."""
    values = scale(results.metric) * paired_by_seed.to_numpy(dtype=float)
    # A comparison has its own stream, so that others do not change its interval.
    name = f"{factor}\0{level}\0{reference}"
    rng = np.random.default_rng([_BOOTSTRAP_STREAM, zlib.crc32(name.encode())])
    sign = -1.0 if results.metric in LOWER_IS_BETTER else 1.0
    wins = (np.sign(sign * values) + 1) / 2
    chance = percentiles(wins, lambda drawn: drawn.mean(axis=-1), rng=rng)
    n, span = len(values), interval(values, rng=rng)
    sd = float(values.std(ddof=1)) if n > 1 else math.nan
    mean = float(values.mean()) if n else math.nan
    return Effect(
        factor,
        level,
        reference,
        difference=mean,
        low=span.low,
        high=span.high,
        seeds=n,
        sd=sd,
        hedges_g=_hedges(mean, sd, n),
        probability=float(wins.mean()) if n else math.nan,
        probability_low=max(chance.low, 0.0),
        probability_high=min(chance.high, 1.0),
        p_value=_p_value(mean, sd, n, overlap=results.overlap),
        p_holm=1.0,
        verdict="undecided",
        more_seeds=None,
    )


def _hedges(mean: float, sd: float, n: int) -> float:
    if n < 2 or not sd > 0:
        return math.nan
    return mean / sd * (1 - 3 / (4 * (n - 1) - 1))


def _p_value(mean: float, sd: float, n: int, *, overlap: float) -> float:
    if n < 2:
        return 1.0
    if not sd > 0:
        return 1.0 if mean == 0 else 0.0
    return float(p_value(mean, sd, n, overlap=overlap))


def _judged(found: list[Effect], results: Results) -> tuple[Effect, ...]:
    corrected = holm([effect.p_value for effect in found])
    return tuple(
        _with_verdict(replace(effect, p_holm=p), results)
        for effect, p in zip(found, corrected, strict=True)
    )


def _with_verdict(effect: Effect, results: Results) -> Effect:
    verdict = judge(
        effect.difference,
        Interval(effect.low, effect.high),
        corrected=effect.p_holm,
        rope=results.rope,
        sd=effect.sd,
        seeds=effect.seeds,
        overlap=results.overlap,
        tests=effect.p_holm / effect.p_value if effect.p_value > 0 else 1.0,
        lower_is_better=results.metric in LOWER_IS_BETTER,
    )
    return replace(effect, verdict=verdict.word, more_seeds=verdict.more_seeds)
