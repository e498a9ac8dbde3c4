"""The loop that learns: stages, epochs, batches."""

import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from textclf.config.embedding import EmbeddingConfig
from textclf.config.schema import Config
from textclf.config.training import TrainingConfig
from textclf.data.dataset import Dataset
from textclf.errors import ArtefactError
from textclf.evaluation.predictions import Predictions
from textclf.evaluation.weighted import weighted_scores
from textclf.progress import SILENT, Progress, Task
from textclf.text.encoded import Encoded
from textclf.training.averaging import Averaged
from textclf.training.batches import KeptBatches
from textclf.training.learner import Learner, diverged
from textclf.training.schedule import Schedule
from textclf.training.steps import Begin, Steps
from textclf.training.stopping import Watch


@dataclass(frozen=True)
class Stage:
    """Epochs that are trained by one optimiser.

    Attributes:
        epochs: How many, at most.
        table_rate: The embedding's share of the learning rate; 0 freezes it.
    """

    epochs: int
    table_rate: float


@dataclass(frozen=True)
class Epoch:
    """What one epoch brought: a line of the history.

    The training figures are means over the epoch, with dropout; the losses are in nats.
    """

    epoch: int
    seconds: float
    train_loss: float
    train_accuracy: float
    dev_loss: float
    dev_accuracy: float
    dev_macro_f1: float
    embedding_rate: float
    best: bool

    def to_json(self) -> dict[str, Any]:
        """Returns the epoch as a mapping."""
        return asdict(self)

    def __str__(self) -> str:
        return self.told()

    def told(self, monitor: str = "dev_loss") -> str:
        """Returns a line for people, which has what `training.monitor` watches."""
        watched = monitor == "dev_macro_f1"
        more = f" macro F1 {self.dev_macro_f1:.4f}" if watched else ""
        mark = "  best" if self.best else ""
        return (
            f"epoch {self.epoch:3d}  train loss {self.train_loss:.4f} "
            f"accuracy {self.train_accuracy:.4f}  dev loss {self.dev_loss:.4f} "
            f"accuracy {self.dev_accuracy:.4f}{more}  {self.seconds:.1f} s{mark}"
        )


@dataclass(frozen=True)
class Pass:
    """What one pass over the texts brought where no dev text is watched.

    The figures are means over the epoch, with dropout; the loss is in nats.
    """

    epoch: int
    seconds: float
    train_loss: float
    train_accuracy: float
    embedding_rate: float

    def __str__(self) -> str:
        return (
            f"epoch {self.epoch:3d}  train loss {self.train_loss:.4f} "
            f"accuracy {self.train_accuracy:.4f}  {self.seconds:.1f} s"
        )


def stages(embedding: EmbeddingConfig, training: TrainingConfig) -> list[Stage]:
    """Returns the stages a configuration asks for."""
    if embedding.train == "frozen":
        return [Stage(training.epochs, 0.0)]
    if embedding.train == "finetune":
        return [Stage(training.epochs, 1.0)]
    frozen = min(embedding.frozen_epochs, training.epochs)
    rest = training.epochs - frozen
    both = [Stage(frozen, 0.0), Stage(rest, embedding.finetune_rate)]
    return [stage for stage in both if stage.epochs > 0]


def fit(
    model: Any,
    dataset: Dataset,
    encoded: Encoded,
    config: Config,
    *,
    predict_dev: Callable[[], Predictions],
    dev: Dataset,
    on_epoch: Callable[[Epoch], None],
    begin: Begin | None = None,
    lengths: np.ndarray | None = None,
    kept: KeptBatches | None = None,
    progress: Progress = SILENT,
) -> list[Epoch]:
    """Trains a model; leaves it with the weights of its best epoch.

    Args:
        model: A built Keras model; changed in place.
        dataset: What is learnt from.
        encoded: Its texts as ids.
        config: The settings.
        predict_dev: Predicts the dev texts with the model as it is.
        dev: What decides about stopping and the best epoch.
        on_epoch: Called after every epoch.
        begin: Gives the step of a stage, with a fresh optimiser; None: `Steps`.
        lengths, kept: See `Learner`.
        progress: Who listens.

    Raises:
        ConfigError: A class weight names a label that does not exist.
        DivergedError: The loss became huge or not a number.
    """
    history, watch = list[Epoch](), _watch(model, config.training)
    begin = begin or Steps(model, config, dataset.labels.task)
    for stage in stages(config.embedding, config.training):
        watch.restart()
        step = begin(stage.table_rate)
        learner = Learner(dataset, encoded, config, step, lengths, kept)
        pace = _Pace(model, learner, config.training, stage)
        for _ in range(stage.epochs):
            number, started = len(history) + 1, time.monotonic()
            with progress.task(f"epoch {number}", len(encoded)) as task:
                loss, accuracy = pace.epoch(number, task)
            seen, best = pace.judged(watch, lambda: _seen(predict_dev, dev, config))
            epoch = Epoch(
                epoch=number,
                seconds=round(time.monotonic() - started, 3),
                train_loss=loss,
                train_accuracy=accuracy,
                embedding_rate=stage.table_rate,
                best=best,
                **seen,
            )
            history.append(epoch)
            on_epoch(epoch)
            if watch.exhausted():
                break
    watch.restore()
    return history


