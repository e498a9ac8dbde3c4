"""The floor: the simple baselines that every trained model is compared with."""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import numpy.typing as npt

from textclf.config.schema import TextConfig
from textclf.data.stored import chosen
from textclf.evaluation.metrics import agreement, checked_targets
from textclf.evaluation.terms import (
    CHARACTERS,
    WORDS,
    WORDS_AND_CHARACTERS,
    Terms,
    beside,
    has_blanks,
)
from textclf.progress import SILENT, Progress

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

# Up to this many training characters the floor uses words and characters, up to the
# second bound words only, above it words of a sample of that many characters. Every
# label is learnt apart, so characters times labels have bounds too.
_BOTH_UP_TO, _BOTH_FITS = 6_000_000, 200_000_000
_WORDS_UP_TO, _WORDS_FITS = 60_000_000, 2_000_000_000
_FEW_TEXTS = 200  # below this a term seen once counts; else it takes twice
_PENALTY = 0.3  # LinearSVC's C
_TOLERANCE = 0.1  # liblinear's own; 1e-4 takes twice as long and scores the same
_MOST_WEIGHTS = 40_000_000  # of the linear model: labels times terms
_BLOCK_TEXTS = 8_192  # scored at once, which bounds memory
_STREAM = 4_100


@dataclass(frozen=True)
class _Linear:
    """A linear support vector machine over TF-IDF weights of one or two families."""

    features: str
    terms: Terms
    weightings: tuple[Any, ...]  # a fitted TfidfTransformer for each family
    machine: Any
    texts: int

    def chosen(self, texts: Sequence[str]) -> npt.NDArray[Any]:
        """Returns the label ids int[n], or the label sets {0, 1}[n, k]."""
        parts = []
        for first in range(0, len(texts), _BLOCK_TEXTS):
            block = texts[first : first + _BLOCK_TEXTS]
            counts = self.terms.count(block)
            parts.append(self.machine.predict(_weighted(self.weightings, counts)))
        return np.concatenate(parts)


@dataclass(frozen=True, eq=False)
class Floor:
    """The majority class and a linear TF-IDF model, trained on the training texts.

    The majority of a multi-label task is the label set that, given to every training
    text, reaches the best micro F1 there: the measure such a task is judged by.

    The linear model weighs words, pairs of words, and characters inside words
    (2-5-grams) by sublinear TF-IDF and separates them with LinearSVC; scripts without
    blanks get characters (1-4-grams) for words. Long training sets get words only,
    still longer ones words of a stratified sample. Strong for its cost: Wang & Manning
    2012, "Baselines and Bigrams", Table 2.
    """

    labels: tuple[str, ...]
    task: str
    common: npt.NDArray[Any]  # the label id int[], or the label set bool[k]
    linear: _Linear | None
    note: str = ""  # why there is no linear model

    @classmethod
    def fit(
        cls,
        texts: Sequence[str],
        targets: npt.ArrayLike,
        labels: tuple[str, ...],
        task: str,
        *,
        seed: int,
        progress: Progress = SILENT,
    ) -> Self:
        """Trains both baselines on int[n] label ids or a {0, 1}[n, k] multi-hot.

        Raises:
            DataError: There are no texts, or texts and targets differ in number.
        """
        truth = checked_targets(targets, n=len(texts), k=len(labels), task=task)
        with progress.task("floor"):
            linear, note = _trained(texts, truth, len(labels), seed=seed)
        return cls(labels, task, _most_common(truth, len(labels)), linear, note)

    @classmethod
    def majority_only(
        cls, targets: npt.ArrayLike, labels: tuple[str, ...], task: str
    ) -> Self:
        """Learns the majority class and trains no linear model.

        Raises:
            DataError: There are no targets, or one is no label.
        """
        n, k = len(np.asarray(targets)), len(labels)
        truth = checked_targets(targets, n=n, k=k, task=task)
        return cls(labels, task, _most_common(truth, k), None, "not trained")

    def describe(self) -> dict[str, Any]:
        """Returns what the baselines are, ready for JSON."""
        label: Any = [self.labels[place] for place in np.flatnonzero(self.common)]
        if self.common.ndim == 0:
            label = self.labels[int(self.common)]
        linear: dict[str, Any] = {"features": "none", "note": self.note}
        if self.linear is not None:
            linear = {"features": self.linear.features}
            linear["terms"] = self.linear.terms.total
            linear["texts"] = self.linear.texts
        return {"majority": {"label": label}, "linear": linear}

    def score(self, texts: Sequence[str], targets: npt.ArrayLike) -> dict[str, Any]:
        """Returns `describe()` with accuracy, macro F1 (and micro F1) of each.

        Where there is no linear model, the majority class answers in its place.

        Raises:
            DataError: There are no texts, or texts and targets differ in number.
        """
        k = len(self.labels)
        truth = checked_targets(targets, n=len(texts), k=k, task=self.task)
        always = np.broadcast_to(self.common, truth.shape)
        chosen = always if self.linear is None else self.linear.chosen(texts)
        scored = self.describe()
        scored["majority"] |= agreement(always, truth, task=self.task)
        scored["linear"] |= agreement(chosen, truth, task=self.task)
        return scored


