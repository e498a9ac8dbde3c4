"""Curves are drawn for every task, whatever the labels are called."""

from dataclasses import replace

import numpy as np
import pytest

from tests.evaluation.samples import HOSTILE_LABELS, MANY_LABELS, answered, drawn
from textclf.evaluation.curves import curve_plots, without_temperature
from textclf.evaluation.decision import Decision
from textclf.evaluation.predictions import BINARY, MULTILABEL, TASKS

PNG = b"\x89PNG\r\n\x1a\n"


@pytest.mark.parametrize(
    ("labels", "task"),
    [
        (("bad", "$good$"), BINARY),
        (HOSTILE_LABELS, None),
        (HOSTILE_LABELS[:5], MULTILABEL),
        (MANY_LABELS, None),
    ],
)
def test_three_pictures(labels, task, tmp_path):
    predictions, targets = answered(labels, task=task)
    decision = Decision(1.5, abstain=0.5)
    predictions = replace(predictions, decision=decision)
    splits = ("dev", "again") if len(labels) < 6 else ("dev",)
    for split in splits:
        curve_plots(predictions, targets, tmp_path, suffix=f"-{split}")
    for name in ("curves", "reliability", "coverage"):
        content = (tmp_path / f"{name}-dev.png").read_bytes()
        assert content.startswith(PNG) and len(content) > 5_000
        assert content == (tmp_path / f"{name}-{splits[-1]}.png").read_bytes()


@pytest.mark.parametrize("targets", [[0, 0, 0], [1, 1, 1]])
def test_a_label_that_no_text_lacks_has_no_curve(targets, tmp_path):
    predictions = drawn(3, 2, BINARY)
    curve_plots(predictions, targets, tmp_path, suffix="-dev")
    assert (tmp_path / "curves-dev.png").read_bytes().startswith(PNG)


@pytest.mark.parametrize("task", TASKS)
def test_a_temperature_is_taken_back(task):
    plain = drawn(50, 2 if task == BINARY else 4, task)
    odds = np.log(np.maximum(plain.probabilities, 1e-300))
    if task != "multiclass":
        odds = odds - np.log1p(-plain.probabilities)
        warm = 1 / (1 + np.exp(-odds / 3))
    else:
        warm = np.exp(odds / 3) / np.exp(odds / 3).sum(axis=1, keepdims=True)
    made = replace(plain, probabilities=warm, decision=Decision(3.0))
    back = without_temperature(made)
    assert np.allclose(back.probabilities, plain.probabilities, atol=1e-9)
    assert back.decision == Decision()
