"""Folds: every text once, copies together, test texts never; the same for all cells."""

from collections import Counter

import numpy as np
import pytest

from textclf.config.schema import DataConfig
from textclf.data.dataset import load_splits
from textclf.data.sources import Sources
from textclf.data.tables import Table
from textclf.errors import ConfigError
from textclf.study.folds import Folds
from textclf.study.spec import SplitConfig


def table(rows=120, name="t.csv"):
    texts = [f"text {n // 2 if n < 20 else n}" for n in range(rows)]
    labels = ["rare" if n % 10 == 0 else f"common {n % 2}" for n in range(rows)]
    return Table(texts=texts, labels=labels, source=name, lines=np.arange(2, rows + 2))


def folds(*, tables=None, data=None, **split):
    config = DataConfig(train="t.csv", **(data or {}))
    sources = tables or Sources(table())
    return Folds(config, sources, split=SplitConfig(**split), seed=7)


def test_cross_validation_holds_every_text_out_once_in_a_round():
    divided = folds(folds=5)
    held = np.concatenate([divided.of(seed).held for seed in range(5)])
    assert sorted(held.tolist()) == list(range(120))
    assert {len(divided.of(seed).held) for seed in range(5)} <= set(range(20, 29))


def test_the_next_round_divides_anew():
    divided = folds(folds=5)
    assert divided.of(0).held.tolist() != divided.of(5).held.tolist()


def test_parts_share_no_text():
    divided = folds(folds=4)
    for seed in range(4):
        splits = divided.of(seed).splits
        parts = [set(splits.train.texts), set(splits.dev.texts), set(splits.test.texts)]
        assert not parts[0] & parts[1]
        assert not parts[0] & parts[2]
        assert not parts[1] & parts[2]


def test_labels_keep_their_share():
    for seed in range(5):
        names = folds(folds=5).of(seed).splits.test
        counts = Counter(names.labels.names[t] for t in names.targets)
        assert 1 <= counts["rare"] <= 4


def test_a_seed_divides_the_same_way_every_time():
    one, other = folds(folds=5).of(3), folds(folds=5).of(3)
    assert one.held.tolist() == other.held.tolist()
    assert one.splits.dev.texts == other.splits.dev.texts


def test_test_texts_are_in_no_fold():
    divided = folds(folds=5, data={"test_fraction": 0.2})
    tested = set(divided.test.texts)
    assert 20 <= len(divided.test) <= 28
    for seed in range(5):
        splits = divided.of(seed).splits
        for part in (splits.train, splits.dev, splits.test):
            assert not tested & set(part.texts)
    final = divided.final(1).splits
    assert set(final.test.texts) == tested
    assert not tested & set(final.train.texts)


def test_a_holdout_is_drawn_anew_for_each_seed():
    divided = folds(kind="holdout", fraction=0.25)
    assert len(divided.of(0).held) == pytest.approx(30, abs=3)
    assert divided.of(0).held.tolist() != divided.of(1).held.tolist()
    assert divided.overlap == pytest.approx(1 / 3)


def test_given_dev_texts_judge_and_the_training_texts_give_dev():
    dev = table(30, "dev.csv")
    divided = folds(tables=Sources(table(), dev=dev), kind="given")
    splits = divided.of(2).splits
    assert splits.test.texts == dev.texts
    assert len(splits.train) + len(splits.dev) == 120
    assert divided.overlap == 0
    with pytest.raises(ConfigError, match="no dev file"):
        folds(kind="given")


def test_without_dev_texts_there_is_nothing_to_stop_by():
    with pytest.raises(ConfigError, match="dev_fraction"):
        folds(data={"dev_fraction": 0.0}).of(0)


def test_without_test_texts_a_winner_has_nothing_to_be_judged_by():
    with pytest.raises(ConfigError, match="no test texts"):
        folds().final(0)


def test_the_hash_follows_the_texts():
    assert folds().digest == folds(folds=3).digest
    assert folds().digest != folds(tables=Sources(table(100))).digest


def test_a_study_holds_out_the_test_texts_that_training_does():
    config = DataConfig(train="t.csv", test_fraction=0.2)
    trained = load_splits(config, Sources(table()), seed=7)
    divided = folds(data={"test_fraction": 0.2})
    assert divided.test.texts == trained.test.texts
