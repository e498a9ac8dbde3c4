"""A second training, with the dev texts too, once they have decided all they decide."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from keras import ops

from textclf.assessment import REFITTED
from textclf.config.schema import Config
from textclf.errors import ConfigError
from textclf.models.guests import guest_rows
from textclf.models.inference import engine_of
from textclf.predictor import Predictor
from textclf.progress import SILENT, Progress
from textclf.training.fit import Epoch, Pass, fit_blind, stages
from textclf.training.learn import Begun, begin
from textclf.training.learner import diverged
from textclf.training.prepare import Prepared, prepare_splits
from textclf.training.self_training import Attempt
from textclf.training.tokens import give_back


def check_refit(prepared: Prepared) -> None:
    """Refuses a second training that would have no more texts than the first.

    Raises:
        ConfigError: Training texts stand in for dev texts.
    """
    splits = prepared.splits
    if not prepared.config.training.refit:
        return
    if splits.dev.digest() == splits.train.digest():
        raise ConfigError(
            "got no dev texts, so the training texts are all there are",
            where="training.refit",
            fix="give dev texts, or set it to false",
        )


def begin_again(first: Attempt, *, vectors: Path, progress: Progress = SILENT) -> Begun:
    """Builds the model of the second training: all but learnt vectors begins anew.

    Args:
        first: The training that is done.
        vectors: The vectors that were learnt for it, if so.
        progress: Who listens.

    Raises:
        TextclfError: As preparing raises.
    """
    old = first.begun.prepared
    splits = old.splits
    progress.say(f"refit: {_epochs_told(first)} with the {len(splits.dev):,} dev texts")
    prepared = prepare_splits(
        old.config,
        replace(splits, train=splits.train.joined(splits.dev)),
        unlabelled=old.unlabelled,
        started=old.started,
        progress=progress,
    )
    return begin(prepared, vectors=vectors, progress=progress)


def learn_again(
    begun: Begun,
    first: Attempt,
    *,
    on_pass: Callable[[Pass], None],
    progress: Progress = SILENT,
) -> Predictor:
    """Trains for as many epochs as were best before; the decision stays as it was.

    Args:
        begun: The model, changed in place.
        first: The training that is done.
        on_pass: Called after every epoch.
        progress: Who listens.

    Returns:
        What answers by the last weights and the first model's decision.

    Raises:
        DivergedError: The loss became huge or not a number.
    """
    prepared, model = begun.prepared, begun.model
    train, config = prepared.splits.train, prepared.config
    fit_blind(
        model,
        train,
        prepared.encoded,
        config,
        epochs=best_epochs(first.epochs, config),
        on_pass=on_pass,
        begin=begun.steps,
        progress=progress,
    )
    if not all(bool(ops.all(ops.isfinite(one))) for one in model.weights):
        raise diverged("got weights that are no numbers after the last step", config)
    give_back(prepared.encoded)
    return Predictor(
        prepared.encoder,
        train.labels,
        engine_of(prepared.spec, model),
        guest_rows(prepared.spec, prepared.encoder, begun.grams),
        decision=first.predictor.decision,
    )


def best_epochs(history: Sequence[Epoch], config: Config) -> list[int]:
    """Returns how many epochs of each stage led to the weights that were kept.

    A stage begins from the best weights before it, so what followed these is no part.
    """
    lengths = []
    for stage in stages(config.embedding, config.training):
        own = [epoch for epoch in history if epoch.embedding_rate == stage.table_rate]
        best = [number for number, epoch in enumerate(own, start=1) if epoch.best]
        lengths.append(max(best, default=0))
    return lengths


def refit_told(first: Attempt) -> str:
    """Says what the model of a second training is, and what dev figures are of."""
    return f"{REFITTED} ({_epochs_told(first)}); dev figures are of the first training"


def _epochs_told(first: Attempt) -> str:
    count = sum(best_epochs(first.epochs, first.begun.prepared.config))
    return f"{count} epoch" if count == 1 else f"{count} epochs"
