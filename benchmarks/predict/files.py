"""Where the trained models of the peers lie."""

from pathlib import Path

from benchmarks.records import Place


def sklearn_file(place: Place) -> Path:
    """Returns the file of scikit-learn's pipeline."""
    return place.work / "models" / "sklearn.joblib"


def keras_file(place: Place) -> Path:
    """Returns the file of stock Keras's model."""
    return place.work / "models" / "average.keras"


def vocabulary_file(place: Place) -> Path:
    """Returns the file of its words, one a line."""
    return place.work / "models" / "average.txt"


def fasttext_file(place: Place) -> Path:
    """Returns the file of fastText's model."""
    return place.work / "models" / "fasttext.bin"
