"""Terms are counted as scikit-learn counts them, and known again."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.feature_extraction.text import CountVectorizer

from textclf.evaluation import terms as module
from textclf.evaluation.terms import (
    CHARACTERS,
    INSIDE_WORDS,
    WORDS,
    has_blanks,
    learn_terms,
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


class TestTerms:
    @pytest.mark.parametrize("min_df", [1, 2])
    @given(texts=texts_drawn)
    def test_words_and_pairs_equal_scikit_learn(self, min_df, texts):
        _, got = learn_terms(texts, WORDS, min_df=min_df, most=10**6)
        pattern = r"(?u)\w+|[^\w\s]"
        settings = {"token_pattern": pattern, "ngram_range": (1, 2)}
        assert as_rows(got) == as_plain_rows(
            plain_counts(texts, min_df=min_df, **settings)
        )

    @pytest.mark.parametrize("min_df", [1, 2])
    @given(texts=texts_drawn)
    def test_characters_equal_scikit_learn(self, min_df, texts):
        # scikit-learn makes one blank of two or more, before it counts.
        texts = [" ".join(text.split()) for text in texts]
        _, got = learn_terms(texts, CHARACTERS, min_df=min_df, most=10**6)
        settings = {"analyzer": "char", "ngram_range": (1, 4)}
        assert as_rows(got) == as_plain_rows(
            plain_counts(texts, min_df=min_df, **settings)
        )

    @given(texts=texts_drawn)
    def test_characters_stay_inside_words(self, texts):
        """As `char_wb`, which counts a whole short word once more for longer n."""
        _, got = learn_terms(texts, INSIDE_WORDS, min_df=1, most=10**6)
        slow: dict[tuple[int, str], int] = {}
        for row, text in enumerate(texts):
            for word in text.lower().split():
                padded = f" {word} "
                for n in range(2, 6):
                    for start in range(len(padded) - n + 1):
                        key = (row, padded[start : start + n])
                        slow[key] = slow.get(key, 0) + 1
        assert as_rows(got) == as_plain_rows(slow)

    @given(texts=texts_drawn, others=texts_drawn, seed=st.integers(0, 2))
    def test_counting_knows_what_was_learnt(self, texts, others, seed):
        family = (WORDS, INSIDE_WORDS, CHARACTERS)[seed]
        terms, learnt = learn_terms(texts, family, min_df=1, most=10**6)
        again = terms.count(others + texts)
        assert again.shape[1] == learnt.shape[1]
        assert (again[len(others) :] != learnt).nnz == 0

    def test_keeps_the_most_widespread(self):
        texts = ["a b", "a c", "a b d"]
        terms, counts = learn_terms(texts, WORDS, min_df=1, most=2)
        assert counts.sum(axis=0).tolist() == [[3.0, 2.0]]
        assert terms.count(["a a q b"]).toarray().tolist() == [[2.0, 1.0]]

    @given(st.lists(st.integers(0, 40), max_size=30), st.booleans())
    def test_ranks(self, codes, dense):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(module, "_DENSE_CODES", 1 << 22 if dense else 0)
            known, places = module._ranked(np.array(codes, dtype=np.int64))
        assert known.tolist() == sorted(set(codes))
        assert known[places].tolist() == codes


def test_blanks_part_the_words_of_most_scripts():
    assert has_blanks(["한국어 문장은 띄어쓰기를 한다", "Ein Satz"])
    assert has_blanks(["good", ""])
    assert not has_blanks(["ภาษาไทยไม่มีช่องว่างระหว่างคำ"])
    assert not has_blanks(["acgt" * 30])
