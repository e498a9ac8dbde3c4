"""What several tests of scores share: predictions, exact or drawn, and label names."""

import numpy as np

from textclf.evaluation.predictions import (
    BINARY,
    MULTICLASS,
    MULTILABEL,
    Predictions,
    probabilities_from_logits,
)

HOSTILE_LABELS = (
    "a|b",
    "<script>alert(1)</script>",
    "[x](http://e.vil) www.e.vil",
    "`code` *b* _i_ ~s~",
    "new\nline \x1b[31m\u202e",
    "好评好评好评好评好评好评好评好评",
    "a very long label name that goes on and on and on and on",
)
MANY_LABELS = tuple(f"label_with_a_long_name_number_{place}" for place in range(77))


def made(probabilities: list, task: str, labels: tuple = (), **flags: list):
    n = len(probabilities)
    k = len(probabilities[0]) if n else 2
    plain = {
        "empty": [False] * n,
        "truncated": [False] * n,
        "unknown": [0.0] * n,
        "built": [0.0] * n,
    }
    labels = labels or tuple("abcdefgh"[:k])
    return Predictions(labels, task, probabilities, **(plain | flags))


def drawn(n: int, k: int, task: str, seed: int = 0) -> Predictions:
    rng = np.random.default_rng(seed)
    outputs = rng.normal(0, 3, (n, 1 if task == BINARY else k))
    flags = {
        "empty": rng.random(n) < 0.2,
        "truncated": rng.random(n) < 0.2,
        "unknown": rng.random(n),
        "built": rng.random(n),
    }
    probabilities = probabilities_from_logits(outputs, task)
    return Predictions(tuple("abcdefgh"[:k]), task, probabilities, **flags)


def answered(labels=("bad", "good"), *, n=200, accuracy=0.8, task=None):
    """Returns predictions of which a share is right, and the targets."""
    k, rng = len(labels), np.random.default_rng(0)
    task = task or (BINARY if k == 2 else MULTICLASS)
    marks, right = np.zeros(n, dtype=bool), np.arange(n) < accuracy * n
    if task == MULTILABEL:
        targets = rng.random((n, k)) < 0.3
        rows = np.where(targets == right[:, None], 0.9, 0.1)
    else:
        targets = np.arange(n) % k
        rows = np.full((n, k), 0.1 / k)
        rows[np.arange(n), np.where(right, targets, (targets + 1) % k)] += 0.9
    flags = (marks, marks, np.zeros(n), np.zeros(n))
    return Predictions(tuple(labels), task, rows, *flags), targets
