"""An embedding that begins with what counting the training labels tells."""

from dataclasses import dataclass

import numpy as np

from textclf.text.encoded import Encoded, spans

_SMOOTHING = 1.0  # added to every count, as in Wang and Manning 2012
_CALIBRATED_ON = 5_000  # texts; the weight of the ratios is one number
_MOST_RATIOS = 20_000_000  # held at once while the weight is found
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
        weight: What the ratios are multiplied by.
        shares: float32[rows, outputs], the root of the size of each ratio: a share
            of the learning rate, so that a row that tells little learns little
            by heart.
    """

    table: np.ndarray
    bias: np.ndarray
    weight: float
    shares: np.ndarray


def naive_bayes(
    encoded: Encoded, targets: np.ndarray, *, rows: int, task: str, seed: int
) -> NaiveBayes:
    """Counts rows under each output against all else, one output versus the rest.

    The ratio of row r at output c is `log (p_rc / |p_c|) - log (q_rc / |q_c|)`, where p
    and q count the texts with and without c that have r, plus one (Wang and Manning
    2012, section 2.1). Naive Bayes is too sure of itself because n-grams overlap: all
    ratios are multiplied by the one weight that makes the loss on the training texts
    least when each text is taken out of the counts it is judged by.

    Args:
        encoded: The training texts; ids of a text are distinct, or count as often as
            they stand in it.
        targets: float32[n, outputs] of 0 and 1.
        rows: Rows of the encoder.
        task: `binary`, `multiclass` or `multilabel`.
        seed: Draws the texts the weight is found on.
    """
    with_it = _counts(encoded, targets, rows)
    total = np.bincount(encoded.ids, minlength=rows).astype(np.float32)
    without = total[:, None] - with_it
    present = with_it[:, 0] + without[:, 0] > 0
    shift = _shift(with_it[present], without[present])
    bias = _prior(targets, task)
    texts = _sample(encoded, len(bias), np.random.default_rng([seed, _STREAM]))
    sums = _left_out_sums(encoded, targets, texts, with_it, without, shift)
    weight = _best_weight(sums, targets[texts], bias, task)
    ratios = _log_odds(with_it, without) - shift
    ratios[~present] = 0.0
    table = np.float32(weight) * ratios
    return NaiveBayes(table, bias, weight, np.sqrt(np.abs(ratios)))


def _counts(encoded: Encoded, targets: np.ndarray, rows: int) -> np.ndarray:
    """Returns float32[rows, outputs]: how often each row stands under each output."""
    counts = np.empty((rows, targets.shape[1]), dtype=np.float32)
    for output in range(targets.shape[1]):
        texts = np.flatnonzero(targets[:, output])
        ids = encoded.ids[spans(encoded.offsets[texts], encoded.lengths[texts])]
        counts[:, output] = np.bincount(ids, minlength=rows)
    return counts


def _log_odds(with_it: np.ndarray, without: np.ndarray) -> np.ndarray:
    odds = np.log(with_it + np.float32(_SMOOTHING))
    odds -= np.log(without + np.float32(_SMOOTHING), dtype=np.float32)
    return odds


def _shift(with_it: np.ndarray, without: np.ndarray) -> np.ndarray:
    """Returns float32[outputs], the log ratio of the smoothed totals."""
    extra = _SMOOTHING * max(len(with_it), 1)
    totals = [counts.sum(axis=0, dtype=np.float64) for counts in (with_it, without)]
    return np.log((totals[0] + extra) / (totals[1] + extra)).astype(np.float32)


def _prior(targets: np.ndarray, task: str) -> np.ndarray:
    counts = targets.sum(axis=0, dtype=np.float64) + _SMOOTHING
    if task == "multiclass":
        return np.log(counts / counts.sum()).astype(np.float32)
    return np.log(counts / (len(targets) + 2 * _SMOOTHING - counts)).astype(np.float32)


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
    shift: np.ndarray,
) -> np.ndarray:
    """Returns float64[texts, outputs]: sums of ratios that do not count the text.

    The shift stays that of all texts.
    """
    lengths = encoded.lengths[texts]
    ids = encoded.ids[spans(encoded.offsets[texts], lengths)]
    text = np.repeat(np.arange(len(texts)), lengths)
    often = _often(text, ids)[:, None]
    own = np.repeat(targets[texts], lengths, axis=0)
    ratios = _log_odds(with_it[ids] - often * own, without[ids] - often * (1 - own))
    ratios -= shift
    columns = [np.bincount(text, column, len(texts)) for column in ratios.T]
    return np.stack(columns, axis=1)


def _often(text: np.ndarray, ids: np.ndarray) -> np.ndarray:
    """Returns float32[total], how often each id stands in its text."""
    keys = text << _ID_BITS | ids
    if (np.diff(keys) > 0).all():
        return np.ones(len(keys), dtype=np.float32)
    _, places, counts = np.unique(keys, return_inverse=True, return_counts=True)
    return counts[places].astype(np.float32)


def _best_weight(
    sums: np.ndarray, targets: np.ndarray, bias: np.ndarray, task: str
) -> float:
    """Returns the weight from 0 to 1 with the least cross-entropy."""
    from scipy.optimize import minimize_scalar
    from scipy.special import logsumexp

    def loss(weight: float) -> float:
        logits = weight * sums + bias
        if task == "multiclass":
            losses = logsumexp(logits, axis=1) - (targets * logits).sum(axis=1)
        else:
            losses = np.logaddexp(0.0, logits) - targets * logits
        return float(losses.mean())

    return float(minimize_scalar(loss, bounds=(0.0, 1.0), method="bounded").x)
