"""The census against `Counter`."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from textclf.text.census import Census
from textclf.text.normalise import text_column
from textclf.text.units import split_characters, split_words

COLUMNS = st.lists(st.lists(st.text("ab ß👍", max_size=8), max_size=4), max_size=3)


@pytest.mark.parametrize("split", [split_words, split_characters])
@given(columns=COLUMNS)
def test_counts_and_tokens_over_columns(reference, split, columns):
    census = Census()
    for texts in columns:
        census.add(split(text_column(texts)))
    slow = reference.words if split is split_words else reference.characters
    units = [slow(text) for texts in columns for text in texts]
    flat = [unit for text in units for unit in text]

    types, counts = census.types()
    assert dict(zip(types, counts.tolist(), strict=True)) == Counter(flat)
    assert census.lengths().tolist() == [len(text) for text in units]
    values = np.arange(len(types), dtype=np.int32) * 7 + 3
    names = dict(zip(values.tolist(), types, strict=True))
    tokens = census.tokens(values)
    assert tokens.dtype == np.int32
    assert [names[value] for value in tokens.tolist()] == flat
