"""A logistic regression of many labels at once, over sparse weights of terms.

scikit-learn learns several labels of a text one after the other, which takes minutes
where this takes seconds: one product of the matrix serves all labels.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

_PENALTY = 0.25  # on half the sum of squares, beside the sum of the losses
_STEPS = 30

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Linear:
    """Weights of terms for labels.

    Attributes:
        weights: float64[terms, k].
        biases: float64[k].
        exclusive: Whether a text has exactly one label.
    """

    weights: Floats
    biases: Floats
    exclusive: bool

    @classmethod
    def learn(
        cls, terms: "csr_matrix", hot: npt.NDArray[np.bool_], *, exclusive: bool
    ) -> Self:
        """Minimises the log loss by L-BFGS, with a penalty on the weights.

        Args:
            terms: float64 [n, terms].
            hot: bool[n, k], the labels of each text.
            exclusive: Whether a text has exactly one label.
        """
        from scipy.optimize import minimize

        two = exclusive and hot.shape[1] == 2  # one is what the other is not
        truth = hot[:, 1:] if two else hot
        size = (terms.shape[1], truth.shape[1])
        across = terms.T.tocsr()

        def loss(flat: Floats) -> tuple[float, Floats]:
            weights, biases = flat[: -size[1]].reshape(size), flat[-size[1] :]
            scores = terms @ weights + biases
            chances, lost = _judged(scores, truth, exclusive=exclusive and not two)
            wrong = chances - truth
            slopes = across @ wrong + _PENALTY * weights
            total = lost + _PENALTY / 2 * float((weights**2).sum())
            return total, np.concatenate([slopes.ravel(), wrong.sum(axis=0)])

        start = np.zeros(size[0] * size[1] + size[1])
        found = minimize(
            loss, start, jac=True, method="L-BFGS-B", options={"maxiter": _STEPS}
        ).x
        return cls(found[: -size[1]].reshape(size), found[-size[1] :], exclusive)

    def chances(self, terms: "csr_matrix") -> Floats:
        """Returns the probability of each label, float64[n, k]."""
        scores = terms @ self.weights + self.biases
        if self.exclusive and scores.shape[1] == 1:
            one = _sigmoid(scores)
            return np.hstack([1 - one, one])
        return _softmax(scores) if self.exclusive else _sigmoid(scores)


def _judged(
    scores: Floats, truth: npt.NDArray[np.bool_], *, exclusive: bool
) -> tuple[Floats, float]:
    """Returns the probabilities of scores and the sum of their losses."""
    if exclusive:
        top = scores.max(axis=1, keepdims=True)
        sums = np.log(np.exp(scores - top).sum(axis=1)) + top[:, 0]
        return _softmax(scores), float(sums.sum() - scores[truth].sum())
    lost = np.logaddexp(0, np.where(truth, -scores, scores))
    return _sigmoid(scores), float(lost.sum())


def _softmax(scores: Floats) -> Floats:
    raised = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True))


def _sigmoid(scores: Floats) -> Floats:
    from scipy.special import expit

    return np.asarray(expit(scores))
