"""The lexicon against the units of the regular expression."""

import numpy as np
import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from textclf.text.lexicon import Lexicon
from textclf.text.utf8 import Utf8

TRICKY = st.text("aéв1_ '\u2019.\x00\n\u200d\u0301\U0001f3fd❤👍🇩“", max_size=12)
TEXTS = st.lists(TRICKY | st.text(max_size=12) | st.just("x" * 40), max_size=6)


class Numbers:
    """Numbers words in the order they come."""

    def __init__(self) -> None:
        self.names: dict[str, int] = {}

    def __call__(self, units: pl.Series) -> np.ndarray:
        names = self.names
        rows = [names.setdefault(unit, len(names)) for unit in units]
        return np.array(rows, dtype=np.int32)


@given(st.lists(TEXTS, min_size=1, max_size=3))
def test_words_of_columns_one_after_the_other(reference, parts):
    numbers = Numbers()
    lexicon = Lexicon(numbers)
    for texts in [*parts, parts[0]]:
        found, lengths = lexicon.read(Utf8.of(pl.Series(texts, dtype=pl.String)))
        assert found.dtype == np.int32
        names = [*numbers.names]
        words = [reference.words(text) for text in texts]
        assert [names[number] for number in found] == sum(words, [])
        assert lengths.tolist() == [len(part) for part in words]


def test_a_known_word_is_not_numbered_again():
    numbers, seen = Numbers(), []
    lexicon = Lexicon(lambda units: seen.extend(units) or numbers(units))
    column = Utf8.of(pl.Series(["the cat, don't \n extraordinarily"]))
    first = lexicon.read(column)[0].tolist()
    assert sorted(seen) == sorted(["the", "cat", ",", "don't", "extraordinarily"])
    assert lexicon.read(column)[0].tolist() == first
    assert len(seen) == 5
