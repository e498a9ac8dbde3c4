"""The floor counts what scikit-learn counts, scores well, and never fails."""

import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.feature_extraction.text import CountVectorizer

from textclf.errors import DataError
from textclf.evaluation import floor as module
from textclf.evaluation.floor import Floor
from textclf.evaluation.predictions import BINARY, MULTICLASS, MULTILABEL

GOOD = ["a fine film", "fine and warm", "warm, lovely film", "lovely! fine"]
BAD = ["a dull film", "dull and cold", "cold, dreary film", "dreary! dull"]
MOVED = ["fine, lovely and warm", "cold, dull and dreary"]
NAMES = ("bad", "good")


def fitted(texts, targets, labels=NAMES, task=BINARY) -> Floor:
    return Floor.fit(texts, targets, labels, task, seed=7)


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
        _, got = module._learnt(texts, module._WORDS, min_df=min_df, most=10**6)
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
        _, got = module._learnt(texts, module._CHARACTERS, min_df=min_df, most=10**6)
        settings = {"analyzer": "char", "ngram_range": (1, 4)}
        assert as_rows(got) == as_plain_rows(
            plain_counts(texts, min_df=min_df, **settings)
        )

    @given(texts=texts_drawn)
    def test_characters_stay_inside_words(self, texts):
        """As `char_wb`, which counts a whole short word once more for longer n."""
        _, got = module._learnt(texts, module._INSIDE_WORDS, min_df=1, most=10**6)
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
        family = (module._WORDS, module._INSIDE_WORDS, module._CHARACTERS)[seed]
        terms, learnt = module._learnt(texts, family, min_df=1, most=10**6)
        again = terms.count(others + texts)
        assert again.shape[1] == learnt.shape[1]
        assert (again[len(others) :] != learnt).nnz == 0

    def test_keeps_the_most_widespread(self):
        texts = ["a b", "a c", "a b d"]
        terms, counts = module._learnt(texts, module._WORDS, min_df=1, most=2)
        assert counts.sum(axis=0).tolist() == [[3.0, 2.0]]
        assert terms.count(["a a q b"]).toarray().tolist() == [[2.0, 1.0]]

    @given(st.lists(st.integers(0, 40), max_size=30), st.booleans())
    def test_ranks(self, codes, dense):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(module, "_DENSE_CODES", 1 << 22 if dense else 0)
            known, places = module._ranked(np.array(codes, dtype=np.int64))
        assert known.tolist() == sorted(set(codes))
        assert known[places].tolist() == codes


