"""Rows held out of a table: stratified by label, copies of a text on one side."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from textclf.data.cells import LabelSets
from textclf.data.copies import Prints, grouped

Indices = NDArray[np.int64]
_Strata = dict[str, Indices]
"""The groups of copies under each label, in random order."""


def split_off(
    keys: Prints,
    labels: LabelSets,
    *,
    fraction: float,
    rng: np.random.Generator,
) -> tuple[Indices, Indices]:
    """Divides rows into those that stay and those held out, both in file order.

    Rows of equal keys are never divided. The rows are stratified by label; with several
    labels a row counts for its rarest one, the label that iterative stratification
    serves first (Sechidis, Tsoumakas and Vlahavas 2011). Every label keeps a row that
    stays, so a label of one text is never held out.

    Args:
        keys: What tells which rows are copies of one text (`copies.keys_of`).
        labels: The labels of each row: one, or for multi-label any number.
        fraction: The share of the rows to hold out, between 0 and 1.
        rng: What chance is drawn from; nothing else decides.

    Returns:
        The indices of the rows that stay and of those held out, each sorted. The second
        has `fraction` of the rows, at least one where any can be spared, up to what
        groups of equal texts and labels of few texts make impossible.
    """
    groups = grouped(keys)
    sizes = np.bincount(groups)
    strata = _strata(groups, labels, rng=rng)
    target = max(1, round(fraction * len(keys))) if fraction > 0 else 0
    quotas = _quotas(strata, sizes, target=target, rng=rng)
    held = [
        group
        for name, members in strata.items()
        for group in _taken(members, sizes, quota=quotas[name])
    ]
    chosen = np.zeros(len(sizes), dtype=bool)
    chosen[_with_labels_kept(held, groups, labels)] = True
    mask = chosen[groups]
    return np.flatnonzero(~mask), np.flatnonzero(mask)


def _strata(groups: Indices, labels: LabelSets, *, rng: np.random.Generator) -> _Strata:
    """Puts each group under the rarest of its labels, in random order."""
    counts = labels.counts()
    names = sorted(counts, key=lambda name: (counts[name], name))
    ranks = {name: rank for rank, name in enumerate(names)}
    of_kind = [
        min((ranks[name] for name in kind), default=len(names)) for kind in labels.kinds
    ]
    rarest = np.full(int(groups.max(initial=-1)) + 1, len(names))
    np.minimum.at(rarest, groups, np.asarray(of_kind, dtype=np.int64)[labels.codes])
    order = rng.permutation(len(rarest))
    order = order[np.argsort(rarest[order], kind="stable")]
    ends = np.cumsum(np.bincount(rarest, minlength=len(names) + 1))
    parts = zip([*names, ""], np.split(order, ends[:-1]), strict=True)
    return {name: members for name, members in sorted(parts) if len(members)}


def _quotas(
    strata: _Strata, sizes: Indices, *, target: int, rng: np.random.Generator
) -> dict[str, int]:
    """Shares `target` rows out by size; the largest remainders are rounded up."""
    rows = int(sizes.sum())
    exact = {
        name: target * int(sizes[members].sum()) / rows
        for name, members in strata.items()
    }
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


def _taken(members: Indices, sizes: Indices, *, quota: int) -> list[int]:
    """Returns groups of at most `quota` rows together, but never all groups."""
    taken: list[int] = []
    for group, size in zip(members.tolist(), sizes[members].tolist(), strict=True):
        if quota == 0 or len(taken) == len(members) - 1:
            break
        if size <= quota:
            taken.append(group)
            quota -= size
    return taken


def _with_labels_kept(held: list[int], groups: Indices, labels: LabelSets) -> list[int]:
    """Gives groups back until every label has a row that stays."""
    is_held = np.zeros(int(groups.max(initial=-1)) + 1, dtype=bool)
    is_held[held] = True
    stays = LabelSets(labels.kinds, labels.codes[~is_held[groups]])
    left = stays.counts()
    gone = {name for name, count in left.items() if count == 0}
    if not gone:
        return held
    suspects = _cells_with(gone, groups, labels, is_held)
    kept = []
    for group in held:
        cells = suspects.get(group, [])
        if any(left[name] == 0 for cell in cells for name in cell):
            left.update(name for cell in cells for name in cell)
        else:
            kept.append(group)
    return kept


def _cells_with(
    names: set[str], groups: Indices, labels: LabelSets, is_held: NDArray[np.bool_]
) -> Mapping[int, list[tuple[str, ...]]]:
    """Returns all cells of each held group that has one of these labels."""
    kinds = np.array([not names.isdisjoint(kind) for kind in labels.kinds])
    wanted = np.zeros(len(is_held), dtype=bool)
    wanted[groups[kinds[labels.codes]]] = True
    found: dict[int, list[tuple[str, ...]]] = {}
    for row in np.flatnonzero((wanted & is_held)[groups]).tolist():
        found.setdefault(int(groups[row]), []).append(labels[row])
    return found
