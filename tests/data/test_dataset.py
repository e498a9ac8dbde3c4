"""Data sets and splits: encoded by training labels, divided once, told honestly."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from textclf.config.schema import DataConfig
from textclf.data.copies import text_key
from textclf.data.dataset import Dataset, Splits, load_splits
from textclf.data.labels import Labels
from textclf.data.sources import Sources, read_sources
from textclf.data.tables import Table
from textclf.errors import ConfigError, DataError

ABC = Labels(("a", "b", "c"), "multiclass", None)
SETS = Labels(("a", "b", "c"), "multilabel", "|")


def table(rows: list[tuple[str, str]], source: str = "train.csv") -> Table:
    lines = np.arange(2, 2 + len(rows))
    return Table([row[0] for row in rows], [row[1] for row in rows], lines, source)


def many(rows: int = 60, labels: str = "ab") -> list[tuple[str, str]]:
    return [(f"text {at}", labels[at % len(labels)]) for at in range(rows)]


def settings(**values: Any) -> DataConfig:
    return DataConfig(train="train.csv", **values)


def dataset(labels: Labels = ABC, raw: tuple[str, ...] = ("a", "c", "a")) -> Dataset:
    return Dataset([f"t{at}" for at in range(len(raw))], labels.encode(raw), labels)


def test_counts_and_take() -> None:
    data = dataset()
    assert data.counts() == {"a": 2, "b": 0, "c": 1}
    assert dataset(SETS, ("a|b", "", "b")).counts() == {"a": 1, "b": 2, "c": 0}
    part = data.take([1, 0])
    assert part.texts == ["t1", "t0"]
    assert part.labels.decode(part.targets) == ["c", "a"]
    assert len(data.take([])) == 0


@pytest.mark.parametrize(
    "targets",
    [
        np.zeros(3, np.int64),
        np.zeros(2, np.int32),
        np.zeros((3, 3), np.int8),
        np.array([0, 1, 3], np.int32),
        np.array([0, 1, -1], np.int32),
    ],
)
def test_wrong_targets_are_refused(targets: Any) -> None:
    with pytest.raises(ValueError, match="targets"):
        Dataset(["x", "y", "z"], targets, ABC)


def test_joined_rows_count_alike_unless_some_are_weighted() -> None:
    one, other = dataset(), dataset(raw=("b",))
    both = one.joined(other)
    assert list(both.texts) == ["t0", "t1", "t2", "t0"]
    assert both.targets.tolist() == [0, 2, 0, 1] and both.weights is None
    weighted = Dataset(other.texts, other.targets, ABC, np.array([3], np.float32))
    joined = one.joined(weighted).weights
    assert joined is not None and joined.tolist() == [1, 1, 1, 3]


def test_digest_sees_every_part() -> None:
    data = dataset()
    others = [
        data.take([1, 0, 2]),
        data.take([0, 1]),
        Dataset(["t0t1", "", "t2"], data.targets, ABC),
        Dataset(data.texts, ABC.encode(["a", "c", "b"]), ABC),
        Dataset(data.texts, data.targets, Labels(("a", "b", "d"), "multiclass", None)),
    ]
    digests = {other.digest() for other in others}
    assert len(digests) == len(others)
    assert data.digest() not in digests
    assert data.digest() == dataset().digest()
    assert len(data.digest()) == 64


def test_splits_share_their_labels() -> None:
    with pytest.raises(ValueError, match="one set of labels"):
        Splits(dataset(), dataset(SETS, ("a",)), None, {})


def test_given_tables_are_taken_as_they_are() -> None:
    tables = Sources(
        table(many()), table([("d", "b")], "d.csv"), table([("t", "a")], "t.csv")
    )
    splits = load_splits(settings(), tables, seed=1)
    assert splits.train.texts == tables.train.texts
    assert splits.dev.texts == ["d"]
    assert splits.test is not None
    assert splits.test.labels.decode(splits.test.targets) == ["a"]
    assert splits.sources == {"train": "train.csv", "dev": "d.csv", "test": "t.csv"}
    assert splits.notes == ()


def test_fractions_are_held_out() -> None:
    config = settings(dev_fraction=0.25, test_fraction=0.2)
    splits = load_splits(config, Sources(table(many())), seed=1)
    assert splits.test is not None
    parts = [splits.train, splits.dev, splits.test]
    assert [len(part) for part in parts] == [36, 12, 12]
    assert sorted(text for part in parts for text in part.texts) == sorted(
        text for text, _ in many()
    )
    for part in parts:
        wanted = dict(many())
        assert part.labels.decode(part.targets) == [wanted[text] for text in part.texts]
        assert len(set(part.counts().values())) == 1
    assert splits.sources["dev"] == "0.25 of train.csv, held out"


def drawn(seed: int, **values: Any) -> Splits:
    return load_splits(settings(**values), Sources(table(many())), seed=seed)


def test_streams_are_independent() -> None:
    one = drawn(1, test_fraction=0.2, dev_fraction=0.1)
    two = drawn(1, test_fraction=0.2, dev_fraction=0.3)
    three = drawn(2, test_fraction=0.2, dev_fraction=0.1)
    assert one.test is not None
    assert two.test is not None
    assert three.test is not None
    assert one.test.texts == two.test.texts
    assert one.test.texts != three.test.texts
    alone = drawn(1, dev_fraction=0.2)
    assert alone.dev.texts != one.test.texts
    again = drawn(1, test_fraction=0.2, dev_fraction=0.1)
    assert again.dev.digest() == one.dev.digest()


def test_a_split_seed_holds_the_same_rows_out_whatever_the_seed() -> None:
    one = drawn(1, test_fraction=0.2, split_seed=5)
    two = drawn(2, test_fraction=0.2, split_seed=5)
    alone = drawn(5, test_fraction=0.2)
    for other in (two, alone):
        assert one.dev.texts == other.dev.texts
        assert one.test and other.test and one.test.texts == other.test.texts


def test_dev_data_is_needed() -> None:
    with pytest.raises(ConfigError, match="early stopping"):
        load_splits(settings(dev_fraction=0.0), Sources(table(many())), seed=1)


def test_two_kinds_of_test_data_are_refused() -> None:
    tables = Sources(table(many()), None, table(many(), "t.csv"))
    with pytest.raises(ConfigError, match=r"data\.test_fraction"):
        load_splits(settings(test_fraction=0.1), tables, seed=1)


@pytest.mark.parametrize("split", ["dev", "test"])
def test_labels_come_from_the_training_rows_alone(split: str) -> None:  # row 30
    tables = Sources(
        **{"train": table(many()), split: table([("x", "a"), ("y", "new")], "o.csv")}
    )
    with pytest.raises(DataError, match=r'^o\.csv:3: .*"new" \(o\.csv:3\)'):
        load_splits(settings(), tables, seed=1)


def test_faults_of_labels_are_told_before_anything_is_held_out() -> None:  # 28, 31
    with pytest.raises(DataError, match="text column"):
        load_splits(settings(), Sources(table([(t, t) for t, _ in many()])), seed=1)
    with pytest.raises(DataError, match="at least two labels"):
        load_splits(settings(), Sources(table(many(labels="a"))), seed=1)
    with pytest.raises(DataError, match=r"train\.csv:61"):
        load_splits(settings(), Sources(table([*many(59), ("x", "")])), seed=1)


def test_too_few_rows_to_hold_any_out() -> None:
    with pytest.raises(DataError, match=r"data\.dev"):
        load_splits(settings(), Sources(table([("x", "a"), ("y", "b")])), seed=1)


def test_multilabel_rows_are_divided_too() -> None:
    rows = [(f"text {at}", "|".join("abc"[: at % 4])) for at in range(40)]
    config = settings(label_separator="|", test_fraction=0.2)
    splits = load_splits(config, Sources(table(rows)), seed=3)
    assert splits.train.labels.task == "multilabel"
    assert splits.train.targets.shape == (29, 3)
    assert splits.test is not None
    assert splits.test.counts() == {"a": 6, "b": 4, "c": 2}


def test_notes_tell_of_leaks_and_odd_labels() -> None:
    train = table([*many(), ("odd one", "A"), ("other odd", "c"), ("third", "A")])
    splits = load_splits(
        settings(), Sources(train, None, table([("text 1", "b")], "t.csv")), seed=1
    )
    assert splits.notes == (
        "1 of 1 test texts also occur in train",
        'labels that look alike but are kept apart: "A" (2) and "a" (27)',
        "labels with a single training row: c",
    )


@pytest.mark.parametrize(
    ("name", "notes"),
    [
        (
            "chnsenticorp",
            [
                "338 of 1,200 dev texts also occur in train",
                "331 of 1,200 test texts also occur in train",
                "texts of train that occur more than once, labelled differently: 24",
            ],
        ),
        ("imdb", ["123 of 25,000 test texts also occur in train"]),
        (
            "trec",
            [
                "10 of 500 test texts also occur in train "
                "(11 if case and blanks are ignored)"
            ],
        ),
        (
            "go_emotions",
            [
                "37 of 5,427 test texts also occur in train "
                "(42 if case and blanks are ignored)",
                "texts of train that occur more than once, labelled differently: 62",
            ],
        ),
    ],
)
def test_known_leaks_of_real_sets_are_counted(
    shared: Path, name: str, notes: list[str]
) -> None:
    folder = shared / "data" / name
    paths = {
        split: str(path)
        for split in ("train", "dev", "test")
        for path in folder.glob(f"{split}.*")
    }
    many_labels = name == "go_emotions"
    config = DataConfig(
        **paths,
        label="labels" if many_labels else "label",
        label_separator="|" if many_labels else None,
    )
    splits = load_splits(config, read_sources(config, folders=[]), seed=7)
    assert set(notes) <= set(splits.notes)


def test_copies_of_real_messages_stay_together(shared: Path) -> None:
    config = DataConfig(
        train=str(shared / "data" / "sms_spam" / "all.csv"), test_fraction=0.2
    )
    splits = load_splits(config, read_sources(config, folders=[]), seed=7)
    assert splits.test is not None
    parts = (splits.train, splits.dev, splits.test)
    sides = [{text_key(text) for text in part.texts} for part in parts]
    assert not (sides[0] & sides[1] or sides[0] & sides[2] or sides[1] & sides[2])
    assert sum(map(len, sides)) == 5574 - 415
    assert abs(len(splits.test) - 0.2 * 5574) <= 1
    assert abs(splits.test.counts()["spam"] - 0.2 * 747) <= 2
