"""The official halves of IMDB, as every peer reads them."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd


@dataclass(frozen=True)
class Half:
    """Texts, and int64[n] with 1 for a positive review."""

    texts: list[str]
    targets: np.ndarray


def halves(folder: Path) -> tuple[Half, Half]:
    """Reads the training and the test half."""
    return _read(folder / "train.parquet"), _read(folder / "test.parquet")


def _read(path: Path) -> Half:
    table = pd.read_parquet(path, columns=["text", "label"])
    targets = (table["label"] == "positive").to_numpy(dtype=np.int64)
    return Half(table["text"].tolist(), targets)
