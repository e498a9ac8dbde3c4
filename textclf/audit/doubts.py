"""Labels that are likely wrong, by confident learning.

Northcutt, Jiang and Chuang 2021, "Confident Learning: Estimating Uncertainty in Dataset
Labels" (JAIR 70): a label is doubted where a model that did not learn from the text is
at least as sure of another one as it is, on average, of the texts that have that one.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from textclf.audit.linear import Linear
from textclf.evaluation.terms import CHARACTERS, WORDS, Terms
from textclf.progress import SILENT, Progress
from textclf.text.workers import in_order

FOLDS = 5
_MOST_TERMS, _MOST_WEIGHTS = 200_000, 1_500_000
_SEED = 20_261
_LEARNT = 0.2  # of Cohen's kappa, or of Tjur's coefficient, for a model to be heard
_FEW_TEXTS = 2_000  # below which a term seen once counts

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Doubt:
    """A label that a model which did not see the text would not give.

    Attributes:
        row: The text.
        given: The label that is doubted; -1: none of several was missing before.
        likely: The label that is likelier; -1: `given` is only too many.
        sure: The out-of-fold probability of what is likelier.
        margin: By how much that of the given label is lower.
    """

    row: int
    given: int
    likely: int
    sure: float
    margin: float


def probabilities(
    texts: Sequence[str],
    hot: npt.NDArray[np.bool_],
    groups: Ints,
    *,
    characters: bool,
    exclusive: bool,
    progress: Progress = SILENT,
) -> Floats | None:
    """Returns out-of-fold probabilities, float64[n, k]; None where no term counts.

    A logistic regression over TF-IDF weights of words and pairs of words (or of one to
    four characters), in five folds.

    Args:
        texts: The texts.
        hot: bool[n, k], the labels of each.
        groups: int64[n]; the texts of a group are in one fold: copies would tell.
        characters: Whether nothing parts the words.
        exclusive: Whether a text has one label: then the rows sum to 1.
        progress: Hears how far it is.
    """
    from sklearn.feature_extraction.text import TfidfTransformer
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    learnt = Terms.learn(
        texts,
        CHARACTERS if characters else WORDS,
        min_count=1 if len(texts) < _FEW_TEXTS else 2,
        most=min(_MOST_TERMS, _MOST_WEIGHTS // hot.shape[1]),
    )
    if learnt is None:
        return None
    weights = TfidfTransformer(sublinear_tf=True).fit_transform(learnt[1][0])
    folds = _folds(groups)
    found = np.zeros(hot.shape)

    def chances(fold: int) -> Floats:
        held = folds == fold
        model = Linear.learn(weights[~held], hot[~held], exclusive=exclusive)
        return model.chances(weights[held])

    # BLAS on threads of its own would wait for cores that the folds have.
    with (
        progress.task("likely wrong labels", FOLDS) as task,
        threadpool_limits(1, "blas"),
    ):
        for fold, answered in enumerate(in_order(chances, range(FOLDS))):
            found[folds == fold] = answered
            task.advance()
    return found


def doubts(chances: Floats, hot: npt.NDArray[np.bool_]) -> list[Doubt]:
    """Returns the labels to be doubted where a text has one, the clearest first.

    Args:
        chances: Out-of-fold probabilities, float64[n, k].
        hot: bool[n, k], one label a row.
    """
    given = hot.argmax(axis=1)
    own = chances[np.arange(len(given)), given]
    bars = np.array(
        [chances[hot[:, label], label].mean() for label in range(hot.shape[1])]
    )
    sure = np.where(chances >= bars, chances, -1.0)
    likely = sure.argmax(axis=1)
    best = sure[np.arange(len(given)), likely]
    rows = np.flatnonzero((best > own) & (likely != given))
    rows = rows[np.argsort(-(best - own)[rows], kind="stable")]
    return [
        Doubt(row, int(given[row]), int(likely[row]), float(best[row]), float(margin))
        for row, margin in zip(rows.tolist(), (best - own)[rows], strict=True)
    ]


def doubts_of_sets(chances: Floats, hot: npt.NDArray[np.bool_]) -> list[Doubt]:
    """Returns labels that are likely too many or missing where a text may have several.

    Every label is judged by itself, as one of two, where the model learnt it (Tjur
    2009, "Coefficients of Determination in Logistic Regression Models").
    """
    found = []
    for label in range(hot.shape[1]):
        has, chance = hot[:, label], chances[:, label]
        if not has.any() or has.all():
            continue
        if chance[has].mean() - chance[~has].mean() < _LEARNT:
            continue
        missing = ~has & (chance >= max(chance[has].mean(), 0.5))
        extra = has & (1 - chance >= max((1 - chance[~has]).mean(), 0.5))
        for row in np.flatnonzero(missing).tolist():
            p = float(chance[row])
            found.append(Doubt(row, -1, label, p, 2 * p - 1))
        for row in np.flatnonzero(extra).tolist():
            p = float(1 - chance[row])
            found.append(Doubt(row, label, -1, p, 2 * p - 1))
    return sorted(found, key=lambda one: (-one.margin, one.row))


def learnt(chances: Floats, hot: npt.NDArray[np.bool_]) -> tuple[bool, float]:
    """Tells whether a model knows more than how frequent the labels are.

    Returns:
        Whether Cohen's kappa is over 0.2, and the accuracy.
    """
    from sklearn.metrics import cohen_kappa_score

    truth, likely = hot.argmax(axis=1), chances.argmax(axis=1)
    kappa = float(cohen_kappa_score(truth, likely))
    return kappa >= _LEARNT, float((truth == likely).mean())


def _folds(groups: Ints) -> Ints:
    """Returns int64[n]: the fold of each row, the same for all rows of a group."""
    _, members = np.unique(groups, return_inverse=True)
    order = np.random.default_rng(_SEED).permutation(int(members.max(initial=-1)) + 1)
    return np.asarray(order[members] % FOLDS)
