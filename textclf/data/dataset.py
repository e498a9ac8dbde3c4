"""Data sets of texts and label ids, and the three that a run works with."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from textclf.config.schema import DataConfig
from textclf.data.joined import JoinedTexts
from textclf.data.labels import Labels, Targets, split_cells
from textclf.data.overlap import notes_on_labels, notes_on_tables
from textclf.data.sources import Sources
from textclf.data.split import split_off
from textclf.data.stored import chosen
from textclf.data.tables import Table
from textclf.errors import ConfigError, DataError
from textclf.files import canonical_json

# Each draw has its own stream, so that changing one fraction leaves the other's rows.
TEST_STREAM = 11
"""Of the test rows a fraction names; a study of the same seed holds out the same."""
_DEV_STREAM = 12
_BLOCK = 4096


class NoneToSpare(DataError):
    """Rows of which none can be held out: too few, or copies of too few texts."""


@dataclass(frozen=True, eq=False)
class Dataset:
    """Texts with label ids.

    Args:
        texts: The texts, verbatim; a list, or stored texts that are read on demand.
        targets: int32[n] ids, or int8[n, k] of 0 and 1 for multi-label.
        labels: What the ids mean.
        weights: float32[n], what each text counts in training; None: all alike.
    """

    texts: Sequence[str]
    targets: Targets
    labels: Labels
    weights: NDArray[np.float32] | None = None

    def __post_init__(self) -> None:
        many = self.labels.task == "multilabel"
        rows, top = len(self.texts), 1 if many else len(self.labels) - 1
        shape = (rows, len(self.labels)) if many else (rows,)
        kind = np.int8 if many else np.int32
        if self.targets.shape != shape or self.targets.dtype != kind:
            raise ValueError(
                f"targets {self.targets.dtype}{self.targets.shape} for {rows} texts, "
                f"expected {np.dtype(kind)}{shape}"
            )
        if (
            self.targets.size
            and not 0 <= self.targets.min() <= self.targets.max() <= top
        ):
            raise ValueError(f"targets outside 0 to {top}")
        if self.weights is not None and self.weights.shape != (rows,):
            raise ValueError(f"weights {self.weights.shape} for {rows} texts")

    def __len__(self) -> int:
        return len(self.texts)

    def take(self, indices: Sequence[int] | NDArray[np.int64]) -> "Dataset":
        """Returns the data set of these rows, in this order."""
        rows = np.asarray(indices, dtype=np.int64)
        weights = None if self.weights is None else self.weights[rows]
        texts = chosen(self.texts, rows)
        return Dataset(texts, self.targets[rows], self.labels, weights)

    def joined(self, other: "Dataset") -> "Dataset":
        """Returns these rows and those of another data set, which count 1 unless told.

        Args:
            other: Texts with the same labels.
        """
        parts = (self, other)
        weights = [
            np.ones(len(part), np.float32) if part.weights is None else part.weights
            for part in parts
        ]
        plain = all(part.weights is None for part in parts)
        return Dataset(
            JoinedTexts(self.texts, other.texts),
            np.concatenate([self.targets, other.targets]),
            self.labels,
            None if plain else np.concatenate(weights),
        )

    def counts(self) -> dict[str, int]:
        """Returns how many rows have each label, in the order of the labels."""
        if self.labels.task == "multilabel":
            numbers = self.targets.sum(axis=0, dtype=np.int64)
        else:
            numbers = np.bincount(self.targets, minlength=len(self.labels))
        return dict(zip(self.labels.names, numbers.tolist(), strict=True))

    def digest(self) -> str:
        """Returns the SHA-256 of texts, targets and labels, as hexadecimal."""
        return self._digest

    @cached_property
    def _digest(self) -> str:
        total = hashlib.sha256(canonical_json(self.labels.to_json()).encode())
        for start in range(0, len(self), _BLOCK):
            cells = [text.encode() for text in self.texts[start : start + _BLOCK]]
            lengths = np.asarray([len(cell) for cell in cells], dtype="<i8")
            total.update(lengths.tobytes())
            total.update(b"".join(cells))
        total.update(self.targets.astype("<i4").tobytes())
        return total.hexdigest()


@dataclass(frozen=True, eq=False)
class Splits:
    """The data sets of a run.

    Args:
        train: What is learnt from; it alone decides what the labels are.
        dev: What stops training early.
        test: What the final score is taken of, if there is such data.
        sources: For each split the file it is from, or its share of which file.
        notes: Warnings for people, such as texts that occur in two splits.
    """

    train: Dataset
    dev: Dataset
    test: Dataset | None
    sources: dict[str, str]
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for part in (self.dev, self.test):
            if part is not None and part.labels != self.train.labels:
                raise ValueError("one set of labels expected in all splits")


def load_splits(
    config: DataConfig, tables: Sources, *, seed: int, labels: Labels | None = None
) -> Splits:
    """Divides tables where the configuration says so and encodes their labels.

    Without a test table `test_fraction` of all rows is held out first; without a dev
    table `dev_fraction` of what remains. The two draws have separate streams of `seed`,
    so the test rows do not depend on `dev_fraction`. Labels are fitted on the training
    rows only, unless they are given.

    Raises:
        ConfigError: There is nothing to take dev rows from, or both a test table and a
            test fraction.
        DataError: The labels cannot be learnt, or a split knows a label that the
            training rows do not.
    """
    _check_fractions(config, tables)
    tables = Sources(**{n: _keyed(table) for n, table in _present(tables).items()})
    # Told before anything is held out: most faults of labels are wrong columns.
    if labels is None:
        _fitted(config, tables.train)
    divided, sources = _divided(config, tables, seed=seed)
    splits = _encoded(divided, labels or _fitted(config, divided.train))
    notes = [
        *notes_on_tables(_present(tables), separator=config.label_separator),
        *notes_on_labels(splits["train"].counts()),
    ]
    return Splits(
        train=splits["train"],
        dev=splits["dev"],
        test=splits.get("test"),
        sources=sources,
        notes=tuple(notes),
    )


def divide(config: DataConfig, tables: Sources, *, seed: int) -> Sources:
    """Returns the table of each split: the rows of `load_splits`, with their places.

    Raises:
        ConfigError: As `load_splits`.
        DataError: As `load_splits`.
    """
    _check_fractions(config, tables)
    return _divided(config, tables, seed=seed)[0]


def split_seed(config: DataConfig, seed: int) -> int:
    """Returns the seed of the rows held out; `seed` is that of the run."""
    return seed if config.split_seed is None else config.split_seed


def _check_fractions(config: DataConfig, tables: Sources) -> None:
    if tables.dev is None and config.dev_fraction == 0:
        raise ConfigError(
            "got no dev data and dev_fraction 0; early stopping needs dev data",
            where="data.dev_fraction",
            fix="set data.dev to a file, or data.dev_fraction to 0.1; in the end "
            "training.refit learns from those texts too",
        )
    if tables.test is not None and config.test_fraction > 0:
        raise ConfigError(
            f"got {config.test_fraction}, but the data has its own test rows",
            where="data.test_fraction",
            fix="set it to 0",
        )


def _divided(
    config: DataConfig, tables: Sources, *, seed: int
) -> tuple[Sources, dict[str, str]]:
    seed = split_seed(config, seed)
    train, dev, test = tables.train, tables.dev, tables.test
    sources = {"train": train.source}
    if dev is not None:
        sources["dev"] = dev.source
    if test is not None:
        sources["test"] = test.source
    # Test first: its rows must not depend on how the dev rows are drawn.
    for name, fraction, stream in (
        ("test", config.test_fraction, TEST_STREAM),
        ("dev", config.dev_fraction if dev is None else 0.0, _DEV_STREAM),
    ):
        if fraction == 0:
            continue
        rng = np.random.default_rng([seed, stream])
        train, held = _held_out(config, train, name=name, fraction=fraction, rng=rng)
        sources[name] = f"{fraction:.4g} of {train.source}, held out"
        dev, test = (held, test) if name == "dev" else (dev, held)
    return Sources(train, dev, test), sources


def _held_out(
    config: DataConfig,
    table: Table,
    *,
    name: str,
    fraction: float,
    rng: np.random.Generator,
) -> tuple[Table, Table]:
    cells = split_cells(
        table.labels or [], separator=config.label_separator, place=table.place
    )
    rest, held = split_off(table.copy_keys(), cells, fraction=fraction, rng=rng)
    if not len(held):
        raise NoneToSpare(
            f"got {len(table):,} rows, of which {name}_fraction {fraction:.4g} can "
            "hold none out: each label must keep a text for training",
            where=table.source,
            fix=f"add rows, or give a file as data.{name}",
        )
    return table.take(rest), table.take(held)


def _encoded(tables: Sources, labels: Labels) -> dict[str, Dataset]:
    return {
        name: Dataset(
            table.texts,
            labels.encode(table.labels or [], place=table.place),
            labels,
            table.weights,
        )
        for name, table in _present(tables).items()
    }


def _keyed(table: Table) -> Table:
    """Reads all texts once for what is asked of them several times."""
    return replace(table, keys=table.copy_keys())


def _fitted(config: DataConfig, train: Table) -> Labels:
    return Labels.fit(
        train.labels or [], separator=config.label_separator, place=train.place
    )


def _present(tables: Sources) -> dict[str, Table]:
    named = {"train": tables.train, "dev": tables.dev, "test": tables.test}
    return {name: table for name, table in named.items() if table is not None}
