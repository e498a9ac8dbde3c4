"""The same beginning and end for all who seed rows."""

import sys
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.child import peak, resident, tell


def run(seed: Callable[[Path, list[str]], int]) -> None:
    """Measures from a path to a matrix.

    Args:
        seed: Makes the matrix of a path and words, returns how many were found.
    """
    path = Path(sys.argv[1])
    words = Path(sys.argv[2]).read_text(encoding="utf-8").split()
    with path.open("rb") as file:
        while file.read(1 << 20):
            pass
    before, started = resident(), time.perf_counter()
    found = seed(path, words)
    seconds = time.perf_counter() - started
    tell(seconds=seconds, memory_mb=(peak() - before) / 1e6, found=found)
