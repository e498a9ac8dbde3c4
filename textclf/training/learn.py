"""The learning itself, whoever asks for it: a run, or an estimator in memory."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from textclf.bundle import data_digest, save_bundle
from textclf.evaluation.deciding import decide
from textclf.models.build import build_model
from textclf.models.embedding import seed_bias, seed_spellings, seed_tables
from textclf.models.guests import guest_rows
from textclf.models.inference import engine_of, keras_engine
from textclf.predictor import Predictor
from textclf.progress import SILENT, Progress
from textclf.text.encoded import Encoded
from textclf.training.fit import Epoch, fit
from textclf.training.prepare import Prepared, seeded_from
from textclf.training.steps import Steps
from textclf.training.tokens import give_back
from textclf.training.word_vectors import learn_file
from textclf.vectors.kept_grams import KeptGrams


@dataclass(frozen=True, eq=False)
class Begun:
    """A model that stands where learning begins.

    Attributes:
        prepared: What it learns from; vectors learnt for it are read by now.
        model: The Keras model, with what it begins with in its embedding.
        grams: What gives vectors to words that training never sees.
    """

    prepared: Prepared
    model: Any
    grams: KeptGrams | None

    @property
    def steps(self) -> Steps:
        """What gives the step of each stage."""
        prepared = self.prepared
        task = prepared.splits.train.labels.task
        return Steps(self.model, prepared.config, task, prepared.shares)

    def save(self, folder: Path, predictor: Predictor) -> None:
        """Writes the bundle of the model as it is; `predictor` answers for it."""
        train = self.prepared.splits.train
        save_bundle(
            folder,
            model=self.model,
            spec=self.prepared.spec,
            encoder=self.prepared.encoder,
            labels=train.labels,
            data_digest=data_digest({"train": train.digest()}),
            probabilities=lambda texts: predictor.predict(texts).probabilities,
            grams=self.grams,
            decision=predictor.decision,
        )


def begin(prepared: Prepared, *, vectors: Path, progress: Progress = SILENT) -> Begun:
    """Builds a model and writes into it what it begins with.

    Args:
        prepared: Data, encoder and the shape of the model.
        vectors: Where vectors are written that are learnt from the texts; those that
            stand there were learnt for an earlier model of the same run.
        progress: Who listens.

    Raises:
        TextclfError: As learning and reading vectors raise.
    """
    spec = prepared.spec
    progress.say(
        f"model: {spec.model.kind}, {spec.parameters():,} numbers, vocabulary of "
        f"{len(prepared.encoder.vocabulary):,}"
    )
    prepared = _with_learnt_vectors(prepared, vectors, progress)
    model = build_model(spec, seed=prepared.config.seed)
    seed_model(model, prepared)
    return Begun(prepared, model, _kept_grams(prepared, vectors, progress))


def learn(
    begun: Begun,
    *,
    on_epoch: Callable[[Epoch], None],
    progress: Progress = SILENT,
) -> Predictor:
    """Trains; the dev texts decide about stopping, the best epoch and the decision.

    Args:
        begun: The model, changed in place: it has its best weights afterwards.
        on_epoch: Called after every epoch.
        progress: Who listens.

    Returns:
        What answers by the best weights, as a bundle of them will.

    Raises:
        ConfigError: A class weight names a label that does not exist.
        DivergedError: The loss became huge or not a number.
    """
    prepared, model = begun.prepared, begun.model
    config, splits = prepared.config, prepared.splits
    labels = splits.train.labels
    rows_of = guest_rows(prepared.spec, prepared.encoder, begun.grams)
    predictor = Predictor(prepared.encoder, labels, keras_engine(model), rows_of)
    encoded_dev = predictor.encode(splits.dev.texts)
    fit(
        model,
        splits.train,
        prepared.encoded,
        config,
        predict_dev=lambda: predictor.predict_encoded(encoded_dev),
        dev=splits.dev,
        on_epoch=on_epoch,
        begin=begun.steps,
        progress=progress,
    )
    give_back(prepared.encoded)
    predictor = replace(predictor, engine=engine_of(prepared.spec, model))
    return _decided(predictor, encoded_dev, prepared, progress)


def _decided(
    predictor: Predictor, dev: Encoded, prepared: Prepared, progress: Progress
) -> Predictor:
    """Fits on the dev texts how outputs become answers.

    Where training texts stand in for dev texts nothing is fitted: a model is far too
    sure of what it learnt by heart.
    """
    splits, config = prepared.splits, prepared.config
    if splits.dev.digest() == splits.train.digest():
        return predictor
    decided = decide(
        predictor.logits(dev),
        splits.dev.targets,
        labels=predictor.labels.names,
        task=predictor.labels.task,
        settings=config.decision,
        seed=config.seed,
    )
    for note in decided.notes:
        progress.warn(note)
    return replace(predictor, decision=decided.decision)


def seed_model(model: Any, prepared: Prepared) -> None:
    """Writes what a model begins with, other than chance, into its embedding."""
    seed_spellings(model, prepared.encoder.vocabulary)
    if prepared.seeded is not None:
        seed_tables(model, prepared.seeded.matrix)
    if prepared.counted is not None:
        seed_tables(model, prepared.counted.table)
        seed_bias(model, prepared.counted.bias)


def _with_learnt_vectors(
    prepared: Prepared, vectors: Path, progress: Progress
) -> Prepared:
    """Learns the vectors that the model begins with, where that was asked for."""
    config = prepared.config
    if config.embedding.learnt is None:
        return prepared
    if not vectors.exists():
        learn_file(prepared, vectors, progress=progress)
    seeded = seeded_from(vectors, config, prepared.encoder, progress=progress)
    return replace(prepared, seeded=seeded)


def _kept_grams(
    prepared: Prepared, vectors: Path, progress: Progress
) -> KeptGrams | None:
    """Chooses the n-gram rows that travel with the model, where that was asked for."""
    embedding, seeded = prepared.config.embedding, prepared.seeded
    if embedding.subword_rows is None or seeded is None or embedding.vectors is None:
        return None
    path = vectors if embedding.learnt is not None else Path(embedding.vectors)
    grams = KeptGrams.choose(
        path,
        prepared.encoder.vocabulary,
        most=embedding.subword_rows,
        factor=seeded.coverage.factor,
    )
    progress.say(
        f"{len(grams.rows):,} n-gram rows travel with the model: those that running "
        "words of the training texts have most often"
    )
    return grams
