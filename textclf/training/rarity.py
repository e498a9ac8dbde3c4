"""Rates of rows by how rare they are: descent on TF-IDF features, without the features.

A linear model of features `w x` with weights `v` moves by `-rate * w * gradient`, where
the gradient is that of the product `w v`. So the rows of a table, which hold the
product, move as that model does when plain gradient descent takes `w` squared of its
rate for each of them. What TF-IDF (Spärck Jones 1972) does to a linear model is then
done by rates: rare rows move further for the same mistake, and nothing else changes.
"""

import numpy as np

from textclf.evaluation.terms import term_counts
from textclf.text.encoded import Encoded

BIAS_SHARE = 0.01
"""Of the learning rate, for a bias beside such rows.

It stands in every text, so its parts add up over a batch: at rates that suit rare rows
it would swing from label to label. As scikit-learn's SGDClassifier for sparse features.
"""


def rarity_shares(
    encoded: Encoded, *, families: tuple[int, ...], length_norm: bool, tasks: int = 1
) -> np.ndarray:
    """Returns float32[rows, 1], the square of what TF-IDF weighs each row by.

    The weight is `log((1 + n) / texts with it)` of n texts, so a term of every text
    hardly moves: what all texts share adds up over a batch, and would make large rates
    unsteady. A feature is the weight times how often its term
    stands in the text. All are scaled within each family of rows: on average, the
    squares of a text's features of a family add up to 1. So no family drowns another by
    numbers, and rates mean the same for all lengths of texts.

    Args:
        encoded: The training texts.
        families: Rows of the encoder, family after family.
        length_norm: Whether sums are divided by the root of the number of ids.
        tasks: How many questions the loss is the mean of: the labels, where a text may
            have several. Each is a model of its own, and moves as if it were alone.
    """
    rows, n = sum(families), len(encoded)
    counts = term_counts(encoded, rows)
    texts = np.bincount(counts.indices, minlength=rows)
    squares = np.log((1 + n) / np.maximum(texts, 1)) ** 2
    counts.data **= 2
    if length_norm:
        counts.data /= np.repeat(encoded.lengths, np.diff(counts.indptr))
    lengths = squares * np.asarray(counts.sum(axis=0)).ravel()
    family = np.repeat(np.arange(len(families)), families)
    mean = np.bincount(family, lengths, minlength=len(families)) / max(n, 1)
    shares = tasks * squares / np.where(mean > 0, mean, 1.0)[family]
    return shares[:, None].astype(np.float32)
