"""Data sets that accuracy is measured on, and how they are divided."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.contestants import Labelled, Split
from textclf.config.schema import DataConfig
from textclf.data.tables import read_table

FOLDS = 10


@dataclass(frozen=True)
class Row:
    """A data set, how it is judged, and what is known of it.

    Attributes:
        name: As the table says.
        files: Training and test file below the data folder; one file: cross-validation.
        goal: The accuracy (or macro F1) that is aimed at, in percent.
        outside: The same with word vectors from outside.
        published: What others reached, in percent, as they say it.
        dev: A dev file.
        label: The column of the labels.
        separator: Between the labels of a text, where there are several.
        measure: What is told.
        seeds: How many.
        light: Whether it is small enough for everybody.
        long: Whether texts are as long as those for which `init` has another recipe.
        unlabelled: A file of texts without labels of the same kind.
        english: Whether the vectors at hand are of its language and kind of text.
        phrases: The data set of the catalogue with phrases of its training sentences.
    """

    name: str
    files: tuple[str, ...]
    goal: float | None
    outside: float | None = None
    published: str = ""
    dev: str | None = None
    label: str = "label"
    separator: str | None = None
    measure: str = "accuracy"
    seeds: int = 5
    light: bool = True
    long: bool = False
    unlabelled: str | None = None
    english: bool = False
    phrases: str | None = None


ROWS = (
    Row("SST-2", ("sst2/train.csv", "sst2/test.csv"), 84.0, 85.5, english=True,
        dev="sst2/dev.csv", phrases="sst2_phrases",
        published="Kim CNN random 82.7, DAN random 83.2"),
    Row("SST-1", ("sst1/train.csv", "sst1/test.csv"), 45.0, 47.0, english=True,
        dev="sst1/dev.csv",
        published="Kim CNN random 45.0"),
    Row("MR", ("mr/all.csv",), 80.0, 81.5, english=True,
        published="NBSVM 79.4, Kim CNN random 76.1"),
    Row("Subj", ("subj/all.csv",), 93.2, 93.6, english=True,
        published="MNB pairs 93.6, NBSVM 93.2"),
    Row("TREC-6", ("trec/train.csv", "trec/test.csv"), 92.0, 93.6, english=True,
        published="Kim CNN random 91.2"),
    Row("TREC-50", ("trec_fine/train.csv", "trec_fine/test.csv"), 85.0,
        english=True),
    Row("IMDB", ("imdb/train.parquet", "imdb/test.parquet"), 92.8, seeds=3, light=False,
        long=True, unlabelled="imdb/unsup.parquet",
        published="NBSVM trigrams 91.9, CNN 92.3"),
    Row("AG News 20k", ("ag_news_20k/train.csv", "ag_news_20k/test.csv"), 91.6,
        published="fastText on 120,000: 92.5"),
    Row("banking77", ("banking77/train.csv", "banking77/test.csv"), 92.0,
        published="USE + ConveRT 93.4"),
    Row("ChnSentiCorp, test_nodup",
        ("chnsenticorp/train.csv", "chnsenticorp/test_nodup.csv"), 92.3,
        dev="chnsenticorp/dev.csv"),
    Row("Reuters R8", ("reuters_r8/train.csv", "reuters_r8/test.csv"), 97.8,
        published="TextGCN 97.1"),
    Row("tweet_emotion", ("tweet_emotion/train.csv", "tweet_emotion/test.csv"), 72.5,
        dev="tweet_emotion/dev.csv"),
    Row("GermEval 2018", ("germeval2018/train.csv", "germeval2018/test.csv"), 76.0),
    Row("GoEmotions", ("go_emotions/train.csv", "go_emotions/test.csv"), 44.0,
        dev="go_emotions/dev.csv", separator="|", label="labels", measure="macro_f1",
        seeds=3, light=False, published="BERT 46"),
)  # fmt: skip


def splits_of(row: Row, data: Path) -> Iterator[Split]:
    """Yields one split a seed, or one a fold."""
    train = read(row, data / row.files[0])
    if len(row.files) == 1:
        yield from _folds(train)
        return
    test = read(row, data / row.files[1])
    dev = read(row, data / row.dev) if row.dev else None
    for _ in range(row.seeds):
        yield train, dev, test


def _folds(table: Labelled) -> Iterator[Split]:
    from sklearn.model_selection import StratifiedKFold

    texts, labels = np.array(table[0], dtype=object), np.array(table[1])
    cut = StratifiedKFold(FOLDS, shuffle=True, random_state=0)
    for train, test in cut.split(texts, labels):
        parts = [(list(texts[rows]), list(labels[rows])) for rows in (train, test)]
        yield parts[0], None, parts[1]


def read(row: Row, path: Path) -> Labelled:
    """Returns the texts and labels of a file of a data set."""
    defaults = DataConfig(train="-")
    table = read_table(
        path,
        text=defaults.text,
        label=row.label,
        encoding=defaults.encoding,
        encoding_errors=defaults.encoding_errors,
    )
    labels = list(table.labels or [])
    if row.separator is None:
        return list(table.texts), labels
    return list(table.texts), [tuple(filter(None, c.split("|"))) for c in labels]
