"""Small classifiers, trained once: who changes one fits another."""

import pytest

from tests.cli.conftest import config as config
from tests.cli.conftest import data as data
from tests.cli.conftest import rows_of
from textclf import TextClassifier

FAST = {"kind": "ngram", "init": "naive_bayes", "epochs": 1, "ngram_min_count": 1}


def pairs(task: str) -> tuple[list[str], list]:
    """Returns the texts and labels of a task; for multi-label lists of labels."""
    rows = rows_of(task)
    labels = [label for _, label in rows]
    if task == "multilabel":
        labels = [[name for name in cell.split("|") if name] for cell in labels]
    return [text for text, _ in rows], labels


@pytest.fixture(scope="session")
def binary() -> TextClassifier:
    return TextClassifier(**FAST).fit(*pairs("binary"))


@pytest.fixture(scope="session")
def sets() -> TextClassifier:
    """A classifier of several labels a text."""
    return TextClassifier(**FAST).fit(*pairs("multilabel"))


@pytest.fixture(scope="session")
def cnn() -> TextClassifier:
    """One that needs Keras to answer."""
    settings = {"kind": "cnn", "dim": 4, "widths": (2,), "filters": 3, "epochs": 1}
    return TextClassifier(**settings).fit(*pairs("binary"))
