"""Rows held out of a table: stratified by label, copies of a text on one side."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Indices = NDArray[np.int64]
Cells = Sequence[tuple[str, ...]]
_Strata = dict[str, list["_Group"]]


@dataclass(frozen=True, slots=True)
class _Group:
    """Rows with the same text, which stay together."""

    rows: list[int]
    labels: frozenset[str]


def split_off(
    texts: Sequence[str],
    labels: Cells,
    *,
    fraction: float,
    rng: np.random.Generator,
) -> tuple[Indices, Indices]:
    """Divides rows into those that stay and those held out, both in file order.

    Texts that are equal but for case and blanks are never divided. The rows are
    stratified by label; with several labels a row counts for its rarest one, the label
    that iterative stratification serves first (Sechidis, Tsoumakas and Vlahavas 2011).
    Every label keeps a row that stays, so a label of one text is never held out.

    Args:
        texts: The text of each row.
        labels: The labels of each row: one, or for multi-label any number.
        fraction: The share of the rows to hold out, between 0 and 1.
        rng: What chance is drawn from; nothing else decides.

    Returns:
        The indices of the rows that stay and of those held out, each sorted. The second
        has `fraction` of the rows, at least one where any can be spared, up to what
        groups of equal texts and labels of few texts make impossible.
    """
    groups = _groups(texts, labels)
    strata = _strata(groups, labels, rng=rng)
    target = max(1, round(fraction * len(texts))) if fraction > 0 else 0
    quotas = _quotas(strata, target=target, rows=len(texts), rng=rng)
    held: list[_Group] = []
    for name, members in strata.items():
        held += _taken(members, quota=quotas[name])
    held = _with_labels_kept(held, labels)
    mask = np.zeros(len(texts), dtype=bool)
    for group in held:
        mask[group.rows] = True
    return np.flatnonzero(~mask), np.flatnonzero(mask)


def text_key(text: str) -> str:
    """Returns what two texts share if they differ only in case and blanks."""
    return " ".join(text.casefold().split())


def _groups(texts: Sequence[str], labels: Cells) -> list[_Group]:
    rows: defaultdict[str, list[int]] = defaultdict(list)
    for row, text in enumerate(texts):
        rows[text_key(text)].append(row)
    return [
        _Group(members, frozenset(name for row in members for name in labels[row]))
        for members in rows.values()
    ]


def _strata(
    groups: list[_Group], labels: Cells, *, rng: np.random.Generator
) -> _Strata:
    """Puts each group under the rarest of its labels, in random order."""
    counts = Counter(name for cell in labels for name in cell)
    strata: _Strata = defaultdict(list)
    for at in rng.permutation(len(groups)):
        group = groups[at]
        rarest = min(group.labels, key=lambda name: (counts[name], name), default="")
        strata[rarest].append(group)
    return dict(sorted(strata.items()))


def _quotas(
    strata: _Strata, *, target: int, rows: int, rng: np.random.Generator
) -> dict[str, int]:
    """Shares `target` rows out by size; the largest remainders are rounded up."""
    sizes = {
        name: sum(len(group.rows) for group in members)
        for name, members in strata.items()
    }
    exact = {name: target * size / rows for name, size in sizes.items()}
    quotas = {name: int(share) for name, share in exact.items()}
    names = list(strata)
    chance = rng.random(len(names))
    order = sorted(
        range(len(names)),
        key=lambda at: (quotas[names[at]] - exact[names[at]], chance[at]),
    )
    spare = [at for at in order if len(strata[names[at]]) > 1]
    for at in spare[: target - sum(quotas.values())]:
        quotas[names[at]] += 1
    return quotas


def _taken(members: list[_Group], *, quota: int) -> list[_Group]:
    """Returns groups of at most `quota` rows together, but never all groups."""
    taken: list[_Group] = []
    for group in members:
        if len(group.rows) <= quota and len(taken) < len(members) - 1:
            taken.append(group)
            quota -= len(group.rows)
    return taken


def _with_labels_kept(held: list[_Group], labels: Cells) -> list[_Group]:
    """Gives groups back until every label has a row that stays."""
    left = Counter(name for cell in labels for name in cell)
    for group in held:
        left.subtract(name for row in group.rows for name in labels[row])
    kept: list[_Group] = []
    for group in held:
        if any(left[name] <= 0 for name in group.labels):
            left.update(name for row in group.rows for name in labels[row])
        else:
            kept.append(group)
    return kept
