"""Labels: how many rows each has, how they are spelt, whether every split has them."""

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping

import numpy as np

from textclf.audit.finding import Finding, kept, told_share
from textclf.audit.pool import Pool
from textclf.errors import one_of, printable

_FEW = 10  # training rows below which a label can hardly be learnt
_UNBALANCED = 10  # times the rows of the rarest label
_DRIFT, _CHANCE = 0.05, 0.001
_LEAST_NAME = 5  # letters of names that differ by one and may be a slip
_MOST_NAMES = 5_000  # names looked at for slips
_ODD = 10  # a form of names is odd where so many others share another


def counts_of(pool: Pool) -> dict[str, Counter[str]]:
    """Returns how many rows of each split have each label."""
    return {split: pool.labels_in(split).counts() for split in pool.splits}


def on_labels(pool: Pool) -> Iterator[Finding]:
    """Yields what is to be said of the labels."""
    counts = counts_of(pool)
    train = {name: count for name, count in counts["train"].items() if count}
    yield from _blank(pool)
    yield from _unknown(pool, train)
    yield from _look_alike(pool, sum(counts.values(), Counter()))
    yield from _balance(pool, train)
    yield from _drift(counts)
    for split in pool.splits[1:]:
        missing = [name for name in train if not counts[split][name]]
        if missing:
            yield Finding(
                "label_not_judged",
                "notable",
                split,
                len(missing),
                len(train),
                f"labels of train without a row in {split}: {one_of(missing, limit=8)}",
                f"no score in {split} says anything of them; add rows, or divide the "
                "data anew (`data split`)",
            )


def _blank(pool: Pool) -> Iterator[Finding]:
    if pool.separator is not None:
        return
    for split in pool.splits:
        rows = pool.rows(split)
        blank = np.array([not kind for kind in pool.labels.kinds], dtype=bool)
        found = rows[blank[pool.labels.codes[rows]]]
        if len(found):
            yield Finding(
                "label_blank",
                "serious",
                split,
                len(found),
                len(rows),
                f"{told_share(len(found), len(rows))} rows of {split} have no label",
                "fill them or leave them out; training refuses them",
                kept(found, pool.example),
            )


def _unknown(pool: Pool, train: Mapping[str, int]) -> Iterator[Finding]:
    for split in pool.splits[1:]:
        rows = pool.rows(split)
        strange = np.array(
            [not set(kind) <= set(train) for kind in pool.labels.kinds], dtype=bool
        )
        found = rows[strange[pool.labels.codes[rows]]]
        if not len(found):
            continue
        named = {n for row in found.tolist() for n in pool.labels[row]} - set(train)
        yield Finding(
            "label_unknown",
            "serious",
            split,
            len(found),
            len(rows),
            f"{told_share(len(found), len(rows))} rows of {split} have a label that no "
            f"training row has: {one_of(sorted(named), limit=8)}",
            "correct the labels or add training rows with them; training refuses them",
            kept(found, pool.example),
        )


def _look_alike(pool: Pool, counts: Counter[str]) -> Iterator[Finding]:
    told: set[frozenset[str]] = set()
    for folded in (_folded, _slips):
        for group in folded(list(counts)):
            if any(set(group) <= set(other) for other in told):
                continue
            told.add(frozenset(group))
            sure = folded is _folded
            rarer = min(group, key=lambda name: counts[name])
            names = " and ".join(f'"{printable(n)}" ({counts[n]:,})' for n in group)
            yield Finding(
                "label_look_alike",
                "serious" if sure else "notable",
                "",
                len(group),
                len(counts),
                f"labels that look alike but are kept apart: {names}",
                "if one thing is meant, write it one way in the files",
                kept(_rows_with(pool, rarer), pool.example),
            )
    yield from _odd_forms(pool, counts)


def _rows_with(pool: Pool, name: str) -> np.ndarray:
    kinds = np.array([name in kind for kind in pool.labels.kinds], dtype=bool)
    return np.flatnonzero(kinds[pool.labels.codes])