def fit_blind(
    model: Any,
    dataset: Dataset,
    encoded: Encoded,
    config: Config,
    *,
    epochs: Sequence[int],
    on_pass: Callable[[Pass], None],
    begin: Begin,
    progress: Progress = SILENT,
) -> None:
    """Trains a model without dev texts; leaves it with its last weights.

    Rate and averages go as in `fit` over the configured epochs, of which the first are
    trained.

    Args:
        model: A built Keras model; changed in place.
        dataset: What is learnt from.
        encoded: Its texts as ids.
        config: The settings; no schedule that needs dev scores.
        epochs: How many of each stage.
        on_pass: Called after every epoch.
        begin: Gives the step of a stage, with a fresh optimiser.
        progress: Who listens.

    Raises:
        DivergedError: The loss became huge or not a number.
    """
    number, planned = 0, stages(config.embedding, config.training)
    for stage, most in zip(planned, epochs, strict=True):
        if not most:
            continue
        learner = Learner(dataset, encoded, config, begin(stage.table_rate))
        pace = _Pace(model, learner, config.training, stage)
        for _ in range(most):
            number, started = number + 1, time.monotonic()
            with progress.task(f"epoch {number}", len(encoded)) as task:
                loss, accuracy = pace.epoch(number, task)
            seconds = round(time.monotonic() - started, 3)
            on_pass(Pass(number, seconds, loss, accuracy, stage.table_rate))
        pace.keep()


Seen = dict[str, float]
"""Scores of the dev texts by the names that `training.monitor` may have."""


def _watch(model: Any, training: TrainingConfig) -> Watch:
    rising = training.monitor != "dev_loss"
    return Watch(model, patience=training.patience, rising=rising)


class _Pace:
    """Takes the steps of a stage at the rate of its schedule; averages the weights."""

    def __init__(
        self, model: Any, learner: Learner, training: TrainingConfig, stage: Stage
    ) -> None:
        self._learner = learner
        self._rate, self._done = training.learning_rate, 0
        self._monitor = training.monitor
        self._averaged = Averaged(model, training, epochs=stage.epochs)
        self._schedule = Schedule.of(training, epochs=stage.epochs, texts=learner.texts)
        self._turn()

    def epoch(self, number: int, task: Task) -> tuple[float, float]:
        """Learns from every text once; returns the mean loss, in nats, and accuracy."""
        total, right = 0.0, 0
        for learnt in self._learner.learn(number, task):
            total += learnt.nats * learnt.texts
            right += learnt.right
            self._done += 1
            self._turn()
            self._averaged.after_step()
        self._averaged.after_epoch()
        return total / self._learner.texts, right / self._learner.texts

    def judged(
        self, watch: Watch, see: Callable[[], dict[str, float]]
    ) -> tuple[dict[str, float], bool]:
        """Judges the weights that are kept; returns what is seen, and whether best."""
        with self._averaged.in_force():
            seen = see()
            best = watch.see(seen[self._monitor])
        self._schedule.see(improved=best)
        return seen, best

    def keep(self) -> None:
        """Leaves the model with the weights that would be judged."""
        self._averaged.keep()

    def _turn(self) -> None:
        """Sets the rate of the next step."""
        if self._schedule.moves:
            self._learner.step.rate(self._rate * self._schedule.share(self._done))


def _seen(predict: Callable[[], Predictions], dev: Dataset, config: Config) -> Seen:
    """Judges; the last step of an epoch can break weights behind a finite loss."""
    try:
        return watched(predict(), dev)
    except ArtefactError as fault:
        raise diverged(fault.problem, config) from fault


def watched(predictions: Predictions, dev: Dataset) -> Seen:
    """Returns what `training.monitor` may name."""
    scores = weighted_scores(predictions, dev.targets, dev.weights)
    return {
        "dev_loss": scores["log_loss"],
        "dev_accuracy": scores["accuracy"],
        "dev_macro_f1": scores["macro_f1"],
    }
