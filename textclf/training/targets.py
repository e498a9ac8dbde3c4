"""What a model is asked for, and what each text counts at each of its outputs."""

from collections.abc import Mapping

import numpy as np

from textclf.data.dataset import Dataset
from textclf.errors import ConfigError, nearest, one_of


def target_matrix(dataset: Dataset) -> np.ndarray:
    """Returns float32[n, outputs]: one column for binary, one a label otherwise."""
    targets, labels = dataset.targets, dataset.labels
    if labels.task == "binary":
        return targets[:, None].astype(np.float32)
    if labels.task == "multilabel":
        return targets.astype(np.float32)
    return np.eye(len(labels.names), dtype=np.float32)[targets]


def weight_matrix(
    dataset: Dataset, class_weight: str | Mapping[str, float] | None
) -> np.ndarray:
    """Returns float32[n, outputs]: what each example counts at each output.

    A text's own weight, if texts have such, is multiplied by that of its class. With
    `balanced`, every class adds up to the same weight; for multi-label, the texts with
    a label add up to those without it; such weights average 1 at each output.

    Raises:
        ConfigError: A named label does not exist, or every weight is zero.
    """
    of_class = _of_class(dataset, class_weight)
    return of_class if dataset.weights is None else of_class * dataset.weights[:, None]


def _of_class(
    dataset: Dataset, class_weight: str | Mapping[str, float] | None
) -> np.ndarray:
    targets = target_matrix(dataset)
    if class_weight is None:
        return np.broadcast_to(np.float32(1), targets.shape)
    if isinstance(class_weight, str):
        return _balanced(dataset, targets)
    return _by_name(dataset, targets, class_weight)


def _balanced(dataset: Dataset, targets: np.ndarray) -> np.ndarray:
    if dataset.labels.task == "multilabel":
        share = targets.mean(axis=0)
        # A label that all or no texts have weighs 1: there is nothing to balance.
        share = np.where((share > 0) & (share < 1), share, 0.5)
        return np.where(targets > 0, 0.5 / share, 0.5 / (1 - share)).astype(np.float32)
    counts = np.bincount(dataset.targets, minlength=len(dataset.labels.names))
    a_class = len(targets) / (np.count_nonzero(counts) * np.maximum(counts, 1))
    return _spread(a_class[dataset.targets], targets)


def _by_name(
    dataset: Dataset, targets: np.ndarray, class_weight: Mapping[str, float]
) -> np.ndarray:
    names = dataset.labels.names
    for name in class_weight:
        if name not in names:
            near = nearest(name, names)
            raise ConfigError(
                f"got the label {name!r}, the training data have {one_of(names)}",
                where="training.class_weight",
                fix=f"did you mean {near!r}?" if near else None,
            )
    weights = np.array([class_weight.get(name, 1.0) for name in names])
    if not weights.any():
        raise ConfigError("got only zeros", where="training.class_weight")
    if dataset.labels.task == "multilabel":
        return np.where(targets > 0, weights, 1.0).astype(np.float32)
    return _spread(weights[dataset.targets], targets)


def _spread(weights: np.ndarray, targets: np.ndarray) -> np.ndarray:
    return np.broadcast_to(weights[:, None].astype(np.float32), targets.shape)
