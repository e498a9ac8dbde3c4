"""scikit-learn: TF-IDF of words and pairs, logistic regression."""

import sys
from pathlib import Path

from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline

from benchmarks.accuracy.reviews import halves
from benchmarks.child import tell
from benchmarks.records import SEED

COST = 20.0


def pipeline() -> Pipeline:
    """Returns the untrained pipeline."""
    return make_pipeline(
        TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True),
        LogisticRegression(C=COST, solver="liblinear", random_state=SEED),
    )


def main() -> None:
    """Trains on one half, tells the accuracy on the other."""
    train, test = halves(Path(sys.argv[1]))
    model = pipeline().fit(train.texts, train.targets)
    tell(accuracy=model.score(test.texts, test.targets))


if __name__ == "__main__":
    main()
