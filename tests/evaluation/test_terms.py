"""Terms are counted as scikit-learn counts them, and known again."""

import re

from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import CountVectorizer

from textclf.evaluation.terms import (
    CHARACTERS,
    WORDS,
    WORDS_AND_CHARACTERS,
    Terms,
    has_blanks,
)


def plain_counts(texts: list[str], **settings) -> dict[tuple[int, str], int]:
    """Counts n-grams with scikit-learn, as {(text, n-gram): count}."""
    vectoriser = CountVectorizer(**settings)
    try:
        counts = vectoriser.fit_transform(texts).tocoo()
    except ValueError:  # no term is left
        return {}
    names = vectoriser.get_feature_names_out()
    cells = zip(counts.row, counts.col, counts.data, strict=True)
    return {(int(r), str(names[c])): int(n) for r, c, n in cells}


def as_rows(counts) -> list[list[tuple[int, int]]]:
    """Returns the columns as sorted (text, count) lists, whatever their names."""
    columns = counts.tocsc()
    return sorted(
        sorted(
            zip(column.indices.tolist(), column.data.astype(int).tolist(), strict=True)
        )
        for column in (columns[:, [j]].tocsc() for j in range(columns.shape[1]))
    )


def as_plain_rows(counts: dict[tuple[int, str], int]) -> list[list[tuple[int, int]]]:
    columns: dict[str, list[tuple[int, int]]] = {}
    for (row, name), count in counts.items():
        columns.setdefault(name, []).append((row, count))
    return sorted(sorted(column) for column in columns.values())


texts_drawn = st.lists(st.text("abé好! \n", max_size=12), min_size=1, max_size=6)


def learnt(texts: list[str], settings, *, min_count: int = 1, most: int = 10**6):
    """Returns the counts of each family; empty where no term is learnt."""
    found = Terms.learn(texts, settings, min_count=min_count, most=most)
    return found[1] if found else [csr_matrix((len(texts), 0))] * 2


class TestTerms:
    @given(texts=texts_drawn)
    def test_words_and_pairs_equal_scikit_learn(self, texts):
        got, *_ = learnt(texts, WORDS)
        settings = {"token_pattern": r"(?u)\w+|[^\w\s]", "ngram_range": (1, 2)}
        assert as_rows(got) == as_plain_rows(plain_counts(texts, **settings))

    @given(texts=texts_drawn)
    def test_characters_equal_scikit_learn(self, texts):
        # scikit-learn makes one blank of two or more, before it counts.
        texts = [" ".join(text.split()) for text in texts]
        got, *_ = learnt(texts, CHARACTERS)
        settings = {"analyzer": "char", "ngram_range": (1, 4)}
        assert as_rows(got) == as_plain_rows(plain_counts(texts, **settings))

    @given(texts=texts_drawn)
    def test_characters_stay_inside_words(self, texts):
        """As `char_wb`, which counts a whole short word once more for longer n."""
        slow: dict[tuple[int, str], int] = {}
        for row, text in enumerate(texts):
            for word in re.findall(r"\w+|[^\w\s]", text.lower()):
                padded = f" {word} "
                for n in range(2, 6):
                    for start in range(len(padded) - n + 1):
                        key = (row, padded[start : start + n])
                        slow[key] = slow.get(key, 0) + 1
        single = learnt(texts, WORDS_AND_CHARACTERS)[1]
        # One character is the beginning of two, and no term by itself.
        assert as_rows(single) == as_plain_rows(slow)

    @given(texts=texts_drawn, others=texts_drawn, seed=st.integers(0, 2))
    def test_counting_knows_what_was_learnt(self, texts, others, seed):
        settings = (WORDS, WORDS_AND_CHARACTERS, CHARACTERS)[seed]
        found = Terms.learn(texts, settings, min_count=1, most=10**6)
        if found is None:
            return
        terms, first = found
        for counts, again in zip(first, terms.count(others + texts), strict=True):
            assert again.shape[1] == counts.shape[1]
            assert (again[len(others) :] != counts).nnz == 0

    def test_keeps_the_most_widespread(self):
        texts = ["a b", "a c", "a b d"]
        found = Terms.learn(texts, WORDS, min_count=1, most=2)
        assert found is not None
        terms, (counts,) = found
        assert counts.sum(axis=0).tolist() == [[3.0, 2.0]]
        assert terms.count(["a a q b"])[0].toarray().tolist() == [[2.0, 1.0]]
        assert terms.total == 2

    def test_rare_terms_are_left_out(self):
        (counts,) = learnt(["a b", "a c", "a b"], WORDS, min_count=2)
        assert sorted(counts.sum(axis=0).tolist()[0]) == [2.0, 2.0, 3.0]
        assert Terms.learn(["a b c"], WORDS, min_count=2, most=9) is None


def test_blanks_part_the_words_of_most_scripts():
    assert has_blanks(["한국어 문장은 띄어쓰기를 한다", "Ein Satz"])
    assert has_blanks(["good", ""])
    assert not has_blanks(["ภาษาไทยไม่มีช่องว่างระหว่างคำ"])
    assert not has_blanks(["acgt" * 30])
