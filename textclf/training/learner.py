"""Batches in their order, and what learning from each of them brings."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass

import numpy as np

from textclf.backend import Step
from textclf.config.schema import Config
from textclf.data.dataset import Dataset
from textclf.errors import DivergedError
from textclf.progress import Task
from textclf.text.encoded import Encoded
from textclf.text.padding import pad
from textclf.training.batches import KeptBatches, ahead, shuffled
from textclf.training.loss import cross_entropy
from textclf.training.targets import target_matrix, weight_matrix

_HOPELESS_LOSS = 1e8
"""Nats that neither weighting nor penalty brings the loss of a sound model to."""


@dataclass(frozen=True)
class Learnt:
    """What one step brought.

    Attributes:
        texts: How many it learnt from.
        loss: What it made smaller.
        nats: The cross-entropy of the same answers: the loss itself if that is one.
        right: How many answers were right.
    """

    texts: int
    loss: float
    nats: float
    right: int


class Learner:
    """Learns epochs of one stage with one optimiser.

    Args:
        dataset: What is learnt from.
        encoded: Its texts as ids.
        config: The settings.
        step: The compiled step.
        lengths: int64[n], what batches are made alike by; None: the ids of each text.
        kept: Batches of other trainings from the same texts, in the same order.
    """

    def __init__(
        self,
        dataset: Dataset,
        encoded: Encoded,
        config: Config,
        step: Step,
        lengths: np.ndarray | None = None,
        kept: KeptBatches | None = None,
    ) -> None:
        self._kept = kept or KeptBatches()
        self._lengths = encoded.lengths if lengths is None else lengths
        self._encoded, self._config, self.step = encoded, config, step
        self._task = dataset.labels.task
        self._entropy = cross_entropy(self._task, smoothing=0.0)
        self._targets = target_matrix(dataset)
        self._weights = weight_matrix(dataset, config.training.class_weight)
        self.texts = len(encoded)

    def steps(self, epoch: int) -> Iterator[Learnt]:
        """Learns from every text once, batch by batch."""
        made = self._kept.of(epoch, lambda: self._made(epoch))
        with closing(made) as batches:
            for rows, batch in batches:
                loss, logits = self.step.learn(batch)
                nats = self._nats(loss, logits, rows)
                right = self._right(logits, self._targets[rows])
                yield Learnt(len(rows), loss, nats, right)

    def _made(self, epoch: int) -> Iterator[tuple[np.ndarray, object]]:
        order = shuffled(
            self._lengths,
            size=self._config.training.batch_size,
            seed=self._config.seed,
            epoch=epoch,
        )
        with closing(ahead(self._batch, order)) as batches:
            yield from batches

    def learn(self, epoch: int, task: Task) -> Iterator[Learnt]:
        """Learns from every text once, and tells how far it is.

        Raises:
            DivergedError: The loss became huge or not a number.
        """
        for number, learnt in enumerate(self.steps(epoch), start=1):
            if not learnt.loss < _HOPELESS_LOSS:  # nor is NaN
                place = f"step {number} of epoch {epoch}"
                raise diverged(
                    f"got a loss of {learnt.loss:g} in {place}", self._config
                )
            task.advance(learnt.texts)
            yield learnt

    def _batch(self, rows: np.ndarray) -> tuple[np.ndarray, object]:
        ids = pad(self._encoded, rows)
        return rows, self.step.prepare(ids, self._targets[rows], self._weights[rows])

    def _nats(self, loss: float, logits: np.ndarray, rows: np.ndarray) -> float:
        if self._config.training.loss == "cross_entropy":
            return loss
        weights = np.asarray(self._weights[rows])
        return float(self._entropy(self._targets[rows], logits, weights))

    def _right(self, logits: np.ndarray, targets: np.ndarray) -> int:
        """Counts the texts whose whole answer is right."""
        if self._task == "multiclass":
            return int((logits.argmax(axis=1) == targets.argmax(axis=1)).sum())
        return int(((logits > 0) == (targets > 0.5)).all(axis=1).sum())


def diverged(problem: str, config: Config) -> DivergedError:
    """Returns the error of a training whose loss became useless."""
    return DivergedError(
        problem,
        where="training.learning_rate",
        fix=f"set it lower than {config.training.learning_rate:g}",
    )
