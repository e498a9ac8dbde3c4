"""Labels: fitted in a fixed order, exact both ways, odd ones told or refused."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from textclf.data.labels import Labels, look_alikes, split_cells
from textclf.errors import ArtefactError, DataError

HOSTILE = ["a/b", "<b>", "=1+1", "nul\0", "no", "01", "1", "1.0", " x ", "x", "\x1b[1m"]
NAMES = st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(str.strip)


@given(raw=st.lists(NAMES, min_size=2, max_size=19))
def test_single_labels_survive(raw: list[str]) -> None:
    raw = [*raw, raw[0], "a", "b"]
    labels = Labels.fit(raw, separator=None)
    assert labels.names == tuple(sorted(set(raw)))
    assert labels.task == ("binary" if len(labels) == 2 else "multiclass")
    targets = labels.encode(raw)
    assert targets.dtype == np.int32
    assert labels.decode(targets) == raw
    assert [labels.names[at] for at in targets] == raw


def test_hostile_labels_stay_what_they_are() -> None:  # rows 4 and 32
    labels = Labels.fit(HOSTILE * 2, separator=None)
    assert labels.decode(labels.encode(HOSTILE)) == HOSTILE
    assert Labels.from_json(labels.to_json()) == labels


@given(rows=st.lists(st.sets(st.sampled_from("abcde")), min_size=1, max_size=9))
def test_label_sets_survive(rows: list[set[str]]) -> None:
    raw = [" | ".join(sorted(row, reverse=True)) for row in rows] + ["a|b|a", ""]
    labels = Labels.fit(raw, separator="|")
    assert labels.task == "multilabel"
    targets = labels.encode(raw)
    assert targets.dtype == np.int8
    expected = [[name in row for name in labels.names] for row in [*rows, {"a", "b"}]]
    assert targets.tolist() == [*expected, [False] * len(labels)]
    assert labels.decode(targets)[-2:] == ["a|b", ""]
    assert labels.encode(labels.decode(targets)).tolist() == targets.tolist()


def test_two_names_with_a_separator_are_multilabel() -> None:
    assert Labels.fit(["a", "b", "a;b"], separator=";").task == "multilabel"


def test_cells_are_split_as_documented() -> None:
    cells = ["a| b |a", "", " ", "|", "a b"]
    sets = list(split_cells(cells, separator="|"))
    assert sets == [("a", "b"), (), (), (), ("a b",)]
    assert list(split_cells(["a|b"], separator=None)) == [("a|b",)]


def place(row: int) -> str:
    return f"a.csv:{row + 2}"


@pytest.mark.parametrize(
    ("raw", "separator", "parts"),
    [
        (["a"] * 1200, None, ['"a" (1,200 rows)', "at least two"]),  # row 28
        (["", "a"], "|", ['"a" (1 rows)']),
        (["", ""], "|", ["no label at all"]),
        (["a", "", "b", " "], None, ["2 rows", "a.csv:3, a.csv:5", "empty label"]),
        ([f"t{at}" for at in range(1001)] * 2, None, ["1,001 different"]),
        ([f"t{at}" for at in range(20)], None, ["text column?", "swap"]),  # row 31
    ],
)
def test_labels_that_cannot_be_learnt_are_refused(
    raw: list[str], separator: str | None, parts: list[str]
) -> None:
    if parts == ["1,001 different"]:
        raw = raw[:2001]
    with pytest.raises(DataError) as caught:
        Labels.fit(raw, separator=separator, place=place)
    assert all(part in str(caught.value) for part in parts), str(caught.value)


def test_many_labels_on_many_rows_are_labels() -> None:
    assert len(Labels.fit([f"t{at}" for at in range(1001)] * 2, separator=None)) == 1001
    assert len(Labels.fit([f"t{at}" for at in range(19)], separator=None)) == 19


@pytest.mark.parametrize("separator", [None, "|"])
def test_unknown_labels_are_listed(separator: str | None) -> None:  # row 30
    labels = Labels.fit(["spam", "ham", "spam"], separator=separator)
    with pytest.raises(DataError) as caught:
        labels.encode(["ham", "Spam", "egg", "Spam"], place=place)
    message = str(caught.value)
    assert '"Spam" (a.csv:3), "egg" (a.csv:4)' in message
    assert "2 labels" in message
    assert 'write "spam"' in message


def test_look_alikes_are_found() -> None:  # row 29
    names = ["Spam", "spam ", "ham", "é", "e\u0301", "１", "1", "x"]
    assert look_alikes(names) == [("Spam", "spam "), ("é", "e\u0301"), ("１", "1")]


@pytest.mark.parametrize(
    "value",
    [
        None,
        {"names": ["a", "b"]},
        {"names": ["a"], "task": "binary", "separator": None},
        {"names": ["a", "a"], "task": "binary", "separator": None},
        {"names": ["a", ""], "task": "binary", "separator": None},
        {"names": ["a", "\ud800"], "task": "binary", "separator": None},
        {"names": ["a", 1], "task": "binary", "separator": None},
        {"names": "ab", "task": "binary", "separator": None},
        {"names": ["a", "b"], "task": "multiclass", "separator": None},
        {"names": ["a", "b"], "task": "binary", "separator": "|"},
        {"names": ["a", "b"], "task": ["binary"], "separator": None},
        {"names": ["a|c", "b"], "task": "multilabel", "separator": "|"},
        {"names": ["a", "b"], "task": "binary", "separator": None, "more": 1},
    ],
)
def test_damaged_labels_are_refused(value: Any) -> None:
    with pytest.raises(ArtefactError):
        Labels.from_json(value)
