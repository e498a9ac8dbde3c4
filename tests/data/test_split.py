"""Splits: nothing lost, no text on both sides, every label kept, sizes as asked."""

from collections import Counter, defaultdict

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from textclf.data.cells import LabelSets
from textclf.data.copies import keys_of, text_key
from textclf.data.split import split_off

WORDS = st.sampled_from(["a", "A ", " a", "b", "c", "d  e", "D e", "f", "", " ", "g"])
CELLS = st.lists(st.sampled_from("xyz"), max_size=2, unique=True).map(tuple)


def divided(
    texts: list[str], labels: list[tuple[str, ...]], fraction: float, seed: int = 0
) -> tuple[list[int], list[int]]:
    rng = np.random.default_rng([seed, 1])
    kinds = tuple(dict.fromkeys(labels))
    codes = np.array([kinds.index(cell) for cell in labels], dtype=np.int32)
    sets = LabelSets(kinds, codes)
    rest, held = split_off(keys_of(texts), sets, fraction=fraction, rng=rng)
    assert rest.dtype == held.dtype == np.int64
    return rest.tolist(), held.tolist()


@given(
    rows=st.lists(st.tuples(WORDS, CELLS), min_size=1, max_size=40),
    fraction=st.floats(0.01, 0.5),
    seed=st.integers(0, 99),
)
def test_the_contract_of_every_split(
    rows: list[tuple[str, tuple[str, ...]]], fraction: float, seed: int
) -> None:
    texts, labels = [row[0] for row in rows], [row[1] for row in rows]
    rest, held = divided(texts, labels, fraction, seed)
    assert sorted(rest + held) == list(range(len(rows)))
    assert rest == sorted(rest)
    assert held == sorted(held)
    assert rest
    keys = [text_key(text) for text in texts]
    assert not {keys[at] for at in rest} & {keys[at] for at in held}
    assert {name for at in held for name in labels[at]} <= {
        name for at in rest for name in labels[at]
    }
    assert len(held) <= max(1, round(fraction * len(rows)))
    assert (rest, held) == divided(texts, labels, fraction, seed)


def plainly_divided(
    texts: list[str], labels: list[tuple[str, ...]], fraction: float, seed: int
) -> tuple[list[int], list[int]]:
    """The same in words and loops: groups, strata, quotas, and labels given back."""
    rng = np.random.default_rng([seed, 1])
    copies: defaultdict[str, list[int]] = defaultdict(list)
    for row, text in enumerate(texts):
        copies[text_key(text)].append(row)
    groups = list(copies.values())
    counts = Counter(name for cell in labels for name in cell)
    strata: dict[str, list[list[int]]] = defaultdict(list)
    for at in rng.permutation(len(groups)):
        names = {name for row in groups[at] for name in labels[row]}
        rarest = min(names, key=lambda name: (counts[name], name), default="")
        strata[rarest].append(groups[at])
    names = sorted(strata)
    target = max(1, round(fraction * len(texts)))
    exact = [target * sum(map(len, strata[name])) / len(texts) for name in names]
    quotas, chance = [int(share) for share in exact], rng.random(len(names))
    order = sorted(range(len(names)), key=lambda n: (quotas[n] - exact[n], chance[n]))
    spare = [at for at in order if len(strata[names[at]]) > 1]
    for at in spare[: target - sum(quotas)]:
        quotas[at] += 1
    held: list[list[int]] = []
    for name, quota in zip(names, quotas, strict=True):
        taken: list[list[int]] = []
        for group in strata[name]:
            if len(group) <= quota and len(taken) < len(strata[name]) - 1:
                taken.append(group)
                quota -= len(group)
        held += taken
    out = {row for group in held for row in group}
    left = Counter(n for row, c in enumerate(labels) if row not in out for n in c)
    for group in held:
        if any(left[name] == 0 for row in group for name in labels[row]):
            left.update(name for row in group for name in labels[row])
            out -= set(group)
    return [row for row in range(len(texts)) if row not in out], sorted(out)


@given(
    rows=st.lists(st.tuples(WORDS, CELLS), min_size=1, max_size=40),
    fraction=st.floats(0.01, 0.5),
    seed=st.integers(0, 99),
)
def test_every_split_is_that_of_the_plain_rule(
    rows: list[tuple[str, tuple[str, ...]]], fraction: float, seed: int
) -> None:
    texts, labels = [row[0] for row in rows], [row[1] for row in rows]
    assert divided(texts, labels, fraction, seed) == plainly_divided(
        texts, labels, fraction, seed
    )


@given(
    sizes=st.lists(st.integers(2, 60), min_size=2, max_size=6),
    fraction=st.floats(0.05, 0.5),
)
def test_sizes_are_those_asked_for(sizes: list[int], fraction: float) -> None:
    labels = [(str(at),) for at, size in enumerate(sizes) for _ in range(size)]
    texts = [f"text {at}" for at in range(len(labels))]
    _, held = divided(texts, labels, fraction)
    assert len(held) == max(1, round(fraction * len(labels)))
    counts = Counter(labels[at] for at in held)
    for at, size in enumerate(sizes):
        share = len(held) * size / len(labels)
        assert share - 1 < counts[(str(at),)] < share + 1


def test_seeds_give_other_rows() -> None:
    texts = [f"text {at}" for at in range(100)]
    labels = [("ab"[at % 2],) for at in range(100)]
    splits = {tuple(divided(texts, labels, 0.2, seed)[1]) for seed in range(9)}
    assert len(splits) == 9


def test_every_row_can_be_held_out() -> None:
    texts = [f"text {at // 2}" for at in range(40)]
    labels = [("a" if at < 30 else "b",) for at in range(40)]
    held = {row for seed in range(60) for row in divided(texts, labels, 0.2, seed)[1]}
    assert held == set(range(40))


def test_labels_of_one_text_stay() -> None:
    texts = ["same", "Same ", "x", "y", "z", "w"]
    labels = [("rare",), ("rare",), ("a",), ("a",), ("b",), ("b",)]
    for seed in range(20):
        rest, _ = divided(texts, labels, 0.5, seed)
        assert {0, 1} <= set(rest)


def test_a_label_that_is_never_the_rarest_stays_too() -> None:
    labels = [("a", "z"), ("a",), ("c", "z"), ("c",)]
    for seed in range(20):
        rest, held = divided(["1", "2", "3", "4"], labels, 0.5, seed)
        assert any("z" in labels[at] for at in rest)
        assert held


@pytest.mark.parametrize(
    ("texts", "labels"),
    [
        (["a", "b"], [("x",), ("y",)]),
        (["a", "A", "a "], [("x",), ("y",), ("x",)]),
        (["a"], [()]),
    ],
)
def test_nothing_is_held_out_where_nothing_can_be_spared(
    texts: list[str], labels: list[tuple[str, ...]]
) -> None:
    assert divided(texts, labels, 0.5) == (list(range(len(texts))), [])


def test_a_fraction_of_nothing_is_nothing() -> None:
    texts = [str(at) for at in range(9)]
    assert divided(texts, [("a",)] * 9, 0.0) == (list(range(9)), [])
