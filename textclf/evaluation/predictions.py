"""Predictions: what a model says about texts, and how sure it is."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from textclf.errors import ArtefactError, DataError, one_of
from textclf.evaluation.decision import NEUTRAL, Decision

BINARY, MULTICLASS, MULTILABEL = "binary", "multiclass", "multilabel"
TASKS = (BINARY, MULTICLASS, MULTILABEL)
THRESHOLD = 0.5  # a label of a multi-label task is chosen from this probability on
FLAGS = ("empty", "truncated", "unknown", "built")
_MARKS = ("empty", "truncated")
_SUM_TOLERANCE = 1e-6

Floats = npt.NDArray[np.float64]
Marks = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False, repr=False)
class Predictions:
    """The probabilities of n texts over k labels, and what a reader should know.

    `probabilities` is float64 [n, k]: rows sum to 1 for a binary (k = 2) or multiclass
    task and are independent for a multi-label one. `empty` and `truncated` are bool
    [n]; `unknown` is float64 [n], the share of units the vocabulary lacks (0 if empty),
    and `built` the share that got vectors of n-grams all the same. `decision` is how
    the probabilities, which are tempered already, become answers.

    Raises:
        DataError: The parts do not fit together, or a value is out of its range.
    """

    labels: tuple[str, ...]
    task: str
    probabilities: Floats
    empty: Marks
    truncated: Marks
    unknown: Floats
    built: Floats
    decision: Decision = NEUTRAL

    def __post_init__(self) -> None:
        for name in ("probabilities", *FLAGS):
            kind = bool if name in _MARKS else float
            column = np.asarray(getattr(self, name), dtype=kind).view()
            column.flags.writeable = False
            object.__setattr__(self, name, column)
        check_labels(self.labels, self.task)
        self.decision.check(self.task, len(self.labels))
        self._check_shapes()
        self._check_values()

    def _check_shapes(self) -> None:
        shape, k = self.probabilities.shape, len(self.labels)
        if len(shape) != 2 or shape[1] != k:
            problem = f"got probabilities of shape {shape}, expected [texts, {k}]"
            raise DataError(problem)
        for name in FLAGS:
            got = getattr(self, name).shape
            if got != shape[:1]:
                raise DataError(f"got `{name}` of shape {got}, expected {shape[:1]}")

    def _check_values(self) -> None:
        for name in ("probabilities", "unknown", "built"):
            column = getattr(self, name)
            # Written so that a NaN fails too.
            good = (column >= -_SUM_TOLERANCE) & (column <= 1 + _SUM_TOLERANCE)
            if not good.all():
                worst = float(column[~good][0])
                raise DataError(f"got {worst} in `{name}`, expected 0 to 1")
        if self.task != MULTILABEL:
            sums = self.probabilities.sum(axis=1)
            if not np.allclose(sums, 1.0, rtol=0.0, atol=_SUM_TOLERANCE):
                worst = float(sums[np.abs(sums - 1.0).argmax()])
                raise DataError(f"got probabilities that sum to {worst}, expected 1")

    def __len__(self) -> int:
        return len(self.probabilities)

    def __repr__(self) -> str:
        k = len(self.labels)
        return f"{type(self).__name__}({len(self):,} texts, {k} labels, {self.task})"

    def _repr_html_(self) -> str:
        from textclf.evaluation.answers_display import predictions_html

        return predictions_html(self.records(), n=len(self))

    def chosen(self) -> npt.NDArray[Any]:
        """Returns the id of each text's label int64[n], or the label sets bool[n, k].

        It is the likeliest label, of equals the first; a binary task with a threshold
        takes the second label from there on. A label set may be empty. A text that the
        model abstains from has the answer it would have had.
        """
        thresholds = np.array(self.decision.thresholds)
        if self.task == MULTILABEL:
            return self.probabilities >= (thresholds if thresholds.size else THRESHOLD)
        if thresholds.size:
            return (self.probabilities[:, 1] >= thresholds).astype(np.int64)
        return np.asarray(self.probabilities.argmax(axis=1))

    def confidence(self) -> Floats:
        """Returns float64[n]: the probability that the whole answer is right.

        Of a label set it is that of each label being right or rightly left out, if they
        were independent of each other.
        """
        picked = self.chosen()
        if self.task == MULTILABEL:
            likely = np.where(picked, self.probabilities, 1.0 - self.probabilities)
            return np.asarray(likely.prod(axis=1))
        return self.probabilities[np.arange(len(self)), picked]

    @property
    def abstained(self) -> Marks:
        """bool[n]: which texts the model would rather not answer."""
        least = self.decision.abstain
        if least is None:
            return np.zeros(len(self), dtype=bool)
        return self.confidence() < least

    def records(self) -> Iterator[dict[str, Any]]:
        """Yields a dict a text: label, probability, probabilities, flags.

        In a multi-label task `label` and `probability` are lists, in label order. A
        model that may abstain says in `abstained` whether it does.
        """
        columns = (self.chosen(), self.probabilities, self.abstained, *self._flags())
        abstains = self.decision.abstain is not None
        for picked, row, silent, *flags in zip(*columns, strict=True):
            values = row.tolist()
            places = np.flatnonzero(picked) if picked.ndim else [int(picked)]
            label: Any = [self.labels[place] for place in places]
            probability: Any = [values[place] for place in places]
            if self.task != MULTILABEL:
                (label,), (probability,) = label, probability
            record = {
                "label": label,
                "probability": probability,
                "probabilities": dict(zip(self.labels, values, strict=True)),
            }
            if abstains:
                record["abstained"] = bool(silent)
            empty, truncated, unknown, built = flags
            yield record | {
                "flags": {
                    "empty": bool(empty),
                    "truncated": bool(truncated),
                    "unknown": float(unknown),
                    "built": float(built),
                },
            }

    def _flags(self) -> tuple[npt.NDArray[Any], ...]:
        return self.empty, self.truncated, self.unknown, self.built


def check_labels(labels: tuple[str, ...], task: str) -> None:
    """Checks that the labels are distinct and as many as the task needs.

    Raises:
        DataError: They are not, or there is no such task.
    """
    if task not in TASKS:
        raise DataError(f"got task {task!r}, expected one of {one_of(TASKS)}")
    k, wanted = len(labels), "2" if task == BINARY else "2 or more"
    if k < 2 or (task == BINARY and k != 2):
        raise DataError(f"got {k} labels for a {task} task, expected {wanted}")
    if len(set(labels)) != k:
        raise DataError("got a label twice, expected distinct labels")


def concatenate(parts: Sequence[Predictions]) -> Predictions:
    """Joins predictions of one model, in order.

    Raises:
        DataError: There are none, or their labels, tasks or decisions differ.
    """
    if not parts:
        raise DataError("got no predictions to join, expected at least one")
    first = parts[0]
    if any(_kind(part) != _kind(first) for part in parts):
        raise DataError("got predictions of different labels or tasks, expected equal")
    joined: dict[str, Any] = {
        name: np.concatenate([getattr(part, name) for part in parts])
        for name in ("probabilities", *FLAGS)
    }
    return replace(first, **joined)


def _kind(part: Predictions) -> tuple[tuple[str, ...], str, Decision]:
    return part.labels, part.task, part.decision


def probabilities_from_logits(logits: npt.ArrayLike, task: str) -> Floats:
    """Turns a model's raw outputs [n, o] into probabilities float64 [n, k].

    A binary task has o = 1 and k = 2 (sigmoid, then the rest before it); a multiclass
    task takes the softmax of a row, a multi-label task the sigmoid of each number.

    Raises:
        ArtefactError: An output is not finite.
        DataError: The shape does not fit the task.
    """
    numbers = np.asarray(logits, dtype=np.float64)
    if task not in TASKS:
        raise DataError(f"got task {task!r}, expected one of {one_of(TASKS)}")
    outputs = numbers.shape[1] if numbers.ndim == 2 else 0
    if outputs < 1 or (task == BINARY and outputs != 1):
        wanted = "[texts, 1]" if task == BINARY else "[texts, labels]"
        raise DataError(f"got outputs of shape {numbers.shape}, expected {wanted}")
    if not np.isfinite(numbers).all():
        problem = "got outputs of the model that are not finite, expected numbers"
        raise ArtefactError(problem, fix="train it again, with a smaller learning_rate")
    if task == MULTICLASS:
        powers = np.exp(numbers - numbers.max(axis=1, keepdims=True))
        return np.asarray(powers / powers.sum(axis=1, keepdims=True))
    if task == BINARY:
        # Not 1 - p, which would round a small probability to 0.
        numbers = np.concatenate([-numbers, numbers], axis=1)
    return np.asarray(np.exp(-np.logaddexp(0.0, -numbers)))
