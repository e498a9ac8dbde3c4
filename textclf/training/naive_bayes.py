"""An embedding that begins with what counting the training labels tells."""

import math
from dataclasses import dataclass

import numpy as np

from textclf.text.encoded import Encoded, spans

_SMOOTHING = 1.0  # added to every count, as in Wang and Manning 2012
_CALIBRATED_ON = 5_000  # texts; the weight of the ratios is one number
_MOST_RATIOS = 20_000_000  # held at once while the weight is found
_FIRST_WEIGHT = 0.1  # where the search begins
_TOGETHER = 100.0  # a weight is 1 / sqrt(2 * this) = 0.07 off their mean, before texts
_STREAM = 31
_ID_BITS = 32


@dataclass(frozen=True, eq=False)
class NaiveBayes:
    """Log-count ratios of the rows of an encoder, ready to be summed over a text.

    Attributes:
        table: float32[rows, outputs], weight times ratio; 0 for padding and for rows
            that no training text has.
        bias: float32[outputs], log odds of each output before a text is read (log
            shares for multiclass).
        weights: float64[families], what the ratios of each family are multiplied by.
        shares: float32[rows, outputs], the root of the size of each ratio, times the
            weight of its family beside the highest: a share of the learning rate, so
            that a row that tells little learns little by heart.
    """

    table: np.ndarray
    bias: np.ndarray
    weights: np.ndarray
    shares: np.ndarray


def naive_bayes(
    encoded: Encoded,
    targets: np.ndarray,
    *,
    families: tuple[int, ...],
    task: str,
    seed: int,
    length_norm: bool = False,
    text_weights: np.ndarray | None = None,
) -> NaiveBayes:
    """Counts rows under each output against all else, one output versus the rest.

    The ratio of row r at output c is `log (p_rc / |p_c|) - log (q_rc / |q_c|)`, where p
    and q count the texts with and without c that have r, plus one (Wang and Manning
    2012, section 2.1), within a family of rows. Naive Bayes is too sure of itself
    because n-grams overlap, those of characters more than those of words: the ratios of
    each family are multiplied by a weight. Together the weights make the loss on the
    training texts least when each text is taken out of the counts it is judged by; a
    normal prior keeps them together where few texts tell them apart. A text of weight w
    counts as w texts (EM-lambda in Nigam et al. 2000).

    Args:
        encoded: The training texts; ids of a text are distinct, or count as often as
            they stand in it.
        targets: float32[n, outputs] of 0 and 1.
        families: Rows of the encoder, family after family.
        task: `binary`, `multiclass` or `multilabel`.
        seed: Draws the texts the weight is found on.
        length_norm: Whether sums are divided by the root of the number of ids; weights
            may then be as high as this root is in a text of mean length, where 1 is the
            most otherwise.
        text_weights: float32[n], what each text counts; None: all alike.
    """
    rows, family = sum(families), _family_of_rows(families)
    with_it = _counts(encoded, targets, rows, text_weights)
    total = _total(encoded, rows, text_weights)
    without = total[:, None] - with_it
    shifts = _shifts(with_it, without, families)
    bias = _prior(targets, task, text_weights)
    texts = _sample(encoded, len(bias), np.random.default_rng([seed, _STREAM]))
    own = None if text_weights is None else text_weights[texts]
    sums = _left_out_sums(
        encoded, targets, texts, with_it, without, family, shifts, own
    )
    most = 1.0
    if length_norm:
        sums = sums / np.sqrt(np.maximum(encoded.lengths[texts], 1))[:, None]
        most = math.sqrt(max(len(encoded.ids) / len(encoded), 1.0))
    weights = _best_weights(sums, targets[texts], bias, task, most, own)
    ratios = _log_odds(with_it, without) - shifts[family]
    ratios[total == 0] = 0.0
    shares = np.sqrt(np.abs(ratios)) * _beside_highest(weights)[family, None]
    ratios *= weights.astype(np.float32)[family, None]
    return NaiveBayes(ratios, bias, weights, shares)


def _family_of_rows(families: tuple[int, ...]) -> np.ndarray:
    """Returns intp[rows], the number of the family of each row."""
    return np.repeat(np.arange(len(families)), families)


def _beside_highest(weights: np.ndarray) -> np.ndarray:
    """Returns float32[families], from 0 to 1; ones if no family is worth anything."""
    highest = weights.max()
    shares = weights / highest if highest > 0 else np.ones_like(weights)
    return shares.astype(np.float32)


def _counts(
    encoded: Encoded,
    targets: np.ndarray,
    rows: int,
    text_weights: np.ndarray | None = None,
) -> np.ndarray:
    """Returns float32[rows, outputs]: how often each row stands under each output."""
    counts = np.empty((rows, targets.shape[1]), dtype=np.float32)
    for output in range(targets.shape[1]):
        texts = np.flatnonzero(targets[:, output])
        lengths = encoded.lengths[texts]
        ids = encoded.ids[spans(encoded.offsets[texts], lengths)]
        each = None if text_weights is None else np.repeat(text_weights[texts], lengths)
        counts[:, output] = np.bincount(ids, each, minlength=rows)
    return counts


