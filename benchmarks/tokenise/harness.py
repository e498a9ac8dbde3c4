"""The same beginning and end for all who turn texts into ids."""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.child import load_texts, peak, resident, tell

VOCABULARY = 30_000


def run(encode: Callable[[list[str]], int]) -> None:
    """Measures from a list of texts to ids; imports are done, the texts are loaded.

    Args:
        encode: Learns the vocabulary, encodes all texts, returns the number of units.
    """
    path = Path(sys.argv[1])
    counts = json.loads(path.with_suffix(".json").read_text())
    before = resident()
    texts = load_texts(path)
    started = time.perf_counter()
    units = encode(texts)
    seconds = time.perf_counter() - started
    tell(
        seconds=seconds,
        mb_per_s=counts["bytes"] / seconds / 1e6,
        words_per_s=counts["words"] / seconds,
        memory_per_text=(peak() - before) / counts["bytes"],
        units=units,
    )
