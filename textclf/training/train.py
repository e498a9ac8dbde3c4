"""One training run, from tables to a bundle and its reports."""

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from textclf import machine
from textclf.assessment import assess, fit_floor, keep
from textclf.bundle import data_digest, save_bundle
from textclf.config.schema import Config
from textclf.data.dataset import Dataset, Splits, load_splits
from textclf.data.sources import Sources
from textclf.evaluation.plots import history_plot
from textclf.evaluation.report import Report
from textclf.models.build import build_model
from textclf.models.embedding import seed_tables
from textclf.models.inference import keras_engine
from textclf.models.spec import ModelSpec
from textclf.predictor import Predictor
from textclf.progress import SILENT, Progress
from textclf.run import Run
from textclf.text.encoder import TextEncoder
from textclf.training.board import open_board
from textclf.training.fit import Epoch, fit
from textclf.vectors.seed import Seeded, seed_rows

_VECTOR_STREAM = 21
_SLOTS = 4
"""Copies of the weights while training: values, two moments, the best so far."""


@dataclass(frozen=True)
class Trained:
    """What a finished run says of itself.

    Attributes:
        run: The folder.
        seconds: Wall time from the tables to the last report.
        dev: The report on the dev texts.
        test: The report on the held-out test texts, if there are such.
    """

    run: Run
    seconds: float
    dev: Report
    test: Report | None


def train(
    config: Config, tables: Sources, *, run: Run, progress: Progress = SILENT
) -> Trained:
    """Trains, keeps and judges a model.

    Nothing but the training texts decides about vocabulary, vectors and weights; the
    dev texts decide about stopping; the test texts are predicted, once, at the end.

    Args:
        config: The resolved settings; paths are absolute.
        tables: Texts with raw labels.
        run: A new run; it holds the bundle and the reports afterwards.
        progress: Who listens.

    Raises:
        TextclfError: As the parts raise; the run's state then names the reason.
    """
    started = time.monotonic()
    with run.running():
        splits = load_splits(config.data, tables, seed=config.seed)
        run.write_json("data.json", describe(splits))
        run.write_json("environment.json", machine.environment())
        for note in splits.notes:
            progress.warn(note)
        predictor = _learn(config, splits, run, progress)
        dev, test = _assess(config, splits, predictor, run, progress)
        seconds = round(time.monotonic() - started, 1)
        run.write_state("complete", seconds=seconds)
    return Trained(run, seconds, dev, test)


def describe(splits: Splits) -> dict[str, Any]:
    """Returns sizes, labels, sources and hashes of the data of a run."""
    parts = {"train": splits.train, "dev": splits.dev, "test": splits.test}
    return {
        "task": splits.train.labels.task,
        "splits": {
            name: {
                "source": splits.sources[name],
                "texts": len(part),
                "labels": part.counts(),
                "sha256": part.digest(),
            }
            for name, part in parts.items()
            if part is not None
        },
        "notes": list(splits.notes),
    }


def _learn(config: Config, splits: Splits, run: Run, progress: Progress) -> Predictor:
    progress.say(f"reading {len(splits.train):,} training texts")
    encoder, encoded = TextEncoder.fit_encode(splits.train.texts, config.text)
    labels = splits.train.labels
    spec = ModelSpec.of(config, rows=encoder.rows, labels=len(labels), task=labels.task)
    machine.check_memory(
        _SLOTS * spec.bytes(),
        what=f"a model of {spec.parameters():,} numbers",
        fix="set embedding.dim or text.vocabulary_size lower",
    )
    seeded = _vectors(config, encoder, progress)
    progress.say(
        f"model: {spec.model.kind}, {spec.parameters():,} numbers, vocabulary of "
        f"{len(encoder.vocabulary):,}"
    )
    model = build_model(spec, seed=config.seed)
    if seeded is not None:
        seed_tables(model, seeded.matrix)
        run.write_json("coverage.json", seeded.coverage.to_json())
    predictor = Predictor(encoder, labels, keras_engine(model))
    encoded_dev = encoder.encode(splits.dev.texts)
    diary = _Diary(run, progress, tensorboard=config.training.tensorboard)
    fit(
        model,
        splits.train,
        encoded,
        config,
        predict_dev=lambda: predictor.predict_encoded(encoded_dev),
        dev=splits.dev,
        on_epoch=diary,
        progress=progress,
    )
    history_plot(diary.lines, run.folder / "history.png")
    save_bundle(
        run.bundle,
        model=model,
        spec=spec,
        encoder=encoder,
        labels=labels,
        data_digest=data_digest({"train": splits.train.digest()}),
        probabilities=lambda texts: predictor.predict(texts).probabilities,
    )
    return predictor


class _Diary:
    """Writes every epoch into the run and tells it."""

    def __init__(self, run: Run, progress: Progress, *, tensorboard: bool) -> None:
        self.lines: list[dict[str, Any]] = []
        self._run, self._progress = run, progress
        self._board = open_board(run.folder / "tensorboard") if tensorboard else None

    def __call__(self, epoch: Epoch) -> None:
        self.lines.append(epoch.to_json())
        self._run.write_history(self.lines)
        self._progress.say(str(epoch))
        if self._board is not None:
            self._board(epoch)


def _vectors(config: Config, encoder: TextEncoder, progress: Progress) -> Seeded | None:
    if config.embedding.init != "vectors" or config.embedding.vectors is None:
        return None
    return seed_rows(
        Path(config.embedding.vectors),
        encoder.vocabulary,
        dim=config.embedding.dim,
        rng=np.random.default_rng([config.seed, _VECTOR_STREAM]),
        progress=progress,
    )


def _assess(
    config: Config,
    splits: Splits,
    predictor: Predictor,
    run: Run,
    progress: Progress,
) -> tuple[Report, Report | None]:
    floor = fit_floor(splits.train, seed=config.seed, progress=progress)

    def judged(split: str, dataset: Dataset) -> Report:
        predictions, report = assess(
            predictor,
            dataset,
            name=config.name,
            split=split,
            seed=config.seed,
            floor=lambda held: floor.score(held.texts, held.targets),
        )
        keep(run.folder, dataset, predictions, report)
        return report

    dev = judged("dev", splits.dev)
    return dev, judged("test", splits.test) if splits.test is not None else None
