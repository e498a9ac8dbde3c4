"""Slices are what a plain count says, and only clear ones are called worse."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import f1_score

from tests.evaluation.samples import HOSTILE_LABELS, answered, drawn
from textclf.evaluation.metrics import checked_targets
from textclf.evaluation.predictions import BINARY, MULTICLASS, MULTILABEL, TASKS
from textclf.evaluation.slices import (
    Group,
    built_in_groups,
    column_groups,
    slice_lines,
    slice_markdown,
    slices_of,
)
from textclf.evaluation.tables import screen_width


def case(task, n, seed=0):
    k = 2 if task == BINARY else 3
    predictions, rng = drawn(n, k, task, seed), np.random.default_rng(seed)
    shape = (n, k) if task == MULTILABEL else n
    truth = rng.integers(0, 2 if task == MULTILABEL else k, shape)
    return predictions, checked_targets(truth, n=n, k=k, task=task)


@settings(max_examples=25)
@given(st.sampled_from(TASKS), st.integers(1, 40), st.integers(0, 99))
def test_scores_are_those_of_the_texts_alone(task, n, seed):
    predictions, truth = case(task, n, seed)
    rng = np.random.default_rng(seed)
    groups = [Group("g", str(i), rng.random(n) < 0.5) for i in range(3)]
    groups = [group for group in groups if group.members.any()]
    chosen = predictions.chosen()
    for part, group in zip(
        slices_of(predictions, truth, groups, seed=1), groups, strict=True
    ):
        own = group.members
        assert part.n == own.sum()
        assert part.score == pytest.approx(plain(chosen[own], truth[own], task))
        if own.all():
            assert part.rest is None
        elif task != MULTILABEL:
            assert part.rest == pytest.approx(plain(chosen[~own], truth[~own], task))
        assert part.interval is None or part.interval.low <= part.interval.high
        assert not (part.worse and min(part.n, n - part.n) < 20)


def plain(chosen, truth, task):
    if task == MULTILABEL:
        return f1_score(truth, chosen, average="micro", zero_division=0)
    return np.mean(chosen == truth)


def test_a_planted_weakness_is_found_and_chance_is_not():
    predictions, targets = answered(("bad", "good"), n=4000, accuracy=0.9)
    right = predictions.chosen() == targets
    rng = np.random.default_rng(3)
    weak = np.where(right, rng.random(4000) < 0.04, rng.random(4000) < 0.25)
    groups = [Group("planted", "weak", weak)]
    groups += [Group("chance", str(i), rng.random(4000) < 0.1) for i in range(30)]
    found = slices_of(predictions, targets, groups, seed=1)
    assert [part.value for part in found if part.worse] == ["weak"]
    assert found[0].interval.high < found[0].rest


def test_false_alarms_are_rare():
    """Of 20 data sets without any weakness, each with 20 slices."""
    alarms = 0
    for seed in range(20):
        predictions, truth = case(MULTICLASS, 300, seed)
        rng = np.random.default_rng(seed)
        values = rng.integers(0, 20, 300).astype(str)
        found = slices_of(predictions, truth, column_groups("c", values), seed=seed)
        alarms += any(part.worse for part in found)
    assert alarms <= 4


@given(st.lists(st.integers(0, 30), min_size=1, max_size=60))
def test_quarters_of_length_divide_the_texts(lengths):
    texts = ["x" * length for length in lengths]
    predictions, truth = case(MULTICLASS, len(texts))
    groups = built_in_groups("length", predictions, truth, texts)
    assert 1 <= len(groups) <= 4
    assert (np.sum([group.members for group in groups], axis=0) == 1).all()
    for group in groups:
        low, *high = group.value.removesuffix(" characters").split(" to ")
        own = np.array(lengths)[group.members]
        assert own.min() >= int(low) and own.max() <= int((high or [low])[0])


@pytest.mark.parametrize("task", TASKS)
@pytest.mark.parametrize("name", ["unknown", "truncated", "label"])
def test_built_in_slices(task, name):
    predictions, truth = case(task, 60)
    unknown = np.repeat([0.0, 0.05, 0.5], 20)
    predictions = replace(predictions, unknown=unknown)
    groups = built_in_groups(name, predictions, truth, [""] * 60)
    total = np.sum([group.members for group in groups], axis=0)
    if task == MULTILABEL and name == "label":
        assert np.array_equal(total, truth.sum(axis=1))
    else:
        assert (total == 1).all()
    sizes = [int(group.members.sum()) for group in groups]
    assert name != "unknown" or sizes == [20, 20, 20]


def test_rare_values_of_a_column_are_taken_together():
    cells = ["film"] * 50 + ["", ""] + [f"rare {i}" for i in range(40)]
    groups = column_groups("source", cells)
    assert groups[0].value == "film" and groups[0].members.sum() == 50
    assert groups[1].value == "(empty)"
    assert groups[-1].value == "(22 rarer values)" and groups[-1].members.sum() == 22
    assert np.sum([group.members for group in groups], axis=0).max() == 1
    (only,) = column_groups("source", cells, value="rare 3")
    assert only.members.sum() == 1
    assert column_groups("source", cells, value="flim") == []


@pytest.mark.parametrize("width", [30, 40, 80])
def test_tables_fit_and_steer_nothing(width):
    predictions, targets = answered(HOSTILE_LABELS, n=400)
    cells = [f"{name}\x1b[31m|<b>" for name in HOSTILE_LABELS] * 400
    groups = column_groups("a|b", cells[:400])
    found = slices_of(predictions, targets, groups, seed=1)
    lines = slice_lines(found, MULTICLASS, width)
    assert max(map(screen_width, lines)) <= width
    assert all(line.isprintable() for line in lines)
    text = "\n".join(slice_markdown(found, MULTICLASS))
    assert "<b>" not in text and "\x1b" not in text
