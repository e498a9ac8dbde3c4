"""Everything before the first step: what can be refused is refused here.

Nothing is written and no backend is imported before all of it is known to fit together.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from textclf.config.kinds import NgramConfig
from textclf.config.schema import Config
from textclf.data.copies import keys_of
from textclf.data.dataset import Dataset, Splits, load_splits
from textclf.data.labels import Labels
from textclf.data.sources import Sources
from textclf.data.stored import chosen
from textclf.data.tables import Table
from textclf.evaluation.deciding import check_metric
from textclf.machine import check_memory
from textclf.models.spec import ModelSpec
from textclf.progress import SILENT, Progress
from textclf.text.encoded import Encoded
from textclf.text.encoder import TextEncoder
from textclf.training.naive_bayes import NaiveBayes, naive_bayes
from textclf.training.rarity import rarity_shares
from textclf.training.targets import target_matrix, weight_matrix
from textclf.training.tokens import learn_tokens
from textclf.vectors.seed import Seeded, seed_rows

_VECTOR_STREAM = 21
_SLOTS = 4
"""Copies of the weights while training: values, two moments, the best so far."""


_NARROWER = "set embedding.dim or text.vocabulary_size lower"
_FEWER = "set text.vocabulary_size or text.ngram_buckets lower"


@dataclass(frozen=True, eq=False)
class Prepared:
    """A training run that can begin.

    Attributes:
        config: The resolved settings; paths are absolute.
        splits: The data sets.
        encoder: Learnt from the training texts.
        encoded: The training texts as ids.
        spec: The shape of the model.
        seeded: Rows for the embedding, if it begins with vectors.
        unlabelled: Further texts, for word vectors and self-training; none is a dev or
            test text.
        counted: What the labels tell of each row, if it begins with that.
        started: When preparing began, in seconds of the monotonic clock.
    """

    config: Config
    splits: Splits
    encoder: TextEncoder
    encoded: Encoded
    spec: ModelSpec
    seeded: Seeded | None
    unlabelled: Sequence[str]
    counted: NaiveBayes | None
    started: float

    @cached_property
    def shares(self) -> np.ndarray | None:
        """float32[rows, 1 or dim], by which the rate of each row is multiplied."""
        if self.config.embedding.row_rates == "rarity":
            several = self.spec.task == "multilabel"
            return rarity_shares(
                self.encoded,
                families=self.encoder.families,
                length_norm=_norms_lengths(self.config),
                tasks=self.spec.outputs if several else 1,
            )
        return self.counted.shares if self.counted is not None else None


def prepare(
    config: Config,
    tables: Sources,
    *,
    unlabelled: Table | None = None,
    labels: Labels | None = None,
    progress: Progress = SILENT,
) -> Prepared:
    """Divides the data, learns the encoder, reads vectors, measures the model.

    Nothing but the training texts decides about the vocabulary, and nothing but they
    and the unlabelled ones about vectors that are learnt.

    Args:
        config: The settings.
        tables: The labelled texts.
        unlabelled: Further texts, for word vectors and self-training.
        labels: The labels in their order; None: learnt from the training rows.
        progress: Who listens.

    Raises:
        ConfigError: Settings do not fit the data or the vectors.
        DataError: Texts or labels cannot be used.
        ArtefactError: The vector file cannot be used.
        ResourceError: The model does not fit into memory.
    """
    started = time.monotonic()
    splits = load_splits(config.data, tables, seed=config.seed, labels=labels)
    for note in splits.notes:
        progress.warn(note)
    weight_matrix(splits.train, config.training.class_weight)
    check_metric(config.decision, splits.train.labels.task)
    return prepare_splits(
        config,
        splits,
        unlabelled=without_held(unlabelled, splits, progress=progress),
        started=started,
        progress=progress,
    )


def prepare_splits(
    config: Config,
    splits: Splits,
    *,
    unlabelled: Sequence[str],
    started: float,
    progress: Progress = SILENT,
) -> Prepared:
    """Learns the encoder, reads vectors, measures the model; see `prepare`.

    Args:
        config: The settings.
        splits: The divided data.
        unlabelled: Further texts, none of which is held out.
        started: When preparing began, in seconds of the monotonic clock.
        progress: Who listens.
    """
    train = splits.train
    progress.say(f"reading {len(train):,} training texts")
    encoder, encoded = learn_tokens(
        train, config.text, cache=config.data.cache, progress=progress
    )
    for line in encoder.grams.to_lines():
        progress.say(line)
    return Prepared(
        config,
        splits,
        encoder,
        encoded,
        spec_of(config, encoder, train.labels),
        seeded=_seeded(config, encoder, progress),
        unlabelled=unlabelled,
        counted=counted_from(config, train, encoder, encoded),
        started=started,
    )


def spec_of(config: Config, encoder: TextEncoder, labels: Labels) -> ModelSpec:
    """Returns the shape of the model, if it fits into memory.

    Raises:
        ResourceError: It does not.
    """
    spec = ModelSpec.of(
        config,
        rows=encoder.rows,
        units=len(encoder.vocabulary),
        labels=len(labels),
        task=labels.task,
    )
    check_memory(
        _SLOTS * spec.bytes(),
        what=f"a model of {spec.parameters():,} numbers",
        fix=_FEWER if spec.model.kind == "ngram" else _NARROWER,
    )
    return spec


def without_held(
    table: Table | None, splits: Splits, *, progress: Progress = SILENT
) -> Sequence[str]:
    """Returns the texts of a table without those of dev and test."""
    if table is None:
        return ()
    held = [part.texts for part in (splits.dev, splits.test) if part is not None]
    keys = np.concatenate([keys_of(texts) for texts in held])
    kept = np.flatnonzero(~np.isin(table.copy_keys(), keys))
    if left := len(table) - len(kept):
        progress.say(f"left out {left:,} unlabelled texts that occur in dev or test")
    return chosen(table.texts, kept)


def counted_from(
    config: Config, train: Dataset, encoder: TextEncoder, encoded: Encoded
) -> NaiveBayes | None:
    """Returns what the labels tell of each row, if the embedding begins with that."""
    if config.embedding.init != "naive_bayes":
        return None
    return naive_bayes(
        encoded,
        target_matrix(train),
        families=encoder.families,
        task=train.labels.task,
        seed=config.seed,
        length_norm=_norms_lengths(config),
        text_weights=train.weights,
    )


def _norms_lengths(config: Config) -> bool:
    return isinstance(config.model, NgramConfig) and config.model.length_norm


def _seeded(config: Config, encoder: TextEncoder, progress: Progress) -> Seeded | None:
    path = config.embedding.vectors
    if path is None or config.embedding.learnt is not None:
        return None
    return seeded_from(Path(path), config, encoder, progress=progress)


def seeded_from(
    path: Path, config: Config, encoder: TextEncoder, *, progress: Progress = SILENT
) -> Seeded:
    """Reads the rows of a vocabulary from a vector file; see `seed_rows`."""
    seeded = seed_rows(
        path,
        encoder.vocabulary,
        dim=config.embedding.dim,
        rng=np.random.default_rng([config.seed, _VECTOR_STREAM]),
        oov=config.embedding.oov,
        scale=config.embedding.scale,
        progress=progress,
    )
    for line in seeded.coverage.to_lines():
        progress.say(line)
    return seeded
