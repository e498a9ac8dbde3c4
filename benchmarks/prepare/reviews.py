"""IMDB in the forms that contestants read: a subset, CSV, tokenised lines."""

import csv
import re
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from benchmarks.prepare.sizes import QUICK_REVIEWS
from benchmarks.records import SEED, Place

_UNIT = re.compile(r"\w+|[^\w\s]")


def subset(place: Place) -> None:
    """Writes a few reviews of each half for a quick run; a full one reads them all."""
    if not place.quick or (place.imdb / "test.parquet").exists():
        return
    place.imdb.mkdir(parents=True, exist_ok=True)
    for part in ("train", "test"):
        table = pq.read_table(place.data / "imdb" / f"{part}.parquet")
        rng = np.random.default_rng([SEED, 1])
        rows = np.sort(rng.permutation(len(table))[:QUICK_REVIEWS])
        pq.write_table(table.take(rows), place.imdb / f"{part}.parquet")


def csv_files(place: Place) -> None:
    """Writes reviews.csv, all test reviews, and review.csv, the first of them."""
    table = pq.read_table(place.imdb / "test.parquet")
    texts, labels = table["text"].to_pylist(), table["label"].to_pylist()
    for name, count in (("reviews", len(texts)), ("review", 1)):
        with (place.work / f"{name}.csv").open("w", encoding="utf-8", newline="") as f:
            writer = csv.writer(f, lineterminator="\n")
            writer.writerow(["text", "label"])
            writer.writerows(zip(texts[:count], labels[:count], strict=True))


def fasttext_files(place: Place) -> None:
    """Writes the halves of IMDB as fastText reads them: lower case, units, blanks.

    fastText does not shuffle, so the training lines are shuffled here.
    """
    for part in ("train", "test"):
        table = pq.read_table(place.imdb / f"{part}.parquet")
        lines = [" ".join(_UNIT.findall(t.lower())) for t in table["text"].to_pylist()]
        labels = table["label"].to_pylist()
        order = np.arange(len(lines))
        if part == "train":
            order = np.random.default_rng([SEED, 2]).permutation(len(lines))
        labelled = [f"__label__{labels[row]} {lines[row]}" for row in order]
        _lines(place.work / f"fasttext-{part}.txt", labelled)
        if part == "test":
            _lines(place.work / "fasttext-reviews.txt", lines)
            _lines(place.work / "fasttext-review.txt", lines[:1])


def _lines(path: Path, lines: list[str]) -> None:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