def _total(
    encoded: Encoded, rows: int, text_weights: np.ndarray | None = None
) -> np.ndarray:
    """Returns float32[rows]: how often each row stands in all texts."""
    each = None if text_weights is None else np.repeat(text_weights, encoded.lengths)
    return np.bincount(encoded.ids, each, minlength=rows).astype(np.float32)


def _log_odds(with_it: np.ndarray, without: np.ndarray) -> np.ndarray:
    odds = np.log(with_it + np.float32(_SMOOTHING))
    odds -= np.log(without + np.float32(_SMOOTHING), dtype=np.float32)
    return odds


def _shifts(
    with_it: np.ndarray, without: np.ndarray, families: tuple[int, ...]
) -> np.ndarray:
    """Returns float32[families, outputs], the log ratio of the smoothed totals."""
    shifts, ends = [], np.cumsum(families)[:-1]
    for p, q in zip(np.split(with_it, ends), np.split(without, ends), strict=True):
        present = int((p[:, 0] + q[:, 0] > 0).sum())
        extra = _SMOOTHING * max(present, 1)
        totals = [counts.sum(axis=0, dtype=np.float64) + extra for counts in (p, q)]
        shifts.append(np.log(totals[0] / totals[1]))
    return np.stack(shifts).astype(np.float32)


def _prior(
    targets: np.ndarray, task: str, text_weights: np.ndarray | None = None
) -> np.ndarray:
    each = np.ones(len(targets)) if text_weights is None else text_weights
    counts = each.astype(np.float64) @ targets + _SMOOTHING
    if task == "multiclass":
        return np.log(counts / counts.sum()).astype(np.float32)
    rest = each.sum(dtype=np.float64) + 2 * _SMOOTHING - counts
    return np.log(counts / rest).astype(np.float32)


def _sample(encoded: Encoded, outputs: int, rng: np.random.Generator) -> np.ndarray:
    mean = max(len(encoded.ids) / max(len(encoded), 1), 1.0)
    most = int(_MOST_RATIOS / (mean * outputs))
    size = min(len(encoded), _CALIBRATED_ON, max(most, 1))
    return np.sort(rng.choice(len(encoded), size=size, replace=False))


def _left_out_sums(
    encoded: Encoded,
    targets: np.ndarray,
    texts: np.ndarray,
    with_it: np.ndarray,
    without: np.ndarray,
    family: np.ndarray,
    shifts: np.ndarray,
    own_weights: np.ndarray | None = None,
) -> np.ndarray:
    """Returns float64[families, texts, outputs]: sums of ratios without the text.

    The shifts stay those of all texts.
    """
    lengths = encoded.lengths[texts]
    ids = encoded.ids[spans(encoded.offsets[texts], lengths)]
    text = np.repeat(np.arange(len(texts)), lengths)
    often = _often(text, ids)[:, None]
    if own_weights is not None:
        often *= own_weights[text, None]
    own = np.repeat(targets[texts], lengths, axis=0)
    ratios = _log_odds(with_it[ids] - often * own, without[ids] - often * (1 - own))
    ratios -= shifts[family[ids]]
    place = family[ids] * len(texts) + text
    size = len(shifts) * len(texts)
    columns = [np.bincount(place, column, size) for column in ratios.T]
    return np.stack(columns, axis=1).reshape(len(shifts), len(texts), -1)


def _often(text: np.ndarray, ids: np.ndarray) -> np.ndarray:
    """Returns float32[total], how often each id stands in its text."""
    keys = text << _ID_BITS | ids
    if (np.diff(keys) > 0).all():
        return np.ones(len(keys), dtype=np.float32)
    _, places, counts = np.unique(keys, return_inverse=True, return_counts=True)
    return counts[places].astype(np.float32)


def _best_weights(
    sums: np.ndarray,
    targets: np.ndarray,
    bias: np.ndarray,
    task: str,
    most: float,
    own_weights: np.ndarray | None = None,
) -> np.ndarray:
    """Returns float64[families] from 0 to `most`, the likeliest; convex."""
    from scipy.optimize import minimize
    from scipy.special import expit, logsumexp, softmax

    counts = np.ones(len(targets)) if own_weights is None else own_weights
    worth = counts.astype(np.float64)[:, None]

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        logits = np.tensordot(weights, sums, axes=1) + bias
        if task == "multiclass":
            losses = logsumexp(logits, axis=1) - (targets * logits).sum(axis=1)
            losses, slopes = losses[:, None], softmax(logits, axis=1) - targets
        else:
            losses = np.logaddexp(0.0, logits) - targets * logits
            slopes = expit(logits) - targets
        apart = weights - weights.mean()
        total = (worth * losses).sum() + _TOGETHER * apart @ apart
        slope = np.tensordot(sums, worth * slopes, axes=2) + 2 * _TOGETHER * apart
        return total / losses.size, slope / losses.size

    start = np.full(len(sums), _FIRST_WEIGHT)
    bounds = [(0.0, most)] * len(sums)
    found = minimize(loss, start, jac=True, bounds=bounds, method="L-BFGS-B")
    best: np.ndarray = found.x
    return best
