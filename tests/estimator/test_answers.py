"""Labels keep the look they came with."""

import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_matrix

from textclf.data.labels import Labels
from textclf.errors import ArtefactError
from textclf.estimator.answers import Answers, form_of

NAMES = st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Zs", "Zl", "Zp")),
    min_size=1,
    max_size=6,
)
COLUMNS = st.one_of(
    st.lists(NAMES, min_size=2, max_size=18),
    st.lists(st.integers(-99, 99), min_size=2, max_size=18),
    st.lists(st.booleans(), min_size=2, max_size=18),
).filter(lambda column: len(set(column)) > 1)
SETS = st.lists(st.lists(NAMES, max_size=4, unique=True), min_size=2, max_size=20)


@given(COLUMNS)
def test_single_labels_come_back_as_they_were(column):
    answers = Answers.of(column)
    assert answers.classes.tolist() == sorted(set(column))
    targets = answers.labels.encode(answers.cells(column))
    again = answers.chosen(targets)
    assert again.tolist() == column
    assert again.dtype == np.asarray(column).dtype


@given(SETS.filter(lambda rows: len({label for row in rows for label in row}) > 1))
def test_label_sets_come_back_in_the_order_of_the_classes(rows):
    answers = Answers.of(rows)
    targets = answers.labels.encode(answers.cells(rows))
    assert answers.labels.task == "multilabel"
    expected = [tuple(sorted(row)) for row in rows]
    assert answers.chosen(targets.astype(bool)) == expected


@given(st.integers(2, 5), st.integers(1, 9), st.randoms(use_true_random=False))
def test_matrices_come_back_as_matrices(k, n, random):
    matrix = np.array([[random.randint(0, 1) for _ in range(k)] for _ in range(n)])
    for given_as in (matrix, matrix.tolist(), csr_matrix(matrix), matrix.astype(bool)):
        answers = Answers.of(given_as)
        targets = answers.labels.encode(answers.cells(given_as))
        assert np.array_equal(answers.chosen(targets.astype(bool)), matrix)


@pytest.mark.parametrize(
    ("y", "form"),
    [
        (["a", "b"], "single"),
        (pd.Series([1, 2]), "single"),
        (np.array([[1], [0]]), "single"),
        ([["a"], ["b", "c"]], "sets"),
        ([["a", "b"], ["b", "c"]], "sets"),
        ([(), ("a",)], "sets"),
        ([{"a"}, set()], "sets"),
        ([[1, 0], [0, 1]], "indicator"),
        ([[1, 2], [3, 4]], "sets"),
        (np.array([[1, 0], [0, 1]]), "indicator"),
    ],
)
def test_the_form_is_told_from_the_labels(y, form):
    assert form_of(y) == form


@pytest.mark.parametrize(
    ("y", "told"),
    [
        (None, "requires y to be passed"),
        (["a", "a"], "got 1 class, expected at least two classes"),
        ([], "got 0 class"),
        (["a", None], "got the label None, expected text"),
        (["a", float("nan")], "got the label nan"),
        ([1.0, float("nan")], "contains NaN"),
        ([0.5, 1.5], "Unknown label type: continuous"),
        (["a", 1], "got the label 1, expected text"),
        (["a", ("b", "c")], "got the label 'a' beside sequences of labels"),
        ([["a"], [1]], "got the label 1, expected text"),
        ("ab", "got str, expected a label a text"),
        (np.array([[1, 2], [0, 1]]), "other numbers than 0 and 1"),
        ([["a "], ["b"]], "got the label 'a ', expected one without outer blanks"),
        (["", "b"], "got the label ''"),
    ],
)
def test_what_is_no_label_is_refused_as_a_value_error(y, told):
    with pytest.raises(ValueError, match=told):
        answers = Answers.of(y)
        answers.labels.encode(answers.cells(y))


def test_a_separator_is_found_that_no_label_holds():
    answers = Answers.of([["a|b"], ["c;d", "e,f"]])
    assert answers.labels.separator == "/"
    assert answers.cells([["a|b", "c;d"]]) == ["a|b/c;d"]


@pytest.mark.parametrize(
    "classes",
    [
        np.array(["a", "bb"]),
        np.array(["a", "bb"], dtype=object),
        np.array([9, 10]),
        np.array([-1, 1], dtype=np.int8),
        np.array([False, True]),
        np.array([0.0, 1.0]),
    ],
    ids=lambda classes: classes.dtype.str,
)
def test_classes_are_restored_from_json(classes):
    answers = Answers(classes, "single")
    stored = json.loads(json.dumps(answers.to_json()))
    again = Answers.from_json(stored, answers.labels)
    assert np.array_equal(again.classes, classes)
    assert again.classes.dtype == classes.dtype


@pytest.mark.parametrize(
    "value",
    [
        None,
        {},
        {"form": "single"},
        {"form": "other", "type": "<U3"},
        {"form": "single", "type": "<M8[ns]"},
        {"form": "single", "type": "<i8"},
        {"form": "single", "type": "<U9999999999"},
        {"form": "single", "type": 3},
    ],
)
def test_a_forged_type_is_refused(value):
    with pytest.raises(ArtefactError, match="unknown type"):
        Answers.from_json(value, Labels(("a", "b"), "binary", None))
