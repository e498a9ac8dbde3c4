"""Answers: read as they were kept, the worst first."""

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from textclf.errors import ArtefactError
from textclf.report.answers import Answer, read_answers, worst
from textclf.report.groups import groups_of, wilson
from textclf.run import Run

NAMES = ("a", "b", "c")


def answer(row, truth, given, **flags):
    said = (max(given, key=given.get),)
    facts = {"truncated": False, "empty": False, "unknown": 0.0, **flags}
    return Answer(row, truth, said, given, **facts)


def test_surprise_is_the_loss_of_a_text():
    one = answer(0, ("b",), {"a": 0.7, "b": 0.2, "c": 0.1})
    assert one.surprise(many=False) == pytest.approx(-math.log(0.2))
    many = Answer(
        0, ("a", "c"), ("a",), {"a": 0.9, "b": 0.4, "c": 0.3}, False, False, 0
    )
    expected = -math.log(0.9) - math.log(0.6) - math.log(0.3)
    assert many.surprise(many=True) == pytest.approx(expected)
    assert not many.right
    certain = answer(0, ("b",), {"a": 1.0, "b": 0.0, "c": 0.0})
    assert math.isfinite(certain.surprise(many=False))


@given(
    st.lists(st.tuples(st.integers(0, 2), st.integers(1, 99)), max_size=30),
    st.integers(0, 5),
)
def test_the_worst_are_those_of_a_slow_search(rows, most):
    answers = []
    for row, (truth, share) in enumerate(rows):
        rest = (1 - share / 100) / 2
        likely = dict.fromkeys(NAMES, rest) | {NAMES[row % 3]: share / 100}
        answers.append(answer(row, (NAMES[truth],), likely))
    found = worst(answers, many=False, most=most)
    wrong = [one for one in answers if one.said != one.truth]
    assert len(found) == min(most, len(wrong))
    losses = [-math.log(one.probabilities[one.truth[0]]) for one in found]
    assert losses == sorted(losses, reverse=True)
    left = [one for one in wrong if one not in found]
    assert all(
        -math.log(one.probabilities[one.truth[0]]) <= losses[-1]
        for one in left
        if losses
    )


@pytest.mark.parametrize(
    ("truth", "label", "separator", "expected"),
    [
        ("a|b", ["b", "a"], "|", (("a", "b"), ("b", "a"))),
        ("", [], "|", ((), ())),
        ("a|b", "c", None, (("a|b",), ("c",))),
    ],
)
def test_lines_are_read_as_they_were_kept(tmp_path, truth, label, separator, expected):
    flags = {"empty": False, "truncated": True, "unknown": 0.25, "built": 0.0}
    line = {"row": 0, "truth": truth, "label": label, "flags": flags}
    line["probabilities"] = {"a": 0.5, "b": 0.5, "a|b": 0.0, "c": 0.0}
    (tmp_path / "predictions-test.jsonl").write_text(json.dumps(line) + "\n")
    (one,) = read_answers(Run(tmp_path), "test", separator=separator)
    assert (one.truth, one.said) == expected
    assert one.truncated and one.unknown == 0.25
    assert read_answers(Run(tmp_path), "dev", separator=None) == ()


@pytest.mark.parametrize("line", ["{", "[]", "{}", '{"row": 1}'])
def test_damage_is_told(tmp_path, line):
    (tmp_path / "predictions-dev.jsonl").write_text(line + "\n")
    with pytest.raises(ArtefactError, match="got no answers"):
        read_answers(Run(tmp_path), "dev", separator=None)


def test_groups_divide_the_texts():
    given = {"a": 0.9, "b": 0.1}
    answers = [
        answer(0, ("a",), given),
        answer(1, ("b",), given, truncated=True, unknown=0.05),
        answer(2, ("a",), given, unknown=0.5),
    ]
    found = {group.name: (group.n, group.right) for group in groups_of(answers)}
    assert found["all"] == (3, pytest.approx(2 / 3))
    assert found["read in part"] == (1, 0.0)
    assert found["no unknown words"] == (1, 1.0)
    assert found["more than 10 % unknown"] == (1, 1.0)
    assert groups_of([]) == []


@given(st.integers(1, 300), st.data())
def test_wilson_holds_the_share_and_solves_its_equation(n, data):
    hits = data.draw(st.integers(0, n))
    span, share, z = wilson(hits, n), hits / n, 1.959963984540054
    assert span.low <= share + 1e-12 and share - 1e-12 <= span.high
    for end in (span.low, span.high):
        if 0 < end < 1:
            assert abs(share - end) == pytest.approx(
                z * (end * (1 - end) / n) ** 0.5, abs=1e-6
            )
