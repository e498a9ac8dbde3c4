"""Scores: how well predictions agree with the truth, by scikit-learn's metrics."""

from dataclasses import asdict, dataclass
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from textclf.errors import DataError
from textclf.evaluation.predictions import MULTILABEL, Predictions
from textclf.evaluation.tally import Tally

Numbers = npt.NDArray[Any]
_MORE = (
    "balanced_accuracy",
    "mcc",
    "roc_auc",
    "average_precision",
    "brier",
    "ece",
    "answered",
    "answered_accuracy",
)


@dataclass(frozen=True)
class LabelScore:
    """How well one label was found; `support` texts have it, `predicted` got it."""

    precision: float
    recall: float
    f1: float
    support: int
    predicted: int


@dataclass(frozen=True)
class Scores:
    """The scores of n texts.

    Macro and weighted F1 average over the labels that occur in the truth or in the
    predictions, as scikit-learn does by default; the others are in `per_label` with
    zeros. A precision, recall or F1 without cases (0 / 0) is 0. `accuracy` of a
    multi-label task is subset accuracy, `log_loss` its mean over texts and labels, in
    nats. `micro_f1` is None for single-label tasks, where it equals the accuracy.

    `confusion` is a k x k table of counts with the truth in rows, or for a multi-label
    task one [[tn, fp], [fn, tp]] a label.

    `balanced_accuracy` is the mean recall of the labels that occur; `mcc` is Matthews'
    correlation (Gorodkin 2004 for many labels). A multi-label task takes the mean over
    labels of both. `roc_auc` and `average_precision` are of the second label of a
    binary task, else means over labels, each against the rest; None where no label has
    texts with and without it, or there are too many labels to rank. `brier` and `ece`
    are as in `calibration`. `answered` and `answered_accuracy` are None unless the
    model may abstain. Reports of earlier versions lack all of these.
    """

    labels: tuple[str, ...]
    task: str
    n: int
    accuracy: float
    macro_f1: float
    weighted_f1: float
    micro_f1: float | None
    log_loss: float
    per_label: tuple[LabelScore, ...]
    confusion: tuple[Any, ...]
    balanced_accuracy: float | None = None
    mcc: float | None = None
    roc_auc: float | None = None
    average_precision: float | None = None
    brier: float | None = None
    ece: float | None = None
    answered: float | None = None
    answered_accuracy: float | None = None

    def __post_init__(self) -> None:
        k = len(self.labels)
        shape = (k, 2, 2) if self.task == MULTILABEL else (k, k)
        counts = self.counts()
        if len(self.per_label) != k or counts.shape != shape or (counts < 0).any():
            problem = (
                f"got {len(self.per_label)} label scores and confusion counts of shape "
                f"{counts.shape}, expected {k} and {shape}"
            )
            raise DataError(problem)

    def counts(self) -> npt.NDArray[np.int64]:
        """Returns `confusion` as an array int64 [k, k], or [k, 2, 2]."""
        return np.array(self.confusion, dtype=np.int64)

    def to_json(self) -> dict[str, Any]:
        """Returns the scores as what JSON can hold, labels by name."""
        values: dict[str, Any] = {
            "task": self.task,
            "labels": list(self.labels),
            "n": self.n,
            "accuracy": self.accuracy,
            "macro_f1": self.macro_f1,
            "weighted_f1": self.weighted_f1,
        }
        if self.micro_f1 is not None:
            values["micro_f1"] = self.micro_f1
        values["log_loss"] = self.log_loss
        more = {name: getattr(self, name) for name in _MORE}
        values |= {name: value for name, value in more.items() if value is not None}
        rows = zip(self.labels, self.per_label, strict=True)
        values["per_label"] = {name: asdict(row) for name, row in rows}
        values["confusion"] = self._confusion_json()
        return values

    def _confusion_json(self) -> Any:
        if self.task != MULTILABEL:
            return [list(row) for row in self.confusion]
        return {
            name: {"tn": table[0][0], "fp": table[0][1]}
            | {"fn": table[1][0], "tp": table[1][1]}
            for name, table in zip(self.labels, self.confusion, strict=True)
        }

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> Self:
        """Reads what `to_json` wrote.

        Raises:
            KeyError, TypeError, ValueError: Something is missing or of another type.
        """
        labels, confusion = tuple(values["labels"]), values["confusion"]
        if values["task"] == MULTILABEL:
            tables = [confusion[name] for name in labels]
            confusion = [
                [[table["tn"], table["fp"]], [table["fn"], table["tp"]]]
                for table in tables
            ]
        more: dict[str, Any] = {key: values.get(key) for key in _MORE}
        plain = ("task", "n", "accuracy", "macro_f1", "weighted_f1", "log_loss")
        return cls(
            labels=labels,
            micro_f1=values.get("micro_f1"),
            per_label=tuple(LabelScore(**values["per_label"][name]) for name in labels),
            confusion=_frozen(confusion),
            **{key: values[key] for key in plain},
            **more,
        )


