"""The census against `Counter`."""

from collections import Counter
from threading import Thread

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from textclf.text.census import Census

UNITS = st.lists(st.lists(st.text("ab ß👍", min_size=1, max_size=3)), max_size=3)


def columns_of(units: list[list[str]], *, characters: bool) -> list[pl.Series]:
    if not characters:
        return [pl.Series(column, dtype=pl.String) for column in units]
    points = [[ord(word[0]) for word in column] for column in units]
    return [pl.Series(column, dtype=pl.UInt32) for column in points]


@pytest.mark.parametrize("characters", [False, True])
@given(units=UNITS)
def test_counts_and_values_over_columns(characters, units):
    census, parts = Census(), []
    for column in columns_of(units, characters=characters):
        parts.append(census.number(column))
        census.count(parts[-1])
    flat = [word[0] if characters else word for column in units for word in column]

    types, counts = census.types()
    assert dict(zip(types, counts.tolist(), strict=True)) == Counter(flat)
    values = np.arange(len(types), dtype=np.int32) * 7 + 3
    names = dict(zip(values.tolist(), types, strict=True))
    table = census.table(values)
    assert table.dtype == np.int32
    assert [names[table[code]] for part in parts for code in part.tolist()] == flat


def test_threads_share_one_numbering():
    census = Census()
    words = [[f"{i % 7}{n * i % 1009}" for i in range(4000)] for n in range(1, 9)]
    codes: dict[int, np.ndarray] = {}

    def work(n: int) -> None:
        for _ in range(3):
            codes[n] = census.number(pl.Series(words[n]))

    threads = [Thread(target=work, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for n in range(8):
        census.count(codes[n])
    types, counts = census.types()
    assert dict(zip(types, counts.tolist(), strict=True)) == Counter(sum(words, []))
    values = census.table(np.arange(len(types), dtype=np.int32))
    for n in range(8):
        assert types.gather(values[codes[n]]).to_list() == words[n]
