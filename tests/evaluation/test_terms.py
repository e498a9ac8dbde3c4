"""Terms are counted as scikit-learn counts them, and known again."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.feature_extraction.text import CountVectorizer

from textclf.evaluation.terms import (
    CHARACTERS,
    WORDS,
    WORDS_AND_CHARACTERS,
    Terms,
    beside,
    has_blanks,
)

FAMILIES = (WORDS, WORDS_AND_CHARACTERS, CHARACTERS)
TEXTS = st.lists(st.text("abAé好! \n", max_size=12), min_size=1, max_size=6)
MANY = 10**6
Columns = list[list[tuple[int, int]]]


def learnt(texts, settings, *, min_count=1, most=MANY):
    """The terms and their counts, which must be those of counting again."""
    found = Terms.learn(texts, settings, min_count=min_count, most=most)
    if found is None:
        return None, []
    terms, counts = found
    for block, again in zip(counts, terms.count(texts), strict=True):
        assert block.shape == again.shape == (len(texts), block.shape[1])
        assert block.dtype == np.float64
        assert (block != again).nnz == 0
    assert terms.total == sum(block.shape[1] for block in counts)
    return terms, counts


def columns_of(counts) -> Columns:
    """The columns as sorted (text, count) lists, whatever their names."""
    columns = counts.tocsc()
    cells = [columns[:, [j]].tocoo() for j in range(columns.shape[1])]
    return sorted(
        sorted(zip(c.row.tolist(), c.data.astype(int).tolist(), strict=True))
        for c in cells
    )


def by_scikit_learn(texts: list[str], **settings) -> Columns:
    vectoriser = CountVectorizer(**settings)
    try:
        return columns_of(vectoriser.fit_transform(texts))
    except ValueError:  # no term is left
        return []


def by_loops(texts: list[list], min_count: int) -> Columns:
    """The columns of terms, given the terms of each text."""
    totals = Counter(term for terms in texts for term in terms)
    rows = [Counter(terms) for terms in texts]
    return sorted(
        [(row, counts[term]) for row, counts in enumerate(rows) if counts[term]]
        for term, total in totals.items()
        if total >= min_count
    )


@given(texts=TEXTS)
def test_words_and_pairs_equal_scikit_learn(texts):
    _, counts = learnt(texts, WORDS)
    pattern = r"(?u)\w+|[^\w\s]"
    expected = by_scikit_learn(texts, token_pattern=pattern, ngram_range=(1, 2))
    assert columns_of(counts[0]) == expected if counts else expected == []


@given(texts=TEXTS)
def test_characters_equal_scikit_learn(texts):
    # scikit-learn makes one blank of two or more, before it counts.
    texts = [" ".join(text.split()) for text in texts]
    _, counts = learnt(texts, CHARACTERS)
    expected = by_scikit_learn(texts, analyzer="char", ngram_range=(1, 4))
    assert columns_of(counts[0]) == expected if counts else expected == []


@pytest.mark.parametrize("min_count", [1, 2, 3])
@given(texts=TEXTS)
def test_rare_words_are_one_unknown_word_in_pairs(min_count, texts, words_of):
    split = [words_of(text.lower()) for text in texts]
    totals = Counter(word for words in split for word in words)
    kept = {word for word, total in totals.items() if total >= min_count}
    terms = []
    for words in split:
        known = [word if word in kept else None for word in words]
        pairs = list(zip(known, known[1:], strict=False))
        terms.append([*filter(None, known), *pairs])
    _, counts = learnt(texts, WORDS, min_count=min_count)
    expected = by_loops(terms, min_count) if kept else []
    assert columns_of(counts[0]) == expected if counts else expected == []


@pytest.mark.parametrize("min_count", [1, 2])
@given(texts=TEXTS)
def test_characters_stay_inside_words(min_count, texts, words_of):
    """As `char_wb`, which counts a whole short word once more for longer n."""
    terms = []
    for text in texts:
        padded = [f" {word} " for word in words_of(text.lower())]
        terms.append(
            [
                word[start : start + n]
                for word in padded
                for n in range(2, 6)
                for start in range(len(word) - n + 1)
            ]
        )
    _, counts = learnt(texts, WORDS_AND_CHARACTERS, min_count=min_count)
    if counts:
        assert columns_of(counts[1]) == by_loops(terms, min_count)


@pytest.fixture(scope="session")
def words_of():
    """Cuts a text of these tests into words and signs."""
    pattern = CountVectorizer(token_pattern=r"(?u)\w+|[^\w\s]", lowercase=False)
    return pattern.build_tokenizer()


@given(texts=TEXTS, others=TEXTS, settings=st.sampled_from(FAMILIES))
def test_counting_knows_what_was_learnt(texts, others, settings):
    terms, counts = learnt(texts, settings)
    if terms is None:
        return
    for block, again in zip(counts, terms.count(others + texts), strict=True):
        assert again.shape[1] == block.shape[1]
        assert (again[len(others) :] != block).nnz == 0


@pytest.mark.parametrize("settings", FAMILIES)
@pytest.mark.parametrize("texts", [[""], [" \n", ""]])
def test_nothing_to_count(settings, texts):
    assert Terms.learn(texts, settings, min_count=1, most=9) is None
    rare = Terms.learn(["a b"], settings, min_count=2, most=9)
    assert rare is None


def test_keeps_the_most_widespread():
    texts = ["a b", "a c", "a b d d d"]
    terms, counts = learnt(texts, WORDS, most=2)
    assert counts[0].sum(axis=0).tolist() == [[3.0, 2.0]]
    assert terms.count(["a a q b"])[0].toarray().tolist() == [[2.0, 1.0]]
    assert (terms.total, terms.features) == (2, "words")


def test_families_stand_beside_each_other():
    terms, counts = learnt(["ab b", "b"], WORDS_AND_CHARACTERS, most=3)
    assert [block.shape for block in counts] == [(2, 3), (2, 3)]
    assert (terms.total, terms.features) == (6, "words and characters")
    whole = beside(counts)
    assert whole.shape == (2, 6)
    assert (
        whole.toarray().tolist()
        == np.hstack([block.toarray() for block in counts]).tolist()
    )
    assert beside(counts[:1]) is counts[0]
    assert learnt(["ab"], CHARACTERS)[0].features == "characters"


def test_blanks_part_the_words_of_most_scripts():
    assert has_blanks(["한국어 문장은 띄어쓰기를 한다", "Ein Satz"])
    assert has_blanks(["good", ""])
    assert not has_blanks(["ภาษาไทยไม่มีช่องว่างระหว่างคำ"])
    assert not has_blanks(["acgt" * 30])