def score(predictions: Predictions, targets: npt.ArrayLike) -> Scores:
    """Scores predictions against label ids int[n], or a {0, 1}[n, k] multi-hot.

    Raises:
        DataError: There are no texts, or the targets do not fit the predictions.
    """
    k, n = len(predictions.labels), len(predictions)
    truth = checked_targets(targets, n=n, k=k, task=predictions.task)
    chosen = predictions.chosen()
    averages = agreement(chosen, truth, task=predictions.task)
    once = Tally.of(predictions, truth)(np.ones((n, 1))).measures
    found = {name: float(once[name][0]) for name in _MORE if name in once}
    more: dict[str, Any] = {k: v for k, v in found.items() if not np.isnan(v)}
    return Scores(
        labels=predictions.labels,
        task=predictions.task,
        n=n,
        accuracy=averages["accuracy"],
        macro_f1=averages["macro_f1"],
        weighted_f1=_f1(chosen, truth, average="weighted"),
        micro_f1=averages.get("micro_f1"),
        log_loss=_log_loss(predictions.probabilities, truth),
        per_label=_per_label(chosen, truth, k),
        confusion=_confusion(chosen, truth, k),
        **more,
    )


def agreement(chosen: Numbers, truth: Numbers, *, task: str) -> dict[str, float]:
    """Returns accuracy and macro F1, and for a multi-label task micro F1.

    Takes label ids int[n], or label sets [n, k]; both as `checked_targets` returns.
    """
    from sklearn.metrics import accuracy_score

    values = {
        "accuracy": float(accuracy_score(truth, chosen)),
        "macro_f1": _f1(chosen, truth, average="macro"),
    }
    if task == MULTILABEL:
        values["micro_f1"] = _f1(chosen, truth, average="micro")
    return values


def checked_targets(targets: npt.ArrayLike, *, n: int, k: int, task: str) -> Numbers:
    """Returns the targets of n texts as int64[n] ids or bool[n, k] sets.

    Raises:
        DataError: There are none, their number or shape is another, or one is no label.
    """
    truth, many = np.asarray(targets), task == MULTILABEL
    shape = (n, k) if many else (n,)
    if truth.shape != shape:
        raise DataError(f"got targets of shape {truth.shape}, expected {shape}")
    if not n:
        raise DataError("got no texts to score, expected at least one")
    if truth.dtype.kind not in "iub":
        raise DataError(f"got targets of type {truth.dtype}, expected integers")
    low, high = int(truth.min()), int(truth.max())
    bound = 1 if many else k - 1
    if low < 0 or high > bound:
        raise DataError(f"got targets from {low} to {high}, expected 0 to {bound}")
    return truth.astype(bool if many else np.int64)


def _occurring(chosen: Numbers, truth: Numbers) -> npt.NDArray[np.int64]:
    """Returns the ids of the labels in the truth or in the predictions."""
    if truth.ndim == 2:
        return np.flatnonzero(truth.any(axis=0) | chosen.any(axis=0))
    return np.union1d(truth, chosen)


def _f1(chosen: Numbers, truth: Numbers, *, average: str) -> float:
    from sklearn.metrics import f1_score

    places = _occurring(chosen, truth)
    if not len(places):  # a multi-label task in which nothing is or was predicted
        return 0.0
    value = f1_score(truth, chosen, labels=places, average=average, zero_division=0)
    return float(value)


def _per_label(chosen: Numbers, truth: Numbers, k: int) -> tuple[LabelScore, ...]:
    from sklearn.metrics import precision_recall_fscore_support

    precision, recall, f1, support = precision_recall_fscore_support(
        truth, chosen, labels=np.arange(k), average=None, zero_division=0
    )
    many = truth.ndim == 2
    predicted = chosen.sum(axis=0) if many else np.bincount(chosen, minlength=k)
    columns = [
        column.tolist() for column in (precision, recall, f1, support, predicted)
    ]
    return tuple(LabelScore(*row) for row in zip(*columns, strict=True))


def _confusion(chosen: Numbers, truth: Numbers, k: int) -> tuple[Any, ...]:
    from sklearn.metrics import confusion_matrix, multilabel_confusion_matrix

    if truth.ndim == 2:
        counts = multilabel_confusion_matrix(truth, chosen)
    else:
        counts = confusion_matrix(truth, chosen, labels=np.arange(k))
    return tuple(map(_frozen, counts.tolist()))


def _log_loss(probabilities: Numbers, truth: Numbers) -> float:
    """Returns the mean negative log-likelihood of the truth, in nats."""
    from sklearn.metrics import log_loss

    if truth.ndim == 2:
        return float(log_loss(truth.ravel(), probabilities.ravel(), labels=[0, 1]))
    sums = probabilities.sum(axis=1, keepdims=True)
    places = np.arange(probabilities.shape[1])
    return float(log_loss(truth, probabilities / sums, labels=places))


def _frozen(rows: Any) -> Any:
    return tuple(map(_frozen, rows)) if isinstance(rows, list) else rows
