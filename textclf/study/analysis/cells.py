"""One row a cell: scores, their spread, cost; and which cells stand out."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from textclf.study.analysis.bootstrap import interval
from textclf.study.analysis.effects import differences, is_compared, scale
from textclf.study.analysis.pairing import DONE
from textclf.study.analysis.pareto import front
from textclf.study.design import Factor
from textclf.study.results import Results
from textclf.study.spec import LOWER_IS_BETTER, SEARCHES

_STREAM = 52
_COSTS = ("megabytes", "latency_p50_ms")
_MEANS = ("ece", "log_loss", "brier", "megabytes")
_LEAST_CELLS = 5
"""Of which a trend can be told."""
_MEDIANS = ("latency_p50_ms", "latency_p95_ms")


def cell_table(results: Results) -> pd.DataFrame:
    """Returns one row a cell, in the order of the design.

    Columns: `cell`, a level of each factor, `seeds`, `failed`; `mean`, `sd`, `low`,
    `high` (95 % interval), `lowest`, `highest` of the metric as shown (points, or
    a loss); `gap` (points, accuracy on training texts − dev texts); means of `ece`,
    `log_loss`, `brier`, `megabytes`; medians of latencies; the sum of
    `cpu_seconds`; `on_front`.
    """
    rng = np.random.default_rng(_STREAM)
    names = [factor.name for factor in results.factors]
    groups = results.frame.groupby("cell", sort=False)
    rows = [
        {"cell": cell, **rows_of.iloc[0][names].to_dict()}
        | _summary(rows_of, results.metric, rng)
        for cell, rows_of in groups
    ]
    table = pd.DataFrame(rows)
    return table.assign(on_front=_on_front(table, results.metric))


def smallest_within_one_se(results: Results, factor: Factor) -> str | None:
    """Returns the smallest level that is as good as the best within a standard error.

    Breiman et al. 1984, section 3.4.3, for the means over all other factors: the
    simplest choice whose mean is within one standard error of the best level's
    difference to it, paired by seed.

    Returns:
        The level; None for a factor that is no number, or where no two levels or no
        two seeds tell how far apart levels are.
    """
    several = len(factor.levels) > 1 and is_compared(results, factor)
    if factor.numeric is None or not several:
        return None
    sign = -1.0 if results.metric in LOWER_IS_BETTER else 1.0
    by_seed = sign * level_means(results, factor)
    means = by_seed.mean().dropna()
    if means.empty or len(by_seed) < 2:
        return None
    best = str(means.idxmax())
    sizes = dict(zip(factor.levels, factor.numeric, strict=True))
    for level in sorted(means.index, key=lambda name: sizes[name]):
        loss = sign * differences(results, factor, best, level)
        error = loss.std(ddof=1) / np.sqrt(len(loss)) if len(loss) > 1 else 0.0
        if len(loss) and loss.mean() <= error:
            return str(level)
    return best


@dataclass(frozen=True)
class Trend:
    """How scores go with numbers that were drawn.

    Attributes:
        rank: Spearman's correlation of number and mean score over cells.
        p_value: Of that; two-sided.
        cells: How many.
    """

    rank: float
    p_value: float
    cells: int


def trend(results: Results, factor: Factor) -> Trend | None:
    """Correlates the numbers of a random design with scores; None: nothing to tell."""
    searched = results.spec.get("sampler", {}).get("kind") in SEARCHES
    if not factor.drawn or searched:
        return None
    means = cell_table(results).dropna(subset=["mean"])
    numbers = means[factor.name].astype(float)
    if len(means) < _LEAST_CELLS or min(numbers.nunique(), means["mean"].nunique()) < 2:
        return None
    found = stats.spearmanr(numbers, means["mean"])
    return Trend(float(found.statistic), float(found.pvalue), len(means))


def level_means(results: Results, factor: Factor) -> pd.DataFrame:
    """Returns the mean over all other factors: one row a seed, one column a level.

    Levels are as far apart as the differences to the reference say, so that levels
    whose combinations with other factors differ are not confounded with these.
    """
    done = results.frame[results.frame["status"] == DONE]
    found = done.pivot_table(results.metric, "seed", factor.name, aggfunc="mean")
    if is_compared(results, factor) and not found.empty:
        to_reference = pd.DataFrame(
            {
                level: differences(results, factor, level, factor.reference)
                for level in factor.levels
                if level != factor.reference
            },
            index=found.index,
        ).assign(**{factor.reference: 0.0})
        centre = found.mean(axis=1) - to_reference.mean(axis=1)
        found = to_reference.add(centre, axis=0)
    return scale(results.metric) * found.reindex(columns=list(factor.levels))


def _summary(
    rows: pd.DataFrame, metric: str, rng: np.random.Generator
) -> dict[str, object]:
    done = rows[rows["status"] == DONE]
    values = scale(metric) * done[metric].to_numpy(dtype=float)
    span = interval(values, rng=rng)
    some = len(values) > 0
    gap = 100 * (done["train_accuracy"] - done["dev_accuracy"]).mean()
    return {
        "seeds": len(values),
        "failed": len(rows) - len(values),
        "mean": values.mean() if some else np.nan,
        "sd": values.std(ddof=1) if len(values) > 1 else np.nan,
        "low": span.low,
        "high": span.high,
        "lowest": values.min() if some else np.nan,
        "highest": values.max() if some else np.nan,
        "gap": gap,
        **{name: done[name].astype(float).mean() for name in _MEANS},
        **{name: done[name].astype(float).median() for name in _MEDIANS},
        "cpu_seconds": done["cpu_seconds"].astype(float).sum(),
    }


def _on_front(table: pd.DataFrame, metric: str) -> np.ndarray:
    sign = 1.0 if metric in LOWER_IS_BETTER else -1.0
    points = np.column_stack([sign * table["mean"], *(table[cost] for cost in _COSTS)])
    known = np.isfinite(points).all(axis=1)
    result = np.zeros(len(table), dtype=bool)
    result[known] = front(points[known])
    return result
