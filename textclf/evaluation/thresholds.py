"""Thresholds: the probability from which on a label is chosen."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from textclf.evaluation.predictions import THRESHOLD, Floats

_Counts = npt.NDArray[np.float64]
_Measure = Callable[[_Counts, _Counts, _Counts, _Counts], Floats]

_RESAMPLES = 25
_STREAM = 4_300
_EDGE = 1e-6  # how near to 0 or 1 a threshold counts for a mean


@dataclass(frozen=True, eq=False)
class Cuts:
    """All places at which a column of probabilities can be cut in two.

    Attributes:
        thresholds: float64[cuts], falling; each lies in the middle between two values.
        found: float64[cuts, samples], the positives that are at least as probable, in
            each sample of the texts.
        chosen: float64[cuts, samples], the texts that are.
        positives: float64[samples], all positives.
        texts: float64[samples], all texts.
    """

    thresholds: Floats
    found: _Counts
    chosen: _Counts
    positives: _Counts
    texts: _Counts

    @classmethod
    def of(
        cls,
        probabilities: Floats,
        truth: npt.NDArray[np.bool_],
        times: npt.NDArray[Any] | None = None,
    ) -> "Cuts":
        """Sorts n ≥ 1 probabilities and counts; the last cut chooses every text.

        Args:
            probabilities: float64[n].
            truth: bool[n].
            times: [n, samples], how often a text is in each sample; None: once in one.
        """
        times = np.ones((len(truth), 1)) if times is None else times
        order = np.argsort(-probabilities, kind="stable")
        falling, counted = probabilities[order], times[order].astype(np.float64)
        # A cut between two equal numbers is none.
        ends = np.flatnonzero(np.append(falling[1:] < falling[:-1], True))
        hits = np.cumsum(counted * truth[order, None], axis=0)[ends]
        chosen = np.cumsum(counted, axis=0)[ends]
        below = np.append(falling, 0.0)[ends + 1]
        middles = (falling[ends] + below) / 2.0
        # Of two neighbouring floats the middle may round to the lower one.
        middles = np.where(middles > below, middles, falling[ends])
        return cls(middles, hits, chosen, hits[-1], chosen[-1])

    def best(self, metric: str) -> Floats:
        """Returns the best threshold in each sample; of equals the nearest to 0.5."""
        values = MEASURES[metric](self.found, self.chosen, self.positives, self.texts)
        near = np.abs(self.thresholds - THRESHOLD)[:, None]
        equal = values >= values.max(axis=0) - 1e-12
        return self.thresholds[np.where(equal, near, np.inf).argmin(axis=0)]


def label_thresholds(
    probabilities: Floats,
    truth: npt.NDArray[np.bool_],
    *,
    metric: str,
    min_texts: int,
    seed: int,
) -> tuple[float, ...]:
    """Returns a threshold for each label of a multi-label task.

    A few texts decide little, and their best threshold is mostly luck: labels that
    fewer than `min_texts` texts have, or lack, get the one threshold that is best for
    all labels together; where all labels together have fewer, it is 0.5.

    Args:
        probabilities: float64[n, k].
        truth: bool[n, k].
        metric: A name of `MEASURES`.
        min_texts: Texts with and without a label that its own threshold takes.
        seed: Draws the samples of `steady`.
    """
    having = truth.sum(axis=0)
    rare = np.minimum(having, len(truth) - having) < min_texts
    shared = THRESHOLD
    if rare.any() and having.sum() >= min_texts:
        shared = float(Cuts.of(probabilities.ravel(), truth.ravel()).best(metric)[0])
    times = _drawn(len(truth), seed)
    columns = zip(probabilities.T, truth.T, rare, strict=True)
    return tuple(
        shared if few else steady(Cuts.of(column, own, times), metric)
        for column, own, few in columns
    )


def binary_threshold(
    probabilities: Floats, truth: npt.NDArray[np.bool_], *, metric: str, seed: int
) -> float:
    """Returns the threshold of the second label of two.

    Args:
        probabilities: float64[n] of the second label.
        truth: bool[n], whether it is the right one.
        metric: A name of `MEASURES`; `f1` is macro F1 of both labels.
        seed: Draws the samples of `steady`.
    """
    chosen_for = "macro_f1" if metric == "f1" else metric
    times = _drawn(len(truth), seed)
    return steady(Cuts.of(probabilities, truth, times), chosen_for)


def steady(cuts: Cuts, metric: str) -> float:
    """Returns the mean of the best thresholds of all samples, as log-odds.

    The single best threshold of the texts at hand fits their noise; the mean over
    samples drawn from them does less (bagging, Breiman 1996).
    """
    best = np.clip(cuts.best(metric), _EDGE, 1.0 - _EDGE)
    odds = np.log(best / (1.0 - best)).mean()
    return float(1.0 / (1.0 + np.exp(-odds)))


def _drawn(n: int, seed: int) -> npt.NDArray[np.int64]:
    """Returns [n, samples]: how often each text is in each sample with replacement."""
    generator = np.random.default_rng([seed, _STREAM])
    rows = generator.integers(0, n, (_RESAMPLES, n))
    return np.stack([np.bincount(sample, minlength=n) for sample in rows], axis=1)


def _ratio(part: Floats, whole: Floats) -> Floats:
    return part / np.maximum(whole, 1e-12)


def _f1(found: _Counts, chosen: _Counts, positives: _Counts, texts: _Counts) -> Floats:
    return _ratio(2.0 * found, chosen + positives)


def _macro_f1(
    found: _Counts, chosen: _Counts, positives: _Counts, texts: _Counts
) -> Floats:
    left = texts - chosen
    missed = positives - found
    other = _f1(left - missed, left, texts - positives, texts)
    return (_f1(found, chosen, positives, texts) + other) / 2.0


def _balanced(
    found: _Counts, chosen: _Counts, positives: _Counts, texts: _Counts
) -> Floats:
    negatives = texts - positives
    wrong = chosen - found
    return (_ratio(found, positives) + _ratio(negatives - wrong, negatives)) / 2.0


def _mcc(found: _Counts, chosen: _Counts, positives: _Counts, texts: _Counts) -> Floats:
    covariance = found * texts - chosen * positives
    spread = chosen * (texts - chosen) * positives * (texts - positives)
    return covariance / np.sqrt(np.maximum(spread, 1.0))


MEASURES: dict[str, _Measure] = {
    "f1": _f1,
    "macro_f1": _macro_f1,
    "balanced_accuracy": _balanced,
    "mcc": _mcc,
}
"""What a cut is worth: of found, chosen, positives and texts."""
