"""Which texts a seed trains on, stops by and is judged by."""

import hashlib
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from textclf.config.schema import DataConfig
from textclf.data.cells import LabelSets
from textclf.data.dataset import TEST_STREAM, Dataset, Splits, split_seed
from textclf.data.labels import Labels, split_cells
from textclf.data.sources import Sources
from textclf.data.split import Indices, split_off
from textclf.data.tables import Table
from textclf.errors import ConfigError
from textclf.files import canonical_json
from textclf.study.spec import SplitConfig

_FOLD_STREAM, _DEV_STREAM = 32, 33


@dataclass(frozen=True, eq=False)
class Fold:
    """The data of one seed.

    Attributes:
        splits: What is trained on, the dev texts for stopping, and, in the place of
            test texts, those that are judged by.
        held: int64[n], which rows of the table, or of the dev file, those are.
    """

    splits: Splits
    held: Indices


class Folds:
    """Divides the tables of a study, seed by seed; test texts stay apart.

    Args:
        data: The section `data` of the configuration.
        tables: What it names.
        split: How seeds divide.
        seed: Of the study: it decides the test rows and the folds.
    """

    def __init__(
        self, data: DataConfig, tables: Sources, *, split: SplitConfig, seed: int
    ) -> None:
        self._data, self._split, self._seed = data, split, seed
        table = tables.train
        self._cells = split_cells(
            table.labels or [], separator=data.label_separator, place=table.place
        )
        self.labels = Labels.fit(
            table.labels or [], separator=data.label_separator, place=table.place
        )
        self._whole = self._dataset(table)
        self._keys = table.copy_keys()
        self._rows = np.arange(len(table))
        self.test = self._dataset(tables.test) if tables.test else None
        if self.test is None and data.test_fraction > 0:
            rng = np.random.default_rng([split_seed(data, seed), TEST_STREAM])
            self._rows, held = self._divided(self._rows, data.test_fraction, rng)
            self.test = self._whole.take(held)
        self._given = self._dataset(tables.dev) if tables.dev else None
        if split.kind == "given" and self._given is None:
            raise ConfigError(
                "got kind given, but the data has no dev file",
                where="split.kind",
                fix="set data.dev, or kind: repeated_cv",
            )

    def __len__(self) -> int:
        return len(self._rows)

    @cached_property
    def digest(self) -> str:
        """The SHA-256 of all texts and labels, as hexadecimal."""
        parts = (self._whole, self._given, self.test)
        listed = [part.digest() if part is not None else None for part in parts]
        return hashlib.sha256(canonical_json(listed).encode()).hexdigest()

    @property
    def overlap(self) -> float:
        """Judged texts per text trained on, where seeds share texts; else 0."""
        if self._split.kind == "given":
            return 0.0
        share = self._share
        return share / (1 - share)

    @property
    def _share(self) -> float:
        cv = self._split.kind == "repeated_cv"
        return 1 / self._split.folds if cv else self._split.fraction

    def of(self, seed: int) -> Fold:
        """Returns the data of a seed, the same for every cell."""
        if self._split.kind == "given":
            return self._fold(self._rows, np.arange(len(self._given or ())), seed)
        rest, held = self._held(seed)
        return self._fold(rest, held, seed)

    def final(self, seed: int) -> Fold:
        """Returns the data to judge a winner by: the test texts are those held out.

        Raises:
            ConfigError: There are none.
        """
        if self.test is None:
            raise ConfigError("got no test texts", where="data.test")
        rest, dev = self._with_dev(self._rows, seed)
        splits = Splits(rest, dev, self.test, sources={})
        return Fold(splits, np.arange(len(self.test)))

    def _held(self, seed: int) -> tuple[Indices, Indices]:
        if self._split.kind == "holdout":
            rng = np.random.default_rng([self._seed, _FOLD_STREAM, seed])
            return self._divided(self._rows, self._split.fraction, rng)
        repeat, fold = divmod(seed, self._split.folds)
        rng = np.random.default_rng([self._seed, _FOLD_STREAM, repeat])
        remaining, held = self._rows, self._rows[:0]
        for number in range(fold + 1):
            left = self._split.folds - number
            if left == 1:
                remaining, held = remaining[:0], remaining
            else:
                remaining, held = self._divided(remaining, 1 / left, rng)
        return np.setdiff1d(self._rows, held), held

    def _fold(self, rest: Indices, held: Indices, seed: int) -> Fold:
        if self._split.kind == "given":
            rng = np.random.default_rng([seed, _DEV_STREAM])
            rows, dev = self._divided(rest, self._dev_fraction(), rng)
            parts = (self._whole.take(rows), self._whole.take(dev), self._given)
        else:
            parts = (*self._with_dev(rest, seed), self._whole.take(held))
        return Fold(Splits(*parts, sources={}), held)

    def _with_dev(self, rest: Indices, seed: int) -> tuple[Dataset, Dataset]:
        if self._given is not None:
            return self._whole.take(rest), self._given
        rng = np.random.default_rng([seed, _DEV_STREAM])
        rows, dev = self._divided(rest, self._dev_fraction(), rng)
        return self._whole.take(rows), self._whole.take(dev)

    def _dev_fraction(self) -> float:
        if self._data.dev_fraction == 0:
            raise ConfigError(
                "got 0; early stopping needs dev texts",
                where="data.dev_fraction",
                fix="set it to 0.1",
            )
        return self._data.dev_fraction

    def _divided(
        self, rows: Indices, fraction: float, rng: np.random.Generator
    ) -> tuple[Indices, Indices]:
        labels = LabelSets(self._cells.kinds, self._cells.codes[rows])
        stay, held = split_off(self._keys[rows], labels, fraction=fraction, rng=rng)
        return rows[stay], rows[held]

    def _dataset(self, table: Table) -> Dataset:
        targets = self.labels.encode(table.labels or [], place=table.place)
        return Dataset(table.texts, targets, self.labels)
