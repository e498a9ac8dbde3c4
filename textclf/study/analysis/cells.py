"""One row a cell: scores, their spread, cost; and which cells stand out."""

import numpy as np
import pandas as pd

from textclf.study.analysis.bootstrap import interval
from textclf.study.analysis.effects import scale
from textclf.study.analysis.pairing import DONE
from textclf.study.analysis.pareto import front
from textclf.study.design import Factor
from textclf.study.results import Results
from textclf.study.spec import LOWER_IS_BETTER

_STREAM = 52
_COSTS = ("megabytes", "latency_p50_ms")
_MEANS = ("ece", "log_loss", "brier", "megabytes")
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


def best_cell(results: Results) -> str | None:
    """Returns the cell of the best mean; None: nothing came to its end."""
    table = cell_table(results).dropna(subset=["mean"])
    if table.empty:
        return None
    falling = results.metric in LOWER_IS_BETTER
    place = table["mean"].idxmin() if falling else table["mean"].idxmax()
    return str(table.loc[place, "cell"])


def smallest_within_one_se(results: Results, factor: Factor) -> str | None:
    """Returns the smallest level that is as good as the best within a standard error.

    Breiman et al. 1984, section 3.4.3, for the means over all other factors: the
    simplest choice whose mean is within one standard error of the best level's
    difference to it, paired by seed.

    Returns:
        The level; None for a factor that is no number, or without results.
    """
    if factor.numeric is None:
        return None
    means = level_means(results, factor.name)
    if means.empty:
        return None
    falling = results.metric in LOWER_IS_BETTER
    means = -means if falling else means
    overall = means.mean()
    best = overall.idxmax()
    sizes = dict(zip(factor.levels, factor.numeric, strict=True))
    for level in sorted(means.columns, key=lambda name: sizes[name]):
        loss = (means[best] - means[level]).dropna()
        error = loss.std(ddof=1) / np.sqrt(len(loss)) if len(loss) > 1 else 0.0
        if loss.mean() <= error:
            return str(level)
    return str(best)


def level_means(results: Results, factor: str) -> pd.DataFrame:
    """Returns the mean over all other factors: one row a seed, one column a level."""
    done = results.frame[results.frame["status"] == DONE]
    by_seed = done.pivot_table(results.metric, "seed", factor, aggfunc="mean")
    return scale(results.metric) * by_seed


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
