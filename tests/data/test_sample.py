"""The bundled reviews: many, balanced, clean, and no test text near a training one."""

import os
import re
from collections import Counter, defaultdict
from pathlib import Path

import pytest

from textclf.config.schema import DataConfig
from textclf.data.named import Places, open_sources

RUN = 6
NEAR = 0.6


@pytest.fixture(scope="module")
def tables():
    places = Places(folders=(Path(),), data_dir=None, environ=os.environ)
    return open_sources(DataConfig(dataset="sample"), places)


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def test_size_and_balance(tables):
    train, test = Counter(tables.train.labels), Counter(tables.test.labels)
    assert tables.dev is None
    assert set(train) == set(test) == {"negative", "positive"}
    assert train["negative"] == train["positive"] >= 600
    assert test["negative"] == test["positive"] >= 150
    assert len(tables.train) + len(tables.test) >= 1200


def test_texts_are_different_and_without_debris(tables):
    texts = tables.train.texts + tables.test.texts
    assert len({" ".join(words(text)) for text in texts}) == len(texts)
    for text in texts:
        assert text == text.strip() and text.isprintable() and words(text)


def test_short_and_long_ones_negation_and_contrast_are_there(tables):
    texts = tables.train.texts + tables.test.texts
    lengths = [len(words(text)) for text in texts]
    assert min(lengths) <= 4 and max(lengths) >= 50
    negations = re.compile(r"\b(not|never|no|nothing|nobody|\w+n't)\b", re.IGNORECASE)
    contrasts = re.compile(r"\b(but|yet|although|though|however)\b", re.IGNORECASE)
    assert sum(bool(negations.search(text)) for text in texts) > len(texts) / 8
    assert sum(bool(contrasts.search(text)) for text in texts) > len(texts) / 20


def test_no_test_text_shares_a_run_of_words_with_a_training_text(tables):
    def runs(text: str) -> set[tuple[str, ...]]:
        found = words(text)
        return {tuple(found[i : i + RUN]) for i in range(len(found) - RUN + 1)}

    known = set().union(*map(runs, tables.train.texts))
    assert not [text for text in tables.test.texts if runs(text) & known]


def test_no_test_text_has_nearly_the_words_of_a_training_text(tables):
    sets = [frozenset(words(text)) for text in tables.train.texts]
    holders: dict[str, list[int]] = defaultdict(list)
    for row, found in enumerate(sets):
        for word in found:
            holders[word].append(row)
    near = []
    for text in tables.test.texts:
        found = frozenset(words(text))
        shared = Counter(row for word in found for row in holders[word])
        for row, common in shared.items():
            if common / len(found | sets[row]) >= NEAR:
                near.append((text, tables.train.texts[row]))
    assert near == []
