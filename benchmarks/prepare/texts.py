"""Files of a review a line, cut or repeated to a number of megabytes."""

import json
import re
from collections.abc import Iterator
from itertools import chain, repeat
from pathlib import Path

import pyarrow.parquet as pq

from benchmarks.prepare.sizes import text_sizes
from benchmarks.records import Place

_WORD = re.compile(r"\w+")
_PARTS = ("train", "unsup", "test")


def texts(place: Place) -> None:
    """Writes texts-N.txt of every size, and texts-N.json with its counts."""
    for size in text_sizes(place.quick):
        path = place.work / f"texts-{size}.txt"
        if not path.with_suffix(".json").exists():
            counts = _write(path, place.data / "imdb", size * 1_000_000)
            path.with_suffix(".json").write_text(json.dumps(counts))


def _write(path: Path, source: Path, wanted: int) -> dict[str, int]:
    done = words = count = 0
    with path.open("wb") as file:
        for text in _endless(source):
            line = text.encode()
            if done + len(line) > wanted:
                break
            file.write(line + b"\n")
            done, count = done + len(line), count + 1
            words += len(_WORD.findall(text))
    return {"bytes": done, "words": words, "texts": count}


def _endless(source: Path) -> Iterator[str]:
    """Yields reviews without line breaks, from the first again after the last."""
    columns = [pq.read_table(source / f"{part}.parquet")["text"] for part in _PARTS]
    whole = [text.replace("\n", " ") for c in columns for text in c.to_pylist()]
    return chain.from_iterable(repeat(whole))
