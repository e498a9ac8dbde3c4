"""How long the vectors of a file are."""

from pathlib import Path

import numpy as np

from textclf.progress import SILENT, Progress
from textclf.vectors.formats import sniff
from textclf.vectors.reader import read_blocks


def row_norms(path: Path, *, progress: Progress = SILENT) -> np.ndarray:
    """Returns the Euclidean norm of every row, float32[rows], read as a stream.

    Raises:
        ArtefactError: The file is missing, foreign or damaged.
    """
    parts = [
        np.array(
            [np.linalg.norm(block.values(row)) for row in range(len(block.tokens))],
            dtype=np.float32,
        )
        for block in read_blocks(sniff(path), progress=progress)
    ]
    return np.concatenate(parts)
