"""The data of a trial: divided by its seed, cut into ids once, mapped from disk."""

import json
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from textclf.config.schema import Config, DataConfig
from textclf.data.dataset import Dataset, Splits
from textclf.data.named import Places, open_sources
from textclf.data.sources import read_unlabelled
from textclf.files import canonical_json, write_json
from textclf.study.folds import Fold, Folds
from textclf.study.recent import Recent
from textclf.study.shelf import Shelf
from textclf.study.spec import SplitConfig
from textclf.text.encoded import Encoded
from textclf.text.encoder import TextEncoder
from textclf.text.store import load_encoded, open_store
from textclf.training.batches import KeptBatches
from textclf.training.prepare import (
    Prepared,
    counted_from,
    seeded_from,
    spec_of,
    without_held,
)
from textclf.training.word_vectors import learn_file
from textclf.vectors.seed import Seeded

_ENCODER, _TRAIN, _DEV, _HELD = "encoder.json", "train", "dev", "held"
_VECTORS = "vectors.bin"
_TABLES, _FOLDS, _MATRICES = 2, 16, 2
_WORD_BYTES, _BATCHES_MB = 32, 200
"""What a word takes in a batch that is kept, and all such batches together."""
_LATER = {"train", "frozen_epochs", "finetune_rate"}
"""Settings of the embedding that say what becomes of its first rows."""


@dataclass(frozen=True, eq=False)
class Tokens:
    """The texts of a seed as ids.

    Attributes:
        encoder: Learnt from the training texts of that seed.
        train: What is learnt from.
        dev: What training is stopped by.
        held: What the trial is judged by.
    """

    encoder: TextEncoder
    train: Encoded
    dev: Encoded
    held: Encoded


class Material:
    """Gives every trial of a worker its data.

    Args:
        places: Where data sets are looked for.
        split: How seeds divide.
        seed: Of the study.
        shelf: Where what trials share is kept.
    """

    def __init__(
        self, places: Places, *, split: SplitConfig, seed: int, shelf: Shelf
    ) -> None:
        self._places, self._split, self._seed = places, split, seed
        self._shelf = shelf
        self._tables: Recent[Folds] = Recent(_TABLES)
        self._folds: Recent[Fold] = Recent(_FOLDS)
        self._tokens: Recent[Tokens] = Recent(_FOLDS)
        self._rows: Recent[Seeded] = Recent(_MATRICES)
        self._batches: Recent[KeptBatches] = Recent(1)

    def folds(self, data: DataConfig) -> Folds:
        """Returns the divided tables of a section `data`, which are read once."""

        def read() -> Folds:
            tables = open_sources(data, self._places)
            return Folds(data, tables, split=self._split, seed=self._seed)

        return self._tables.of(data.model_dump_json(), read)

    def fold(self, config: Config, seed: int, *, final: bool) -> Fold:
        """Returns the data of a seed; `final`: judged by the test texts."""
        folds = self.folds(config.data)
        return self._folds.of(
            (config.data.model_dump_json(), seed, final),
            lambda: folds.final(seed) if final else folds.of(seed),
        )

    def tokens(self, config: Config, seed: int, *, final: bool) -> Tokens:
        """Returns the same as ids."""
        sections = config.data.model_dump_json(), config.text.model_dump_json()
        return self._tokens.of(
            (*sections, seed, final),
            lambda: self._cut(config, self.fold(config, seed, final=final).splits),
        )

    def batches(self, config: Config, seed: int, *, final: bool) -> KeptBatches:
        """Returns the batches of a seed, which all its cells learn from."""
        training, tokens = config.training, self.tokens(config, seed, final=final)
        epoch_mb = _WORD_BYTES * 1e-6 * max(len(tokens.train.ids), 1)
        sections = config.data.model_dump_json(), config.text.model_dump_json()
        weights = canonical_json(training.class_weight)
        return self._batches.of(
            (*sections, seed, final, training.batch_size, weights),
            lambda: KeptBatches(int(_BATCHES_MB / epoch_mb)),
        )

    def prepared(self, config: Config, seed: int, *, final: bool) -> Prepared:
        """Returns a training run that can begin.

        Raises:
            TextclfError: As `prepare`.
        """
        fold = self.fold(config, seed, final=final)
        tokens = self.tokens(config, seed, final=final)
        train = fold.splits.train
        draft = Prepared(
            config,
            fold.splits,
            tokens.encoder,
            tokens.train,
            spec_of(config, tokens.encoder, train.labels),
            seeded=None,
            unlabelled=(),
            counted=counted_from(config, train, tokens.encoder, tokens.train),
            started=0.0,
        )
        return self._with_vectors(draft)

    def _with_vectors(self, draft: Prepared) -> Prepared:
        """Adds the rows that the embedding begins with; two sets are remembered."""
        config = draft.config
        if config.embedding.vectors is None:
            return draft
        key = canonical_json(_facts(draft) | {"file": config.embedding.vectors})
        rows = self._rows.of(
            key, lambda: seeded_from(self._vector_file(draft), config, draft.encoder)
        )
        return replace(draft, seeded=rows)

    def _vector_file(self, draft: Prepared) -> Path:
        """Returns the file of the vectors; those to be learnt are learnt once."""
        config = draft.config
        if config.embedding.learnt is None:
            return Path(str(config.embedding.vectors))
        return self._shelf.kept(
            "vectors",
            _facts(draft),
            make=lambda stage: self._learn(draft, stage / _VECTORS),
            read=lambda place: place / _VECTORS,
        )

    def _learn(self, draft: Prepared, target: Path) -> None:
        table = read_unlabelled(draft.config.data, folders=self._places.folders)
        texts = without_held(table, draft.splits)
        learn_file(replace(draft, unlabelled=texts), target)

    def _cut(self, config: Config, splits: Splits) -> Tokens:
        facts = {
            "texts": [part.digest() for part in _parts(splits)],
            "text": config.text.model_dump(mode="json"),
        }
        return self._shelf.kept(
            "tokens", facts, make=partial(_write, splits, config), read=_open
        )


def _facts(draft: Prepared) -> dict[str, Any]:
    """Returns what decides the first rows of an embedding."""
    config = draft.config
    return {
        "texts": draft.splits.train.digest(),
        "text": config.text.model_dump(mode="json"),
        "embedding": config.embedding.model_dump(mode="json", exclude=_LATER),
        "seed": config.seed,
        "unlabelled": config.data.unlabelled,
    }


def _parts(splits: Splits) -> tuple[Dataset, ...]:
    parts = (splits.train, splits.dev, splits.test)
    return tuple(part for part in parts if part is not None)


def _write(splits: Splits, config: Config, folder: Path) -> None:
    encoder, _ = TextEncoder.fit_encode(
        splits.train.texts, config.text, folder=folder / _TRAIN
    )
    for name, part in zip((_DEV, _HELD), _parts(splits)[1:], strict=True):
        with open_store(folder / name) as store:
            store.append(encoder.encode(part.texts))
    write_json(folder / _ENCODER, encoder.to_json(), indent=None)


def _open(folder: Path) -> Tokens:
    encoder = TextEncoder.from_json(json.loads((folder / _ENCODER).read_bytes()))
    parts = (load_encoded(folder / name) for name in (_TRAIN, _DEV, _HELD))
    return Tokens(encoder, *parts)
