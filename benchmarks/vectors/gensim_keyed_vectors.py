"""gensim: `KeyedVectors`, then one row a word."""

from pathlib import Path

import numpy as np
from gensim.models import KeyedVectors

from benchmarks.vectors.harness import run


def seed(path: Path, words: list[str]) -> int:
    """Loads the file and copies the rows of the words."""
    binary = path.suffix == ".bin"
    vectors = KeyedVectors.load_word2vec_format(
        str(path), binary=binary, no_header=not binary
    )
    matrix = np.zeros((len(words), vectors.vector_size), dtype=np.float32)
    known = [row for row, word in enumerate(words) if word in vectors.key_to_index]
    matrix[known] = vectors[[words[row] for row in known]]
    return len(known)


if __name__ == "__main__":
    run(seed)
