"""Copies: of texts within a split, across splits, and with different labels."""

from collections.abc import Iterator
from itertools import combinations

import numpy as np

from textclf.audit.finding import Example, Finding, kept, told_share
from textclf.audit.pool import Pool, Rows

_NEW_SPLIT = "divide the data anew with `data split`, which keeps copies together"
_MANY = 0.01  # near copies may be honest: greetings, templates; so many are not


def on_copies(pool: Pool) -> Iterator[Finding]:
    """Yields what is to be said of copies and near copies."""
    for other, split in combinations(pool.splits, 2):
        yield from _leaks(pool, split, other)
    for split in pool.splits:
        yield from _within(pool, split)
    yield from _conflicts(pool)


def _leaks(pool: Pool, split: str, other: str) -> Iterator[Finding]:
    here, there = pool.rows(split), pool.rows(other)
    same = np.isin(pool.group_of[here], pool.group_of[there])
    exactly = int(np.isin(pool.verbatim[here], pool.verbatim[there]).sum())
    loosely = int(same.sum())
    advice = f"remove them from {other} or from {split}, or {_NEW_SPLIT}"
    if loosely:
        yield Finding(
            "leak",
            "serious",
            split,
            loosely,
            len(here),
            f"{told_share(loosely, len(here))} {split} texts also occur in {other}"
            f"{_verbatim(exactly, loosely)}",
            advice,
            _twins(pool, here[same], there, pool.group_of),
        )
    near = ~same & np.isin(pool.cluster_of[here], pool.cluster_of[there])
    if near.any():
        count = int(near.sum())
        yield Finding(
            "near_leak",
            "serious" if count > _MANY * len(here) else "notable",
            split,
            count,
            len(here),
            f"{told_share(count, len(here))} {split} texts have a near copy in {other}",
            advice,
            _twins(pool, here[near], there, pool.cluster_of),
        )


def _within(pool: Pool, split: str) -> Iterator[Finding]:
    rows = pool.rows(split)
    exactly = len(rows) - len(np.unique(pool.verbatim[rows]))
    later = rows[_is_later(pool.group_of[rows])]
    if len(later):
        yield Finding(
            "duplicate",
            "notable",
            split,
            len(later),
            len(rows),
            f"{told_share(len(later), len(rows))} rows of {split} repeat an earlier "
            f"text{_verbatim(exactly, len(later))}",
            "drop them unless they really come that often; never divide them by chance",
            _twins(pool, later, rows, pool.group_of),
        )
    firsts = rows[~_is_later(pool.group_of[rows])]
    near = firsts[_is_later(pool.cluster_of[firsts])]
    if len(near):
        yield Finding(
            "near_duplicate",
            "notable",
            split,
            len(near),
            len(rows),
            f"{told_share(len(near), len(rows))} rows of {split} nearly repeat an "
            "earlier text",
            "look whether they are templates or edits of one text; "
            "`data split` keeps them together",
            _twins(pool, near, firsts, pool.cluster_of),
        )


def _conflicts(pool: Pool) -> Iterator[Finding]:
    for split in pool.splits:
        rows = pool.rows(split)
        yield from _conflict(
            pool,
            rows,
            "conflict",
            split,
            f"texts of {split} occur with different labels",
        )
    for other, split in combinations(pool.splits, 2):
        rows = np.concatenate([pool.rows(other), pool.rows(split)])
        across = _spanning(pool.group_of[rows], pool.split_of[rows])
        told = f"texts that {other} and {split} share have different labels there"
        yield from _conflict(pool, rows[across], "conflict", f"{other}, {split}", told)
    yield from _near_conflict(pool)


def _conflict(
    pool: Pool, rows: Rows, kind: str, split: str, told: str
) -> Iterator[Finding]:
    if not len(rows):
        return
    clashing = rows[_spanning(pool.group_of[rows], pool.set_of[rows])]
    groups = pool.group_of[clashing]
    if len(groups):
        count, of = len(np.unique(groups)), len(np.unique(pool.group_of[rows]))
        order = clashing[np.argsort(groups, kind="stable")]
        yield Finding(
            kind,
            "serious",
            split,
            count,
            of,
            f"{told_share(count, of)} {told}",
            "decide which label is right; a model learns from neither",
            kept(order, pool.example),
        )


def _near_conflict(pool: Pool) -> Iterator[Finding]:
    """Yields near copies with different labels, where true copies agree."""
    rows = pool.first_of
    clusters = pool.cluster_of[rows]
    clashing = rows[_spanning(clusters, pool.set_of[rows])]
    found = pool.cluster_of[clashing]
    if not len(found):
        return
    count, of = len(np.unique(found)), len(np.unique(clusters))
    order = clashing[np.argsort(found, kind="stable")]
    yield Finding(
        "near_conflict",
        "notable",
        "",
        count,
        of,
        f"{count:,} sets of near copies have different labels",
        "read them side by side: mostly one of the labels is wrong",
        kept(order, pool.example),
    )


def _verbatim(exactly: int, loosely: int) -> str:
    if exactly == loosely:
        return ""
    some = f"{exactly:,}" if exactly else "none"
    return f", {some} of them to the last sign"


def _is_later(groups: Rows) -> np.ndarray:
    """Returns bool[n]: whether a member of the group came before."""
    later = np.ones(len(groups), dtype=bool)
    later[np.unique(groups, return_index=True)[1]] = False
    return later


def _spanning(groups: Rows, values: Rows) -> np.ndarray:
    """Returns bool[n]: whether the group of a row has more than one value."""
    _, members = np.unique(groups, return_inverse=True)
    count = int(members.max(initial=-1)) + 1
    low = np.full(count, np.iinfo(np.int64).max)
    high = np.full(count, np.iinfo(np.int64).min)
    np.minimum.at(low, members, values)
    np.maximum.at(high, members, values)
    return np.asarray((low != high)[members])


def _twins(pool: Pool, rows: Rows, others: Rows, groups: Rows) -> tuple[Example, ...]:
    """Makes examples that name the first row of each one's group among the others."""
    keys, first = np.unique(groups[others], return_index=True)
    twin = others[first[np.searchsorted(keys, groups[rows])]]
    of = dict(zip(rows.tolist(), twin.tolist(), strict=True))
    return kept(rows, lambda row: pool.example(row, f"as {pool.place(of[row])}"))
