"""scikit-learn: NBSVM of word trigrams (Wang and Manning 2012, Mesnil et al. 2015)."""

import sys
from pathlib import Path

import numpy as np
from scipy import sparse
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.svm import LinearSVC

from benchmarks.accuracy.reviews import halves
from benchmarks.child import tell
from benchmarks.records import SEED

PATTERN = r"\w+|[^\w\s]"
COST = 0.01


def log_count_ratio(counts: sparse.csr_matrix, targets: np.ndarray) -> np.ndarray:
    """Returns float64[features], the log of the smoothed shares in either class."""
    positive = 1 + counts[targets == 1].sum(axis=0).A1
    negative = 1 + counts[targets == 0].sum(axis=0).A1
    return np.log(positive / positive.sum()) - np.log(negative / negative.sum())


def main() -> None:
    """Trains on one half, tells the accuracy on the other."""
    train, test = halves(Path(sys.argv[1]))
    vectorizer = CountVectorizer(
        ngram_range=(1, 3), binary=True, token_pattern=PATTERN, dtype=np.float32
    )
    counts = vectorizer.fit_transform(train.texts)
    scale = sparse.diags(log_count_ratio(counts, train.targets).astype(np.float32))
    model = LinearSVC(C=COST, random_state=SEED)
    model.fit(counts @ scale, train.targets)
    accuracy = model.score(vectorizer.transform(test.texts) @ scale, test.targets)
    tell(accuracy=accuracy, features=len(vectorizer.vocabulary_))


if __name__ == "__main__":
    main()
