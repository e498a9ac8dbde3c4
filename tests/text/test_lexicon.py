"""The lexicon against the units of the regular expression."""

import numpy as np
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from textclf.config.schema import TextConfig
from textclf.text.corpus import Reader
from textclf.text.lexicon import Lexicon
from textclf.text.normalise import composed, text_column
from textclf.text.units import split_words
from textclf.text.utf8 import Utf8

TRICKY = st.text("aéв1_ '\u2019.\x00\n\u200d\u0301\U0001f3fd❤👍🇩“", max_size=12)
# What composes, decomposes into ASCII, or whose lower case depends on neighbours.
FORMS = st.text(
    "AaΣΑ𝚺İÅÅﬁ½…´\u00a8＇＂\xa0ﬀ가ᄀ\u1161 '.:_<=\u0301\u0338\u0323\u0345\u200d\xad",
    max_size=12,
)
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
    lexicon = Lexicon(numbers, lambda pieces: pieces)
    for texts in [*parts, parts[0]]:
        found, lengths = lexicon.read(Utf8.of(pl.Series(texts, dtype=pl.String)))
        assert found.dtype == np.int32
        names = [*numbers.names]
        words = [reference.words(text) for text in texts]
        assert [names[number] for number in found] == sum(words, [])
        assert lengths.tolist() == [len(part) for part in words]


@settings(max_examples=500)
@given(
    st.lists(FORMS | st.text(max_size=12), max_size=6),
    st.sampled_from(["none", "nfc", "nfkc"]),
    st.booleans(),
)
def test_pieces_get_the_form_that_whole_texts_get(texts, form, lowercase):
    config = TextConfig(unicode=form, lowercase=lowercase)
    numbers = Numbers()
    read = Reader(config, numbers)
    whole = split_words(composed(text_column(texts), config))
    for _ in range(2):
        chunk = read(text_column(texts))
        names = [*numbers.names]
        assert [names[number] for number in chunk.numbers] == whole.flat.to_list()
        assert chunk.lengths.tolist() == whole.lengths.tolist()


def test_a_known_word_is_not_numbered_again():
    numbers, seen = Numbers(), []
    lexicon = Lexicon(
        lambda units: seen.extend(units) or numbers(units), lambda pieces: pieces
    )
    column = Utf8.of(pl.Series(["the cat, don't \n extraordinarily"]))
    first = lexicon.read(column)[0].tolist()
    assert sorted(seen) == sorted(["the", "cat", ",", "don't", "extraordinarily"])
    assert lexicon.read(column)[0].tolist() == first
    assert len(seen) == 5
