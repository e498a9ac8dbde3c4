"""The sample that both sides train on."""

import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.records import SEED
from textclf.config.schema import TextConfig
from textclf.text.encoded import Encoded
from textclf.text.encoder import TextEncoder

DIM, FILTERS, WIDTHS, BATCH = 100, 100, (3, 4, 5), 64
_LENGTHS = {"imdb": 400, "sst2": 1000}
_FILES = {"imdb": "train.parquet", "sst2": "train.csv"}


@dataclass(frozen=True)
class Sample:
    """Texts of a data set as ids.

    Attributes:
        kind: The model kind that learns from them.
        texts: As they came.
        cells: Their labels.
        targets: int32[n], 1 for positive.
        encoded: Their ids.
        rows: Rows an embedding needs.
    """

    kind: str
    texts: list[str]
    cells: list[str]
    targets: np.ndarray
    encoded: Encoded
    rows: int


def sample() -> Sample:
    """Reads what the arguments name: data folder, set, kind, number of texts."""
    folder, name, kind, count = Path(sys.argv[1]), *sys.argv[2:4], int(sys.argv[4])
    path = folder / name / _FILES[name]
    table = (
        pd.read_parquet(path)
        if path.suffix == ".parquet"
        else pd.read_csv(path, keep_default_na=False)
    )
    rows = np.random.default_rng([SEED, 7]).permutation(len(table))[:count]
    chosen = table.iloc[rows]
    texts, cells = chosen["text"].tolist(), chosen["label"].tolist()
    settings = TextConfig(max_length=_LENGTHS[name])
    encoder, encoded = TextEncoder.fit_encode(texts, settings)
    targets = np.array([cell == "positive" for cell in cells], dtype=np.int32)
    return Sample(kind, texts, cells, targets, encoded, encoder.rows)