class TestFloor:
    def test_learns_and_tells_what_it_is(self):
        floor = fitted(GOOD + BAD, [1] * 4 + [0] * 4)
        scored = floor.score(MOVED, [1, 0])
        assert scored["majority"] == {
            "label": "bad",
            "accuracy": 0.5,
            "macro_f1": pytest.approx(1 / 3),
        }
        assert scored["linear"]["features"] == "words and characters"
        assert scored["linear"]["accuracy"] == scored["linear"]["macro_f1"] == 1.0
        assert floor.describe()["linear"]["texts"] == 8
        json.dumps(scored, allow_nan=False)

    def test_the_majority_is_that_of_training(self):
        floor = Floor.majority_only([1, 1, 0], NAMES, BINARY)
        scored = floor.score(["x", "y"], [0, 0])
        assert scored["majority"]["label"] == "good"
        assert scored["majority"]["accuracy"] == 0.0
        assert scored["linear"]["features"] == "none"
        assert scored["linear"]["note"] == "not trained"
        assert scored["linear"]["accuracy"] == 0.0

    def test_multilabel_majority_is_the_labels_of_half_the_texts(self):
        targets = np.array([[1, 1, 0], [1, 0, 0]])
        floor = Floor.majority_only(targets, ("a", "b", "c"), MULTILABEL)
        assert floor.describe()["majority"]["label"] == ["a", "b"]
        rare = Floor.majority_only(np.eye(3, dtype=int), ("a", "b", "c"), MULTILABEL)
        assert rare.describe()["majority"]["label"] == []

    def test_multilabel_learns_each_label(self):
        texts = [*GOOD, *BAD, "warm and cold"]
        warm = [["warm" in text, "film" in text, False] for text in texts]
        floor = fitted(texts, np.array(warm, int), ("warm", "film", "no"), MULTILABEL)
        scored = floor.score(["a warm film", "dull"], [[1, 1, 0], [0, 0, 0]])
        assert set(scored["linear"]) >= {"accuracy", "macro_f1", "micro_f1"}
        assert scored["linear"]["micro_f1"] == 1.0

    @pytest.mark.parametrize(
        ("texts", "targets", "said"),
        [
            ([""] * 4, [0, 1, 0, 1], "holds a term"),
            ([" \n"] * 4, [0, 1, 0, 1], "holds a term"),
            (GOOD, [1, 1, 1, 1], "same label"),
            (["one"], [0], "same label"),
        ],
    )
    def test_falls_back_to_the_majority_and_says_so(self, texts, targets, said):
        scored = fitted(texts, targets).score([*texts, "new"], [*targets, 0])
        assert scored["linear"]["features"] == "none"
        assert said in scored["linear"]["note"]
        assert scored["linear"]["accuracy"] == scored["majority"]["accuracy"]

    @given(
        st.lists(
            st.tuples(st.text(max_size=8), st.integers(0, 3)), min_size=1, max_size=8
        )
    )
    def test_never_fails(self, rows):
        """Not with a class of one text, an unseen class, or half a surrogate pair."""
        texts, targets = [text for text, _ in rows], [target for _, target in rows]
        names = ("a", "b", "c", "d")
        floor = fitted([*texts, "\ud800 x"], [*targets, 0], names, MULTICLASS)
        scored = floor.score([*texts, "\udfff"], [*targets, 3])
        assert 0.0 <= scored["linear"]["accuracy"] <= 1.0

    def test_scripts_without_blanks_get_characters(self):
        good, bad = (
            ["这部电影很好看", "很好的书"] * 3,
            ["这部电影太难看了", "太差的书"] * 3,
        )
        floor = fitted(good + bad, [1] * 6 + [0] * 6)
        scored = floor.score(["很好", "太差了"], [1, 0])
        assert scored["linear"]["features"] == "characters"
        assert scored["linear"]["accuracy"] == 1.0
        assert module._has_blanks(["한국어 문장은 띄어쓰기를 한다", "Ein Satz"])
        assert module._has_blanks(["good", ""])
        assert not module._has_blanks(["ภาษาไทยไม่มีช่องว่างระหว่างคำ"])
        assert not module._has_blanks(["acgt" * 30])

    def test_features_follow_the_size(self, monkeypatch):
        texts, targets = (GOOD + BAD) * 5, ([1] * 4 + [0] * 4) * 5
        monkeypatch.setattr(module, "_BOTH_UP_TO", 10)
        assert fitted(texts, targets).describe()["linear"]["features"] == "words"
        monkeypatch.setattr(module, "_WORDS_UP_TO", sum(map(len, texts)) // 2)
        told = fitted(texts, targets).describe()["linear"]
        assert told["features"] == f"words of {told['texts']} sampled texts"
        assert 18 <= told["texts"] <= 20

    def test_samples_keep_every_label_and_follow_the_seed(self):
        truth = np.array([0] * 900 + [1] * 99 + [2])
        rows = module._sampled(truth, 0.1, 7)
        assert np.bincount(truth[rows]).tolist() == [90, 9, 1]
        assert (np.diff(rows) > 0).all()
        assert (rows == module._sampled(truth, 0.1, 7)).all()
        assert (rows != module._sampled(truth, 0.1, 8)).any()
        sets = np.array([[True, False]] * 10 + [[False, False]])
        assert len(module._sampled(sets, 0.2, 7)) == 3

    def test_blocks_change_nothing(self, monkeypatch):
        floor = fitted(GOOD + BAD, [1] * 4 + [0] * 4)
        whole = floor.score(GOOD + BAD, [1] * 4 + [0] * 4)
        monkeypatch.setattr(module, "_BLOCK_TEXTS", 3)
        assert floor.score(GOOD + BAD, [1] * 4 + [0] * 4) == whole

    def test_refuses_what_does_not_fit(self):
        with pytest.raises(DataError, match="shape"):
            fitted(GOOD, [0, 1])
        with pytest.raises(DataError, match="no texts"):
            fitted([], np.empty(0, dtype=int))
        with pytest.raises(DataError, match="no texts"):
            fitted(GOOD, [0, 1, 0, 1]).score([], np.empty(0, dtype=int))


def test_real_questions(shared: Path):
    """TREC: the plain scikit-learn baseline of the data's notes reaches 88.6 %."""
    tables = [
        pl.read_csv(shared / "data" / "trec" / f"{split}.csv", infer_schema=False)
        for split in ("train", "test")
    ]
    names = tuple(sorted(set(tables[0]["label"])))
    targets = [[names.index(label) for label in table["label"]] for table in tables]
    texts = [table["text"].to_list() for table in tables]
    floor = fitted(texts[0], targets[0], names, MULTICLASS)
    scored = floor.score(texts[1], targets[1])
    assert scored["linear"]["accuracy"] > 0.88
    assert scored["majority"]["accuracy"] == 0.188
