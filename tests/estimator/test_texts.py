"""What counts as texts."""

import numpy as np
import pandas as pd
import polars as pl
import pytest

from textclf.errors import TextclfError
from textclf.estimator.texts import texts_of

WORDS = ["a b", "", "ü 🜍"]


@pytest.mark.parametrize(
    "given",
    [
        WORDS,
        tuple(WORDS),
        np.array(WORDS),
        np.array(WORDS, dtype=object),
        pd.Series(WORDS),
        pd.Series(WORDS, dtype="string"),
        pd.Index(WORDS),
        pl.Series(WORDS),
        iter(WORDS),
    ],
    ids=lambda given: type(given).__name__,
)
def test_columns_of_all_kinds_are_texts(given):
    texts = texts_of(given)
    assert texts == WORDS
    assert {type(text) for text in texts} == {str}


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("one text", r"X: got str 'one text', expected an iterable .*\[text\]"),
        (b"bytes", "X: got bytes"),
        ({"a": "b"}, "X: got dict"),
        (7, "X: got int 7"),
        (None, "X: got NoneType"),
        ([], "X: got 0 texts"),
        (["a", None], r"X\[1\]: got NoneType None, expected text; fix: fill missing"),
        (pd.Series(["a", np.nan]), r"X\[1\]: got float nan"),
        ([b"a"], r"X\[0\]: got bytes"),
        (["a", "\ud800"], r"X\[1\]: got half a surrogate pair"),
        (pd.DataFrame({"text": ["a"]}), r"table of shape \(1, 1\).*frame\[\"text\"\]"),
        (np.array([["a", "b"]]), r"table of shape \(1, 2\)"),
    ],
)
def test_what_is_no_column_of_texts_is_refused_as_a_value_error(given, told):
    with pytest.raises(ValueError, match=told) as caught:
        texts_of(given)
    assert isinstance(caught.value, TextclfError)
    assert caught.value.exit_code == 3
