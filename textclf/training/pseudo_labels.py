"""Which texts without labels are learnt from, and under which labels."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from textclf.config.self_training import SelfTrainingConfig
from textclf.data.copies import keys_of
from textclf.data.dataset import Dataset
from textclf.data.stored import chosen
from textclf.predictor import Predictor
from textclf.progress import SILENT, Progress

_AT_ONCE = 8192


@dataclass(frozen=True, eq=False)
class PseudoLabelled:
    """Texts with the labels that a model gave them.

    Attributes:
        taken: Those that are learnt from, at their weight.
        sure: How many have a label that reaches the threshold.
        asked: How many texts the model was asked about.
    """

    taken: Dataset
    sure: int
    asked: int


def fresh_texts(unlabelled: Sequence[str], train: Sequence[str]) -> Sequence[str]:
    """Returns the texts that are no copies of training texts, nor of each other."""
    keys = keys_of(unlabelled)
    rows = np.sort(np.unique(keys, return_index=True)[1])
    return chosen(unlabelled, rows[~np.isin(keys[rows], keys_of(train))])


def pseudo_labelled(
    predictor: Predictor,
    texts: Sequence[str],
    train: Dataset,
    settings: SelfTrainingConfig,
    *,
    progress: Progress = SILENT,
) -> PseudoLabelled:
    """Labels texts and takes the surest; see `surest`.

    Args:
        predictor: A model that gives a text one label.
        texts: Texts without labels.
        train: The labelled texts, whose labels' shares are kept.
        settings: How sure is sure, and what a taken text counts.
        progress: Who listens.
    """
    targets, confidence = _answers(predictor, texts, progress)
    counts = np.bincount(train.targets, minlength=len(train.labels))
    rows = surest(
        targets,
        confidence,
        threshold=settings.threshold,
        shares=counts / counts.sum(),
    )
    taken = Dataset(
        chosen(texts, rows),
        targets[rows],
        train.labels,
        np.full(len(rows), settings.weight, dtype=np.float32),
    )
    sure = int((confidence >= settings.threshold).sum())
    return PseudoLabelled(taken, sure, len(texts))


def surest(
    targets: NDArray[np.int32],
    confidence: NDArray[np.float64],
    *,
    threshold: float,
    shares: NDArray[np.float64],
) -> NDArray[np.int64]:
    """Returns the rows that are taken, in their order.

    Of the rows that reach the threshold, each label takes its surest, at most m times
    its share, so that labels the model likes to give do not swallow the others. m is as
    large as it can be while half of the labels (of two labels: both) still fill what
    they may take; the others take all they have.

    Args:
        targets: int32[n], the label of each row.
        confidence: float64[n], its probability.
        threshold: What it must reach.
        shares: float64[k], the share of each label among the labelled texts.
    """
    order = np.argsort(-confidence, kind="stable")
    order = order[confidence[order] >= threshold]
    sure = np.bincount(targets[order], minlength=len(shares))
    most = _most(sure, shares)
    kept = [order[targets[order] == label][:n] for label, n in enumerate(most.tolist())]
    return np.sort(np.concatenate(kept))


def _most(sure: NDArray[np.int64], shares: NDArray[np.float64]) -> NDArray[np.int64]:
    """Returns int64[k], how many rows each label may take."""
    known = shares > 0
    ratios = np.sort(sure[known] / shares[known])
    middle = ratios[(len(ratios) - 1) // 2]
    return np.rint(middle * shares).astype(np.int64)


def _answers(
    predictor: Predictor, texts: Sequence[str], progress: Progress
) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
    """Returns the likeliest label of each text, and its probability.

    A text in which the model knows nothing has the probability 0: its answer is that of
    no text at all.
    """
    targets = np.empty(len(texts), dtype=np.int32)
    confidence = np.empty(len(texts), dtype=np.float64)
    with progress.task("labelling", len(texts)) as task:
        for start in range(0, len(texts), _AT_ONCE):
            part = slice(start, start + _AT_ONCE)
            got = predictor.predict(texts[part])
            targets[part] = got.probabilities.argmax(axis=1)
            blind = got.empty | (got.unknown >= 1)
            confidence[part] = np.where(blind, 0.0, got.probabilities.max(axis=1))
            task.advance(len(got))
    return targets, confidence
