"""The loop that learns: stages, epochs, batches."""

import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from textclf.backend import Step
from textclf.config.embedding import EmbeddingConfig
from textclf.config.schema import Config, TrainingConfig
from textclf.data.dataset import Dataset
from textclf.errors import ArtefactError, DivergedError
from textclf.evaluation.metrics import score
from textclf.evaluation.predictions import Predictions
from textclf.evaluation.weighted import weighted_scores
from textclf.progress import SILENT, Progress, Task
from textclf.text.encoded import Encoded
from textclf.text.padding import pad
from textclf.training.batches import ahead, shuffled
from textclf.training.steps import Begin, Steps
from textclf.training.stopping import Watch
from textclf.training.targets import target_matrix, weight_matrix

_HOPELESS_LOSS = 1e8
"""Nats that neither weighting nor penalty brings the loss of a sound model to."""


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
        mark = "  best" if self.best else ""
        return (
            f"epoch {self.epoch:3d}  train loss {self.train_loss:.4f} "
            f"accuracy {self.train_accuracy:.4f}  dev loss {self.dev_loss:.4f} "
            f"accuracy {self.dev_accuracy:.4f}  {self.seconds:.1f} s{mark}"
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
        lengths: int64[n], what batches are made alike by; None: the ids of each text.
        progress: Who listens.

    Raises:
        ConfigError: A class weight names a label that does not exist.
        DivergedError: The loss became huge or not a number.
    """
    training, history = config.training, list[Epoch]()
    rising = training.monitor != "dev_loss"
    watch = Watch(model, patience=training.patience, rising=rising)
    begin = begin or Steps(model, config, dataset.labels.task)
    for stage in stages(config.embedding, training):
        watch.restart()
        step = begin(stage.table_rate)
        learner = _Learner(dataset, encoded, config, step, lengths)
        for _ in range(stage.epochs):
            number, started = len(history) + 1, time.monotonic()
            with progress.task(f"epoch {number}", len(encoded)) as task:
                loss, accuracy = learner.learn(number, task)
            seen = _seen(_finite(predict_dev, config), dev)
            epoch = Epoch(
                epoch=number,
                seconds=round(time.monotonic() - started, 3),
                train_loss=loss,
                train_accuracy=accuracy,
                embedding_rate=stage.table_rate,
                best=watch.see(seen[training.monitor]),
                **seen,
            )
            history.append(epoch)
            on_epoch(epoch)
            if watch.exhausted():
                break
    watch.restore()
    return history


def _finite(predict: Callable[[], Predictions], config: Config) -> Predictions:
    """Predicts; the last step of an epoch can break weights behind a finite loss."""
    try:
        return predict()
    except ArtefactError as fault:
        raise _diverged(fault.problem, config) from fault


def _diverged(problem: str, config: Config) -> DivergedError:
    return DivergedError(
        problem,
        where="training.learning_rate",
        fix=f"set it lower than {config.training.learning_rate:g}",
    )


def _seen(predictions: Predictions, dev: Dataset) -> dict[str, float]:
    """Returns what `training.monitor` may name."""
    if dev.weights is not None:
        weighted = weighted_scores(predictions, dev.targets, dev.weights)
        return {
            "dev_loss": weighted["log_loss"],
            "dev_accuracy": weighted["accuracy"],
            "dev_macro_f1": weighted["macro_f1"],
        }
    scores = score(predictions, dev.targets)
    return {
        "dev_loss": scores.log_loss,
        "dev_accuracy": scores.accuracy,
        "dev_macro_f1": scores.macro_f1,
    }


class _Learner:
    """Learns epochs of one stage with one optimiser."""

    def __init__(
        self,
        dataset: Dataset,
        encoded: Encoded,
        config: Config,
        step: Step,
        lengths: np.ndarray | None,
    ) -> None:
        self._lengths = encoded.lengths if lengths is None else lengths
        self._encoded, self._config, self._step = encoded, config, step
        self._task = dataset.labels.task
        self._targets = target_matrix(dataset)
        self._weights = weight_matrix(dataset, config.training.class_weight)

    def learn(self, epoch: int, task: Task) -> tuple[float, float]:
        """Learns from every text once; returns the mean loss and the accuracy."""
        total, right, texts = 0.0, 0, len(self._encoded)
        order = shuffled(
            self._lengths,
            size=self._config.training.batch_size,
            seed=self._config.seed,
            epoch=epoch,
        )
        with closing(ahead(self._batch, order)) as batches:
            for number, (rows, batch) in enumerate(batches, start=1):
                loss, logits = self._step.learn(batch)
                if not loss < _HOPELESS_LOSS:  # nor is NaN
                    place = f"step {number} of epoch {epoch}"
                    raise _diverged(f"got a loss of {loss:g} in {place}", self._config)
                total += loss * len(rows)
                right += self._right(logits, self._targets[rows])
                task.advance(len(rows))
        return total / texts, right / texts

    def _batch(self, rows: np.ndarray) -> tuple[np.ndarray, Any]:
        ids = pad(self._encoded, rows)
        return rows, self._step.prepare(ids, self._targets[rows], self._weights[rows])

    def _right(self, logits: np.ndarray, targets: np.ndarray) -> int:
        """Counts the texts whose whole answer is right."""
        if self._task == "multiclass":
            return int((logits.argmax(axis=1) == targets.argmax(axis=1)).sum())
        return int(((logits > 0) == (targets > 0.5)).all(axis=1).sum())
