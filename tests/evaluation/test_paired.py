"""Two models on the same texts."""

import json
from dataclasses import replace

import numpy as np
import pytest

from tests.evaluation.samples import HOSTILE_LABELS, answered
from textclf.errors import DataError
from textclf.evaluation.metrics import score
from textclf.evaluation.paired import Paired
from textclf.evaluation.predictions import MULTILABEL
from textclf.evaluation.tables import screen_width


def paired(a, b, targets, **changes):
    texts = [f"text {row}" for row in range(len(targets))]
    given = {"texts": texts, "place": "f.csv:{}".format, "seed": 3, "most": 5}
    return Paired.of(("run/a", "run/b"), a, b, targets, **(given | changes))


def models(accuracy_a, accuracy_b, labels=("bad", "good"), n=1000, task=None):
    """B errs on other texts than A."""
    a, targets = answered(labels, n=n, accuracy=accuracy_a, task=task)
    b, _ = answered(labels, n=n, accuracy=accuracy_b, task=task)
    other = np.roll(np.arange(n), n // 2)
    b = replace(b, probabilities=b.probabilities[other])
    if task == MULTILABEL:
        return a, b, targets
    turned = b.probabilities.copy()
    right = np.zeros(n, dtype=bool)
    right[other] = np.arange(n) < accuracy_b * n
    k = len(labels)
    picked = np.where(right, targets, (targets + 1) % k)
    turned[:] = 0.1 / k
    turned[np.arange(n), picked] += 0.9
    return a, replace(b, probabilities=turned), targets


@pytest.mark.parametrize(
    ("accuracies", "better"), [((0.8, 0.9), "B"), ((0.9, 0.8), "A"), ((0.8, 0.8), None)]
)
def test_the_verdict(accuracies, better):
    found = paired(*models(*accuracies))
    assert found.better == better
    told = found.verdict()
    assert told.startswith(f"{better} is better" if better else "No clear difference")
    low, high = (
        found.measures["accuracy"].interval.low,
        found.measures["accuracy"].interval.high,
    )
    assert (low > 0 or high < 0) == (better is not None)
    assert low <= found.measures["accuracy"].value <= high


def test_differences_are_those_of_the_scores():
    a, b, targets = models(0.8, 0.85)
    found = paired(a, b, targets)
    for name, difference in found.measures.items():
        values = [getattr(score(one, targets), name) for one in (a, b)]
        assert [difference.a, difference.b] == values
        assert difference.value == values[1] - values[0]
    right = [one.chosen() == targets for one in (a, b)]
    assert found.texts.only_a == (right[0] & ~right[1]).sum()
    assert found.texts.only_b == (right[1] & ~right[0]).sum()


def test_pairing_makes_intervals_narrow():
    """Nearly equal models differ by less than either of them is known."""
    a, targets = answered(n=1000, accuracy=0.8)
    likely = a.probabilities.copy()
    likely[:4] = likely[:4, ::-1]
    b = replace(a, probabilities=likely)
    interval = paired(a, b, targets).measures["accuracy"].interval
    assert -0.01 < interval.low <= interval.high <= 0.0


def test_a_model_beside_itself_differs_in_nothing():
    a, targets = answered(HOSTILE_LABELS, task=MULTILABEL)
    found = paired(a, a, targets)
    assert found.better is None and found.disagreements == ()
    for difference in found.measures.values():
        assert difference.value == 0
        assert (difference.interval.low, difference.interval.high) == (0, 0)


def test_disagreements_are_named_surest_first():
    a, b, targets = models(0.8, 0.85)
    found = paired(a, b, targets, most=1000)
    assert len(found.disagreements) == found.texts.only_a + found.texts.only_b
    for one in found.disagreements:
        assert one.text == f"text {one.row}" and one.place == f"f.csv:{one.row}"
        assert ((one.a == one.truth), (one.b == one.truth)) == (
            one.right == "A",
            one.right == "B",
        )
    sure = [one.confidence for one in found.disagreements]
    assert sure == sorted(sure, reverse=True)


@pytest.mark.parametrize("width", [30, 40, 80])
@pytest.mark.parametrize("task", [None, MULTILABEL])
def test_lines_fit_and_json_is_json(width, task):
    a, b, targets = models(0.7, 0.8, HOSTILE_LABELS, n=200, task=task)
    texts = ["\x1b[31m" + "好" * 90] * 200
    found = paired(a, b, targets, texts=texts)
    lines = found.to_lines(width)
    assert max(map(screen_width, lines)) <= width
    assert all(line.isprintable() for line in lines)
    values = json.loads(json.dumps(found.to_json(), allow_nan=False))
    assert values["mcnemar"]["only_a"] == found.texts.only_a
    assert values["measures"]["accuracy"]["ci95"]


def test_other_labels_are_refused():
    a, targets = answered(("bad", "good"))
    b = replace(a, labels=("bad", "fine"))
    with pytest.raises(DataError, match="fine, good"):
        paired(a, b, targets)
    with pytest.raises(DataError, match="of 200 and of 100"):
        paired(a, answered(n=100)[0], targets)
