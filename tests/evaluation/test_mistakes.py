"""The surest wrong answers, and nothing else."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.evaluation.samples import drawn
from textclf.evaluation.decision import Decision
from textclf.evaluation.metrics import checked_targets
from textclf.evaluation.mistakes import (
    Mistakes,
    WrongLabel,
    mistake_lines,
    mistake_markdown,
    worst_mistakes,
)
from textclf.evaluation.predictions import BINARY, MULTILABEL, TASKS, Predictions
from textclf.evaluation.tables import screen_width


def case(task, n, seed):
    k = 2 if task == BINARY else 3
    predictions, rng = drawn(n, k, task, seed), np.random.default_rng(seed)
    shape = (n, k) if task == MULTILABEL else n
    truth = rng.integers(0, 2 if task == MULTILABEL else k, shape)
    return predictions, checked_targets(truth, n=n, k=k, task=task)


def found(predictions, truth, most, texts=None):
    texts = texts or [f"text {row}" for row in range(len(predictions))]
    place = "file.csv:{}".format
    return worst_mistakes(predictions, truth, texts, place, most=most)


@given(
    st.sampled_from(TASKS), st.integers(0, 30), st.integers(0, 99), st.integers(0, 9)
)
def test_they_are_wrong_and_the_surest_come_first(task, n, seed, most):
    if not n:
        return
    predictions, truth = case(task, n, seed)
    mistakes = found(predictions, truth, most)
    records = list(predictions.records())
    sure = []
    for row, record in enumerate(records):
        said = record["label"] if task == MULTILABEL else [record["label"]]
        own = truth[row] if task == MULTILABEL else np.arange(3) == truth[row]
        true = [name for name, has in zip(predictions.labels, own, strict=False) if has]
        if said == true:
            continue
        likely = record["probabilities"]
        odd = set(said) ^ set(true) if task == MULTILABEL else set(said)
        sure.append(
            max(likely[name] if name in said else 1 - likely[name] for name in odd)
        )
    assert [one.confidence for one in mistakes] == pytest.approx(
        sorted(sure, reverse=True)[:most]
    )
    for one in mistakes:
        assert set(one.truth) != set(one.said)
        assert one.text == f"text {one.row}" and one.place == f"file.csv:{one.row}"


@pytest.mark.parametrize("width", [30, 80])
def test_texts_are_shortened_and_escaped(width):
    predictions, truth = case(BINARY, 12, 3)
    texts = ["<script>\x1b[31m|\n\n" + "好" * 600, "", "\ud800"] * 4
    mistakes = found(predictions, truth, 12, texts)
    lines = mistake_lines(mistakes, width)
    assert len(lines) >= 1 + 2 * len(mistakes)
    assert all(f"file.csv:{one.row}" in "\n".join(lines) for one in mistakes)
    assert max(map(screen_width, lines)) <= width
    assert all(line.isprintable() for line in lines)
    text = "\n".join(mistake_markdown(mistakes))
    assert "<script>" not in text and "\x1b" not in text and "(empty)" in text
    assert len(max(text.splitlines(), key=len)) < 900


class TestLabelSets:
    """Each wrong part is named with its own probability, never with the rest to 1."""

    @pytest.fixture
    def mistakes(self):
        likely = np.array([[0.003, 0.335, 0.1], [0.02, 0.9, 0.7]])
        none = np.zeros(2)
        made = Predictions(
            ("shame", "neutral", "joy"),
            MULTILABEL,
            likely,
            empty=none > 0,
            truncated=none > 0,
            unknown=none,
            built=none,
            decision=Decision(thresholds=(0.5, 0.3, 0.5)),
        )
        return found(made, np.array([[1, 0, 0], [0, 0, 1]]), 2)

    def test_parts_are_the_surest_first_and_so_are_the_texts(self, mistakes):
        assert [one.row for one in mistakes] == [0, 1]
        assert mistakes[0].wrong == (
            WrongLabel("shame", given=False, probability=0.003),
            WrongLabel("neutral", given=True, probability=0.335),
        )
        assert [part.label for part in mistakes[1].wrong] == ["neutral"]

    def test_they_are_told_alike_everywhere(self, mistakes):
        told = "shame missed (0.003), neutral wrongly given (0.335)"
        for lines in (mistake_lines(mistakes, 120), mistake_markdown(mistakes)):
            text = "\n".join(lines)
            assert f"{told}; answer neutral, truth shame" in text
            assert "its probability" in text and "0.997" not in text
        assert told in Mistakes(mistakes)._repr_html_()

    def test_programs_get_them_too(self, mistakes):
        assert mistakes[0].to_json()["wrong"][0] == {
            "label": "shame",
            "given": False,
            "probability": 0.003,
        }
        assert mistakes[0].confidence == pytest.approx(0.997)


def test_one_label_a_text_has_no_parts():
    mistakes = found(*case(BINARY, 12, 3), 12)
    assert mistakes and not any(one.wrong for one in mistakes)
    assert all("wrong" not in one.to_json() for one in mistakes)


def test_none_is_said():
    assert mistake_lines([], 80) == ["no wrong answer"]
    assert mistake_markdown([])[-1] == "None."
