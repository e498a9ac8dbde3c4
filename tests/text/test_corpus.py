"""A corpus: the units of texts as numbers, and how many each text has."""

from textclf.config.schema import TextConfig
from textclf.text.corpus import unit_lengths
from textclf.text.encoder import TextEncoder

TEXTS = ["", "one", "Don't, she said!", "很好 的", "ﬁne　day", "so " * 500, "e\u0301"]


def test_lengths_are_those_of_the_encoder():
    for unit in ("word", "character"):
        settings = TextConfig(unit=unit, max_length=100_000)
        encoded = TextEncoder.fit_encode(TEXTS, settings)[1]
        short = TextConfig(unit=unit, max_length=2, ngrams=2)
        assert unit_lengths(TEXTS, short).tolist() == encoded.lengths.tolist()


def test_no_texts_have_no_lengths():
    assert unit_lengths([], TextConfig()).tolist() == []