def _folded(names: Iterable[str]) -> Iterator[tuple[str, ...]]:
    """Yields names that differ in case, signs, blanks or Unicode form only."""
    groups: defaultdict[str, list[str]] = defaultdict(list)
    for name in names:
        form = unicodedata.normalize("NFKC", name).casefold()
        groups["".join(filter(str.isalnum, form)) or form.strip()].append(name)
    yield from (tuple(group) for group in groups.values() if len(group) > 1)


def _slips(names: list[str]) -> Iterator[tuple[str, ...]]:
    """Yields pairs of names that differ by one letter: sport and sports."""
    shortened: defaultdict[str, set[str]] = defaultdict(set)
    long = [name for name in names if len(name) >= _LEAST_NAME][:_MOST_NAMES]
    for name in long:
        shortened[name].add(name)
        for at, sign in enumerate(name):
            if sign.isalpha():
                shortened[f"{name[:at]}{name[at + 1 :]}"].add(name)
    pairs = {tuple(sorted(group)) for group in shortened.values() if len(group) == 2}
    yield from sorted(pairs)


def _odd_forms(pool: Pool, counts: Counter[str]) -> Iterator[Finding]:
    """Yields names written otherwise than nearly all the others."""
    names = [name for name in counts if name]
    for form, how in ((_case, "first letter"), (_signs, "signs")):
        kinds = Counter(map(form, names))
        (usual, most), *others = kinds.most_common()
        few = sum(count for _, count in others)
        if not few or most < _ODD * few:
            continue
        odd = [name for name in names if form(name) != usual]
        yield Finding(
            "label_form",
            "note",
            "",
            len(odd),
            len(names),
            f"labels written otherwise than the others ({how}): {one_of(odd, limit=8)}",
            "check the spelling before programs rely on it",
            kept(_rows_with(pool, odd[0]), pool.example),
        )


def _case(name: str) -> str:
    return "upper" if name[0].isupper() else "lower" if name[0].islower() else "none"


def _signs(name: str) -> bool:
    return any(not sign.isalnum() and sign not in " _-./&" for sign in name)


def _balance(pool: Pool, train: Mapping[str, int]) -> Iterator[Finding]:
    rows = len(pool.rows("train"))
    most = max(train, key=lambda name: train[name])
    least = min(train, key=lambda name: train[name])
    rare = sorted((n for n in train if train[n] < _FEW), key=lambda name: train[name])
    if rare:
        listed = ", ".join(f'"{printable(n)}" ({train[n]})' for n in rare[:8])
        yield Finding(
            "label_rare",
            "notable",
            "train",
            len(rare),
            len(train),
            f"labels with fewer than {_FEW} training rows: {listed}"
            f"{' …' if len(rare) > 8 else ''}",
            "collect more, join them with others, or leave them out",
            kept(_rows_with(pool, rare[0]), pool.example),
        )
    if train[most] > _UNBALANCED * train[least]:
        yield Finding(
            "imbalance",
            "note",
            "train",
            train[most],
            rows,
            f'"{printable(most)}" has {train[most]:,} training rows, '
            f'"{printable(least)}" has {train[least]:,}',
            "judge by macro F1; training.monitor: dev_macro_f1 and training."
            "class_weight: balanced are worth a try",
        )


def _drift(counts: Mapping[str, Counter[str]]) -> Iterator[Finding]:
    """Yields splits whose labels are shared out otherwise than those of train."""
    from scipy.stats import chi2_contingency

    for split in list(counts)[1:]:
        names = [n for n in counts["train"] if counts["train"][n] + counts[split][n]]
        table = np.array([[counts[s][n] for n in names] for s in ("train", split)])
        if len(names) < 2 or not table.sum(axis=1).all():
            continue
        shares = table / table.sum(axis=1, keepdims=True)
        apart = float(np.abs(shares[0] - shares[1]).sum() / 2)
        if apart < _DRIFT or chi2_contingency(table).pvalue > _CHANCE:
            continue
        worst = int(np.abs(shares[0] - shares[1]).argmax())
        yield Finding(
            "label_drift",
            "notable",
            split,
            round(apart * int(table[1].sum())),
            int(table[1].sum()),
            f"{split} has other shares of labels than train, most of all of "
            f'"{printable(names[worst])}": {shares[1][worst]:.1%} against '
            f"{shares[0][worst]:.1%}",
            "compare with how the labels come in use; `data split` makes the shares "
            "equal",
        )
