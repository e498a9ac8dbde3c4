"""Likely wrong labels, as a finding."""

from collections.abc import Iterator

import numpy as np

from textclf.audit.doubts import (
    FOLDS,
    Doubt,
    doubts,
    doubts_of_sets,
    probabilities,
)
from textclf.audit.finding import Example, Finding, kept, told_share
from textclf.audit.pool import Pool
from textclf.progress import SILENT, Progress

_LEAST_ROWS = 50
_MOST_COST = 20_000_000_000  # characters times labels, above which rows are sampled
_ADVICE = (
    "read the first ones: if most are wrong, correct the labels (`--json --examples "
    "1000` lists them); if most are right, they are only hard"
)


def on_truth(pool: Pool, *, progress: Progress = SILENT) -> Iterator[Finding]:
    """Yields the labels that are likely wrong, if there are enough rows to tell."""
    names = sorted(n for n, count in pool.labels.counts().items() if count >= FOLDS)
    rows = _judged(pool, names)
    if len(rows) < _LEAST_ROWS or len(names) < 2:
        return
    hot = _hot(pool, names, rows)
    exclusive = pool.separator is None
    chances = probabilities(
        [pool.texts[row] for row in rows.tolist()],
        hot,
        pool.cluster_of[rows],
        characters=not pool.spaced,
        exclusive=exclusive,
        progress=progress,
    )
    if chances is None:
        return
    found = (doubts if exclusive else doubts_of_sets)(chances, hot)
    of_row = dict[int, Doubt]()
    for one in found:
        of_row.setdefault(int(rows[one.row]), one)
    if of_row:
        yield _finding(pool, of_row, names, len(rows))


def _finding(
    pool: Pool, of_row: dict[int, Doubt], names: list[str], judged: int
) -> Finding:
    def example(row: int) -> Example:
        return pool.example(row, _told(of_row[row], names))

    sample = "" if judged == len(pool) else f" ({judged:,} rows were judged)"
    return Finding(
        "wrong_label",
        "notable",
        "",
        len(of_row),
        judged,
        f"{told_share(len(of_row), judged)} texts look as if their label were wrong, "
        f"to a linear model that did not learn from them{sample}",
        _ADVICE,
        kept(of_row, example),
    )


def _told(one: Doubt, names: list[str]) -> str:
    if one.likely < 0:
        return f"{names[one.given]} looks wrong ({one.sure:.2f})"
    missing = " is missing" if one.given < 0 else ""
    return f"looks like {names[one.likely]}{missing} ({one.sure:.2f})"


def _judged(pool: Pool, names: list[str]) -> np.ndarray:
    """Returns the rows whose labels all occur often enough, or a sample of them."""
    known, single = set(names), pool.separator is None
    usable = np.array(
        [set(k) <= known and bool(k or not single) for k in pool.labels.kinds], bool
    )
    rows = np.flatnonzero(usable[pool.labels.codes])
    cost = sum(map(len, pool.texts)) * (1 if len(names) == 2 else len(names))
    return rows[:: max(1, -(-cost // _MOST_COST))]


def _hot(pool: Pool, names: list[str], rows: np.ndarray) -> np.ndarray:
    ids = {name: at for at, name in enumerate(names)}
    sets = np.zeros((len(pool.labels.kinds), len(names)), dtype=bool)
    for hot, kind in zip(sets, pool.labels.kinds, strict=True):
        hot[[ids[name] for name in kind if name in ids]] = True
    return sets[pool.labels.codes[rows]]
