"""Likely wrong labels, as a finding."""

from collections.abc import Iterator

import numpy as np

from textclf.audit.doubts import (
    FOLDS,
    Doubt,
    doubts,
    doubts_of_sets,
    learnt,
    probabilities,
)
from textclf.audit.finding import Finding, kept, told_share
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
    if not exclusive:
        yield from _finding(pool, doubts_of_sets(chances, hot), names, rows)
        return
    known, right = learnt(chances, hot)
    if known:
        told = f", which is right in {right:.1%} of them"
        yield from _finding(pool, doubts(chances, hot), names, rows, told)
        return
    yield Finding(
        "not_learnable",
        "notable",
        "",
        round((1 - right) * len(rows)),
        len(rows),
        f"a linear model is right in {right:.1%} of the texts that it did not learn "
        f"from, the most frequent label in {hot.mean(axis=0).max():.1%}",
        "look whether labels and texts belong together; wrong labels cannot be told",
    )


def _finding(
    pool: Pool, found: list[Doubt], names: list[str], rows: np.ndarray, told: str = ""
) -> Iterator[Finding]:
    of_row = dict[int, Doubt]()
    for one in found:
        of_row.setdefault(int(rows[one.row]), one)
    if not of_row:
        return
    sample = "" if len(rows) == len(pool) else f"; {len(rows):,} rows were judged"
    yield Finding(
        "wrong_label",
        "notable",
        "",
        len(of_row),
        len(rows),
        f"{told_share(len(of_row), len(rows))} texts look as if their label were wrong "
        f"to a linear model that did not learn from them{told}{sample}",
        _ADVICE,
        kept(of_row, lambda row: pool.example(row, _told(of_row[row], names))),
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