def _most_common(truth: npt.NDArray[Any], k: int) -> npt.NDArray[Any]:
    if truth.ndim == 2:
        return _best_set(truth)
    return np.asarray(np.bincount(truth, minlength=k).argmax())


def _best_set(truth: npt.NDArray[Any]) -> npt.NDArray[np.bool_]:
    """Returns the label set bool[k] that as a constant answer has the best micro F1.

    Of all sets of m labels that of the m most frequent is the best, so k sets are
    tried; of equals the smallest is taken. It is empty only where no text has a label.
    """
    n, k = truth.shape
    counts = (truth > 0).sum(axis=0)
    order = np.argsort(-counts, kind="stable")
    given = n * np.arange(1, k + 1)
    reached = 2 * np.cumsum(counts[order]) / (given + counts.sum())
    best = np.zeros(k, dtype=bool)
    if counts.any():
        best[order[: reached.argmax() + 1]] = True
    return best


def _trained(
    texts: Sequence[str], truth: npt.NDArray[Any], k: int, *, seed: int
) -> tuple[_Linear | None, str]:
    """Returns the linear model, or None and why there is none."""
    if (truth == truth[0]).all():
        return None, "all training texts have the same label"
    settings, share = _affordable(texts, k)
    if share < 1.0:
        rows = _sampled(truth, share, seed)
        texts, truth = chosen(texts, rows), truth[rows]
    learnt = Terms.learn(
        texts,
        settings,
        min_count=1 if len(texts) < _FEW_TEXTS else 2,
        most=max(1, _MOST_WEIGHTS // (2 * k if settings.char_ngrams else k)),
    )
    if learnt is None:
        return None, "no training text holds a term that counts"
    terms, counts = learnt
    features = terms.features
    if share < 1.0:
        features += f" of {len(texts):,} sampled texts"
    return _separated(terms, counts, truth, features=features, seed=seed), ""


def _separated(
    terms: Terms,
    counts: list["csr_matrix"],
    truth: npt.NDArray[Any],
    *,
    features: str,
    seed: int,
) -> _Linear:
    from sklearn.feature_extraction.text import TfidfTransformer
    from sklearn.multiclass import OneVsRestClassifier
    from sklearn.svm import LinearSVC

    unfitted = [TfidfTransformer(sublinear_tf=True) for _ in counts]
    weightings = tuple(map(TfidfTransformer.fit, unfitted, counts))
    balance = "balanced" if truth.ndim == 2 else None
    machine = LinearSVC(
        C=_PENALTY, tol=_TOLERANCE, class_weight=balance, random_state=seed
    )
    machine = OneVsRestClassifier(machine) if truth.ndim == 2 else machine
    with warnings.catch_warnings():
        # A label that no text or every text has, and a fit that stops early, make a
        # weaker floor and no fault.
        warnings.simplefilter("ignore")
        machine.fit(_weighted(weightings, counts), truth.astype(np.int64))
    return _Linear(features, terms, weightings, machine, len(truth))


def _affordable(texts: Sequence[str], k: int) -> tuple[TextConfig, float]:
    """Returns the terms for texts of this size, and the share of texts to use."""
    characters = sum(map(len, texts))
    fits = characters * (1 if k == 2 else k)
    if not has_blanks(texts):
        share = min(_BOTH_UP_TO / max(characters, 1), _BOTH_FITS / max(fits, 1))
        return CHARACTERS, min(1.0, share)
    if characters <= _BOTH_UP_TO and fits <= _BOTH_FITS:
        return WORDS_AND_CHARACTERS, 1.0
    return WORDS, min(1.0, _WORDS_UP_TO / characters, _WORDS_FITS / fits)


def _sampled(truth: npt.NDArray[Any], share: float, seed: int) -> npt.NDArray[np.int64]:
    """Draws `share` of the texts of every label or label set, at least one of each."""
    _, groups = np.unique(truth, axis=0, return_inverse=True)
    shuffled = np.random.default_rng([seed, _STREAM]).permutation(len(truth))
    order = shuffled[np.argsort(groups[shuffled], kind="stable")]
    sizes = np.bincount(groups)
    places = np.arange(len(order)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    wanted = np.repeat(np.maximum(1, np.floor(share * sizes)), sizes)
    return np.sort(order[places < wanted])


def _weighted(weightings: Sequence[Any], counts: Sequence["csr_matrix"]) -> Any:
    pairs = zip(weightings, counts, strict=True)
    return beside([weighting.transform(block) for weighting, block in pairs])
