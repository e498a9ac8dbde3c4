"""Words of texts that a vector file knows."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from textclf.data.tables import read_table
from textclf.errors import DataError
from textclf.vectors.reach import Spelling, count_words, reach

TEXTS = st.lists(st.text("aAéÉ ﬁ’.\n\t", max_size=12), max_size=6)


@given(TEXTS)
def test_words_between_blanks_are_those_of_a_plain_loop(texts):
    expected = Counter(word for text in texts for word in text.lower().split())
    assert count_words(texts, unit="blanks", lowercase=True) == expected


def test_words_are_cut_as_in_training():
    texts = ["Don't stop, it's GOOD."]
    assert count_words(texts, unit="word", lowercase=False) == Counter(
        ["Don't", "stop", ",", "it's", "GOOD", "."]
    )
    assert "good" in count_words(texts, unit="word", lowercase=True)
    assert "stop," in count_words(texts, unit="blanks", lowercase=True)


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "small.txt"
    path.write_text("the 1 2\nParis 1 2\nfilm 1 2\nfish 3 4\ncafe 1 1\n. 0 1\n")
    return path


def test_each_word_counts_for_the_first_spelling_that_finds_it(path):
    counts = {"the": 5, "The": 4, "paris": 3, "ﬁsh": 2, "café": 7, "zzz": 9, ".": 1}
    found = reach(path, {"train": counts})["train"]
    gains = {gain.spelling: (gain.types, gain.words) for gain in found.gains}
    assert gains == {
        Spelling.WRITTEN: (2, 6),
        Spelling.LOWER: (1, 4),
        Spelling.OTHER_CASE: (1, 3),
        Spelling.NFKC: (1, 2),
        Spelling.PLAIN: (1, 7),
    }
    assert (found.types, found.words) == (7, 31)
    assert (found.lettered, found.lettered_found) == (30, 12)
    assert found.missing == (("zzz", 9),)


def test_splits_are_told_apart_and_the_missing_sorted(path):
    found = reach(path, {"a": {"the": 1}, "b": {"yy": 2, "xx": 2, "zz": 3, "film": 1}})
    assert found["a"].missing == ()
    assert found["b"].missing == (("zz", 3), ("xx", 2), ("yy", 2))
    assert found["a"].gains[0].words == found["b"].gains[0].words == 1


def test_texts_without_words(path):
    with pytest.raises(DataError, match="no word"):
        reach(path, {"empty": {}})


# Percent of running words, from the README beside the vectors: the measure is apart.
PUBLISHED = {
    "glove.6B.50d.first10000.txt.gz": (82.4, 84.6, 90.2, 85.2),
    "glove.6B.50d.first10000_plus3330.txt.gz": (83.7, 85.9, 90.8, 86.2),
    "glove.6B.100d.first2604.txt.gz": (70.6, 72.7, 79.7, 73.1),
    "GoogleNews-300d.13605words.bin.gz": (66.3, 67.1, 68.1, 67.0),
    "glove.twitter.27B.25d.11925words.txt.gz": (71.5, 72.3, 75.7, 73.8),
}
SETS = ("mr", "sst2", "trec", "subj")


@pytest.fixture(scope="module")
def words(shared):
    def counted(name):
        folder = shared / "data" / name
        files = [folder / "all.csv"]
        if not files[0].exists():
            files = [folder / "train.csv"]
        texts = [
            t for file in files for t in read_table(file, text="text", label=None).texts
        ]
        return count_words(texts, unit="blanks", lowercase=True)

    return {name: counted(name) for name in SETS}


@pytest.mark.parametrize("name", PUBLISHED)
def test_shares_agree_with_those_told_beside_the_slices(name, shared, words):
    found = reach(shared / "vectors" / name, words)
    for one, expected in zip(SETS, PUBLISHED[name], strict=True):
        told = found[one]
        share = 100 * sum(gain.words for gain in told.gains[:3]) / told.words
        assert share == pytest.approx(expected, abs=0.15), one
