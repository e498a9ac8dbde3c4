"""Every measure of a report, for many samples of the same texts at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from textclf.evaluation.calibration import BINS, brier_terms, calibration_gaps
from textclf.evaluation.coverage import rightness
from textclf.evaluation.predictions import MULTILABEL, Floats, Predictions
from textclf.evaluation.ranking import Ranking, rankings

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

_LEAST = float(np.finfo(np.float64).eps)
_RANKED = 5_000_000  # most texts times labels that are ranked


@dataclass(frozen=True, eq=False)
class Measured:
    """The measures of some samples.

    Attributes:
        measures: float64[samples] by name; NaN where a sample has no such value.
        per_label: float64[k, samples] of precision, recall and f1.
    """

    measures: Mapping[str, Floats]
    per_label: Mapping[str, Floats]


@dataclass(frozen=True, eq=False)
class Tally:
    """What n texts add to each measure.

    All but the rankings are functions of sums over texts, so a sample is a column of
    how often each text is in it, and all samples are one product with a sparse matrix.

    Attributes:
        k: The number of labels.
        many: Whether the task is multi-label.
        abstains: Whether some texts may go without an answer.
        rows: The matrix: terms of the sums in rows, texts in columns.
        ranked: The ranking of each label.
    """

    k: int
    many: bool
    abstains: bool
    rows: "csr_matrix"
    ranked: Sequence[Ranking]

    @classmethod
    def of(cls, predictions: Predictions, truth: npt.NDArray[Any]) -> "Tally":
        """Takes predictions and targets as `checked_targets` returns them.

        Args:
            predictions: Of n texts.
            truth: Their label ids int64[n], or sets bool[n, k].
        """
        from scipy.sparse import csr_matrix, vstack

        k, task = len(predictions.labels), predictions.task
        right = rightness(predictions, truth)
        answered = ~predictions.abstained
        loss, brier = losses(predictions, truth), brier_terms(predictions, truth)
        terms = [right, loss, brier, answered, answered & right]
        dense = np.column_stack([*terms, calibration_gaps(predictions, truth)])
        sets = [_sets(ids, k) for ids in (truth, predictions.chosen())]
        both = sets[0].multiply(sets[1])
        blocks = [csr_matrix(dense.T), *(part.T for part in (*sets, both))]
        affordable = predictions.probabilities.size <= _RANKED
        return cls(
            k,
            task == MULTILABEL,
            predictions.decision.abstain is not None,
            vstack(blocks, format="csr"),
            rankings(predictions, truth.astype(np.int64)) if affordable else (),
        )

    def __call__(self, times: Floats) -> Measured:
        """Measures samples of float64[n, samples], how often a text is in each."""
        sums, n = self.rows @ times, times.sum(axis=0)
        right, loss, brier, answered, good = sums[:5]
        gaps, counts = sums[5 : 5 + BINS], sums[5 + BINS :]
        support, chosen, found = np.split(counts, 3)
        per_label = _label_scores(support, chosen, found)
        measures = {"accuracy": right / n}
        measures |= self._agreement(support, chosen, found, right, n, per_label)
        measures |= {
            "log_loss": loss / n,
            "brier": brier / n,
            "ece": np.abs(gaps).sum(axis=0) / n,
        }
        if self.ranked:
            areas = [ranking(times) for ranking in self.ranked]
            for place, name in enumerate(("roc_auc", "average_precision")):
                measures[name] = _mean(np.array([area[place] for area in areas]))
        if self.abstains:
            measures["answered"] = answered / n
            measures["answered_accuracy"] = _ratio(good, answered)
        return Measured(measures, per_label)

    def texts(self) -> tuple[dict[str, float], dict[str, Floats]]:
        """Returns how many texts each share of texts is of, and float64[k] of labels.

        A mean over labels rests on as many as its rarest labels allow.
        """
        sums = np.asarray(self.rows.sum(axis=1)).ravel()
        n, answered = float(self.rows.shape[1]), float(sums[3])
        support, chosen, found = np.split(sums[5 + BINS :], 3)
        either = support + chosen - found
        shares = dict.fromkeys(("accuracy", "micro_f1", "weighted_f1", "answered"), n)
        shares["answered_accuracy"] = answered
        shares["balanced_accuracy"] = min(n, _evenly(support))
        shares["macro_f1"] = min(n, _evenly(either))
        return shares, {"precision": chosen, "recall": support, "f1": either}

    def _agreement(
        self,
        support: Floats,
        chosen: Floats,
        found: Floats,
        right: Floats,
        n: Floats,
        per_label: Mapping[str, Floats],
    ) -> dict[str, Floats]:
        """Returns what depends on the counts of each label only, all [k, samples]."""
        cases, f1 = support + chosen, per_label["f1"]
        occurring = np.maximum((cases > 0).sum(axis=0), 1)
        weighted = (f1 * support).sum(axis=0) / np.maximum(support.sum(axis=0), 1.0)
        values = {"macro_f1": f1.sum(axis=0) / occurring, "weighted_f1": weighted}
        if not self.many:
            values["balanced_accuracy"] = _mean(_ratio(found, support))
            values["mcc"] = _multiclass_mcc(support, chosen, right, n)
            return values
        all_cases = np.maximum(cases.sum(axis=0), 1.0)
        values["micro_f1"] = 2.0 * found.sum(axis=0) / all_cases
        lacking = n - support
        spared = lacking - (chosen - found)
        both = (_ratio(found, support) + _ratio(spared, lacking)) / 2.0
        values["balanced_accuracy"] = _mean(both)
        decided = (support > 0) & (lacking > 0)
        values["mcc"] = _mean(
            np.where(decided, _mcc(support, chosen, found, n), np.nan)
        )
        return values


def losses(predictions: Predictions, truth: npt.NDArray[Any]) -> Floats:
    """Returns float64[n], the negative log-likelihood of each text in nats.

    Of a multi-label text it is the mean over the labels. Probabilities are kept from 0
    as scikit-learn does.
    """
    likely = predictions.probabilities
    if predictions.task == MULTILABEL:
        own = np.clip(np.where(truth, likely, 1.0 - likely), _LEAST, 1.0 - _LEAST)
        return np.asarray(-np.log(own).mean(axis=1))
    own = likely[np.arange(len(truth)), truth] / likely.sum(axis=1)
    return np.asarray(-np.log(np.clip(own, _LEAST, 1.0 - _LEAST)))


def _sets(ids: npt.NDArray[Any], k: int) -> "csr_matrix":
    """Returns label ids or sets as {0, 1}[n, k]."""
    from scipy.sparse import csr_matrix

    if ids.ndim == 2:
        return csr_matrix(ids, dtype=np.float64)
    ends = np.arange(len(ids) + 1)
    return csr_matrix((np.ones(len(ids)), ids, ends), shape=(len(ids), k))


def _label_scores(support: Floats, chosen: Floats, found: Floats) -> dict[str, Floats]:
    """Returns precision, recall and F1; 0 / 0 is 0."""
    return {
        "precision": found / np.maximum(chosen, 1.0),
        "recall": found / np.maximum(support, 1.0),
        "f1": 2.0 * found / np.maximum(support + chosen, 1.0),
    }


def _multiclass_mcc(
    support: Floats, chosen: Floats, right: Floats, n: Floats
) -> Floats:
    """Gorodkin 2004; 0 where all texts have, or got, one label."""
    covariance = right * n - (support * chosen).sum(axis=0)
    true_spread = n * n - (support * support).sum(axis=0)
    spread = true_spread * (n * n - (chosen * chosen).sum(axis=0))
    return covariance / np.sqrt(np.maximum(spread, 1.0))


def _mcc(support: Floats, chosen: Floats, found: Floats, n: Floats) -> Floats:
    covariance = found * n - support * chosen
    spread = support * (n - support) * chosen * (n - chosen)
    return covariance / np.sqrt(np.maximum(spread, 1.0))


def _evenly(counts: Floats) -> float:
    """Returns of how many texts a share varies as the mean of shares of these does."""
    known = counts[counts > 0]
    return len(known) ** 2 / float((1.0 / known).sum()) if len(known) else 0.0


def _ratio(part: Floats, whole: Floats) -> Floats:
    """Divides; NaN where there is nothing to divide by."""
    return np.where(whole > 0, part / np.maximum(whole, 1.0), np.nan)


def _mean(rows: Floats) -> Floats:
    """Returns the mean over rows without the NaN; NaN where there is nothing else."""
    known = ~np.isnan(rows)
    return _ratio(np.where(known, rows, 0.0).sum(axis=0), known.sum(axis=0))
