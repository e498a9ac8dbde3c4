"""Lines made a column at a time are the bytes of `json.dumps`."""

import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.evaluation.samples import drawn, made
from textclf.data.columns import JsonText
from textclf.evaluation.decision import Decision
from textclf.evaluation.json_lines import json_lines
from textclf.evaluation.predictions import BINARY, MULTICLASS, MULTILABEL

TASKS = (BINARY, MULTICLASS, MULTILABEL)
ASCII = "".join(map(chr, range(128)))


def plain(texts, predictions):
    """The bytes, row by row, from the dicts that `records` yields."""
    lines = [
        json.dumps({"text": text} | record, ensure_ascii=False)
        for text, record in zip(texts, predictions.records(), strict=True)
    ]
    whole = "".join(f"{line}\n" for line in lines)
    return whole.encode("utf-8", "backslashreplace")


@given(
    st.lists(st.text() | st.text(st.sampled_from(ASCII)), max_size=6),
    st.sampled_from(TASKS),
)
def test_the_bytes_are_those_of_the_json_module(texts, task):
    predictions = drawn(len(texts), 2 if task == BINARY else 4, task)
    assert bytes(json_lines(texts, predictions)) == plain(texts, predictions)


@pytest.mark.parametrize("texts", [["a", 'b"'], ["a", "half \ud800"]])
def test_what_is_kept_stands_before_the_text(texts):
    beside = {"id": ["é", JsonText("007.50")], 'a"b': [None, True]}
    beside["x"] = [0.1, float("nan")]
    lines = bytes(json_lines(texts, drawn(2, 2, BINARY), beside)).splitlines()
    assert lines[0].startswith('{"id": "é", "a\\"b": null, "x": 0.1, "text"'.encode())
    assert lines[1].startswith(b'{"id": 007.50, "a\\"b": true, "x": null, "text"')
    alone = bytes(json_lines(texts, drawn(2, 2, BINARY))).splitlines()
    for kept, line in zip(lines, alone, strict=True):
        assert kept.endswith(line[1:])


@pytest.mark.parametrize("task", TASKS)
def test_a_model_that_may_abstain_says_so_in_each_line(task):
    predictions = drawn(20, 2 if task == BINARY else 3, task)
    abstain = float(np.median(predictions.confidence()))
    predictions = replace(predictions, decision=Decision(abstain=abstain))
    texts = list(map(str, range(20)))
    lines = bytes(json_lines(texts, predictions))
    assert lines == plain(texts, predictions)
    assert lines.count(b'"abstained": true') == 10


@pytest.mark.parametrize("task", TASKS)
@pytest.mark.parametrize("surrogate", ["", "\ud800"])
def test_every_character_of_ascii_is_escaped_alike(task, surrogate):
    texts = [*ASCII, ASCII, "", "\x7f\x80\u2028\U0001f600", surrogate]
    predictions = drawn(len(texts), 2 if task == BINARY else 3, task)
    assert bytes(json_lines(texts, predictions)) == plain(texts, predictions)


@pytest.mark.parametrize("task", [MULTICLASS, MULTILABEL])
def test_labels_and_numbers_of_any_form(task):
    labels = ("100%s {}", 'say "\\"\n', "\ud800")
    rows = [[1.0, 0.0, 0.0], [1e-5, 1 - 1e-5, 0.0], [5e-324, 1.0, 1e-17]]
    for names in (labels, ("%", "\u2028", "\t")):
        predictions = made(rows, task, labels=names)
        texts = ["%s", "{}", "\\"]
        assert bytes(json_lines(texts, predictions)) == plain(texts, predictions)
