"""scikit-learn: `CountVectorizer.fit_transform`."""

from sklearn.feature_extraction.text import CountVectorizer

from benchmarks.tokenise.harness import VOCABULARY, run


def encode(texts: list[str]) -> int:
    """Learns and counts; what comes out is a sparse matrix of counts, not ids."""
    matrix = CountVectorizer(max_features=VOCABULARY).fit_transform(texts)
    return int(matrix.sum())


if __name__ == "__main__":
    run(encode)
