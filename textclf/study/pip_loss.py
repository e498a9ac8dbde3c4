"""PIP loss: which dimensions a corpus itself suggests, before anything is trained.

Yin and Shen 2018, "On the Dimensionality of Word Embedding": an embedding U D^alpha of
a signal matrix is compared, through its matrix of inner products, with the one that a
matrix without noise would give. Few dimensions lose signal, many take up noise. The
answer depends on the matrix and on alpha so much that it is a band, never a verdict.
"""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from textclf.config.schema import TextConfig
from textclf.errors import DataError
from textclf.text.encoded import Encoded
from textclf.text.encoder import TextEncoder
from textclf.text.vocabulary import RESERVED

ALPHAS = (0.25, 0.5, 0.75, 1.0)
WINDOW = 5
WORDS, SEED = 2000, 7
_NEAR_BEST = 1.05
_STREAM = 55


@dataclass(frozen=True, eq=False)
class PipLoss:
    """The losses of one matrix and one exponent.

    Attributes:
        matrix: `ppmi` or `log_count`.
        alpha: The exponent of the singular values; 0.5 is near skip-gram.
        losses: float64[n], of 1 to n dimensions.
    """

    matrix: str
    alpha: float
    losses: np.ndarray

    @property
    def best(self) -> int:
        """The dimension of the least loss."""
        return int(self.losses.argmin()) + 1

    @property
    def band(self) -> tuple[int, int]:
        """The least and the greatest dimension within 5 % of the least loss."""
        near = np.flatnonzero(self.losses <= _NEAR_BEST * self.losses.min()) + 1
        return int(near[0]), int(near[-1])

    @property
    def cost_of_all(self) -> float:
        """The least loss over that of all dimensions: near 1, too many do no harm."""
        return float(self.losses.min() / self.losses[-1])

    def to_json(self) -> dict[str, Any]:
        """Returns the numbers without the curve."""
        low, high = self.band
        return {
            "matrix": self.matrix,
            "alpha": self.alpha,
            "best": self.best,
            "low": low,
            "high": high,
            "best_over_all": round(self.cost_of_all, 4),
        }


@dataclass(frozen=True)
class Corpus:
    """What was looked at.

    Attributes:
        texts: How many.
        words: Of the vocabulary that was looked at.
        running: Running words of them.
    """

    texts: int
    words: int
    running: int

    def to_json(self) -> dict[str, Any]:
        """Returns the numbers as a mapping."""
        return asdict(self)


def pip_losses(
    texts: Sequence[str],
    settings: TextConfig,
    *,
    words: int = WORDS,
    seed: int = SEED,
    alphas: Sequence[float] = ALPHAS,
) -> tuple[Corpus, tuple[PipLoss, ...]]:
    """Computes the losses of both matrices for every exponent.

    Args:
        texts: The training texts, and nothing else.
        settings: How they are cut; n-grams are left out.
        words: The most frequent ones that count.
        seed: Of the halves and of the noise.
        alphas: Exponents.

    Raises:
        DataError: The texts have too few words.
    """
    plain = settings.model_copy(
        update={
            "vocabulary_size": words + len(RESERVED),
            "ngrams": 1,
            "char_ngrams": None,
            "distinct": False,
        }
    )
    encoder, encoded = TextEncoder.fit_encode(texts, plain)
    size = len(encoder.vocabulary) - len(RESERVED)
    if size < 10 or len(texts) < 2:
        raise DataError(f"got {len(texts):,} texts with {size:,} words, expected more")
    rng = np.random.default_rng([seed, _STREAM])
    side = rng.permutation(len(texts)) % 2 == 0
    halves = [_counts(encoded, size, chosen=chosen) for chosen in (side, ~side)]
    losses = [
        PipLoss(name, alpha, curve)
        for name, form in _MATRICES.items()
        for alpha, curve in zip(alphas, _curves(halves, form, alphas, rng), strict=True)
    ]
    running = int((encoded.ids >= len(RESERVED)).sum())
    return Corpus(len(texts), size, running), tuple(losses)


def _curves(
    halves: Sequence[np.ndarray],
    form: Callable[[np.ndarray], np.ndarray],
    alphas: Sequence[float],
    rng: np.random.Generator,
) -> list[np.ndarray]:
    matrix = form(halves[0] + halves[1])
    noise = float(np.std(form(halves[0]) - form(halves[1]))) / 2
    values = np.linalg.svd(matrix, compute_uv=False)
    # What noise alone adds to the singular values (the paper's section 5.1).
    spectrum = np.maximum(values - 2 * noise * np.sqrt(len(matrix)), 0.0)
    left, disturbed = _disturbed(spectrum, noise, rng)
    return [_losses(spectrum, left, disturbed, alpha=alpha) for alpha in alphas]


def _disturbed(
    spectrum: np.ndarray, noise: float, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Returns the left singular vectors and the values of the matrix with noise.

    The matrix without noise is taken to be diagonal: any other one with the same
    spectrum is a rotation of it, and noise looks the same from every side.
    """
    n = len(spectrum)
    noisy = np.diag(spectrum) + noise * rng.standard_normal((n, n))
    left, values, _ = np.linalg.svd(noisy)
    return left, values


def _losses(
    spectrum: np.ndarray, left: np.ndarray, disturbed: np.ndarray, *, alpha: float
) -> np.ndarray:
    """Returns ||E_k E_k' − E E'|| (equation 2) for k of 1 to n.

    It is summed up from inner products of singular vectors, so that one decomposition
    serves every k.
    """
    true, found = _power(spectrum, 2 * alpha), _power(disturbed, 2 * alpha)
    shared = found * (true @ left**2)
    squares = (true**2).sum() + np.cumsum(found**2) - 2 * np.cumsum(shared)
    return np.sqrt(np.maximum(squares, 0.0))


def _power(values: np.ndarray, exponent: float) -> np.ndarray:
    """Returns powers in which nothing stays nothing."""
    return np.where(values > 0, np.maximum(values, 1e-300) ** exponent, 0.0)


def _counts(encoded: Encoded, size: int, *, chosen: np.ndarray) -> np.ndarray:
    """Returns float64[size, size]: how often words stand within the window."""
    text = np.repeat(np.arange(len(encoded)), encoded.lengths)
    inside = chosen[text]
    ids, text = encoded.ids[inside].astype(np.int64) - len(RESERVED), text[inside]
    total = np.zeros(size * size)
    for distance in range(1, WINDOW + 1):
        first, second = ids[:-distance], ids[distance:]
        near = (first >= 0) & (second >= 0) & (text[:-distance] == text[distance:])
        keys = first[near] * size + second[near]
        total += np.bincount(keys, minlength=size * size)
    table = total.reshape(size, size)
    return table + table.T


def _ppmi(counts: np.ndarray) -> np.ndarray:
    """Positive pointwise mutual information (Levy and Goldberg 2014, section 3)."""
    total, each = counts.sum(), counts.sum(axis=1)
    expected = np.outer(each, each) / max(total, 1.0)
    ratio = np.where(counts > 0, counts / np.where(expected > 0, expected, 1.0), 1.0)
    return np.maximum(np.log(ratio), 0.0)


_MATRICES: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "ppmi": _ppmi,
    "log_count": np.log1p,
}
