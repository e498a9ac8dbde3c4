"""textclf: `seed_rows`."""

from pathlib import Path

import numpy as np

from benchmarks.prepare.sizes import VECTOR_DIM
from benchmarks.records import SEED
from benchmarks.vectors.harness import run
from textclf.text.vocabulary import Vocabulary
from textclf.vectors import seed_rows


def seed(path: Path, words: list[str]) -> int:
    """Seeds the rows of a vocabulary of these words."""
    size = len(words) + 2
    counts = np.arange(size, 0, -1)
    vocabulary = Vocabulary.build(words, counts[2:], size=size, min_count=1)
    rng = np.random.default_rng(SEED)
    return int(seed_rows(path, vocabulary, dim=VECTOR_DIM, rng=rng).found.sum())


if __name__ == "__main__":
    run(seed)
