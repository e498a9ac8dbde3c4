"""A made-up corpus of millions of short labelled documents."""

import json

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from benchmarks.prepare.sizes import document_count
from benchmarks.records import SEED, Place

_AT_ONCE = 100_000
_WORDS = 50_000
_TELLING = 400
"""Words of each class: every tenth word of a document is one of them."""
_MEAN_LENGTH = 33
_LETTERS = np.array(list("etaoinshrdlucmfwypvbgk"))


def documents(place: Place) -> None:
    """Writes documents.parquet and documents.json with its counts."""
    told = place.work / "documents.json"
    if told.exists():
        return
    rng = np.random.default_rng([SEED, 4])
    words = pa.array(_words(rng))
    shares = 1 / np.arange(1, _WORDS + 1)
    steps = np.cumsum(shares / shares.sum())
    total = 0
    schema = pa.schema([("text", pa.string()), ("label", pa.string())])
    with pq.ParquetWriter(place.work / "documents.parquet", schema) as writer:
        for _ in range(document_count(place.quick) // _AT_ONCE):
            table = _table(words, steps, rng)
            total += pc.sum(pc.binary_length(table["text"])).as_py()
            writer.write_table(table.cast(schema), row_group_size=_AT_ONCE // 4)
    told.write_text(
        json.dumps({"documents": document_count(place.quick), "bytes": total})
    )


def _words(rng: np.random.Generator) -> list[str]:
    """Makes different words up, the frequent ones shorter."""
    made: dict[str, None] = {}
    while len(made) < _WORDS:
        length = 2 + int(np.log2(len(made) + 1) / 2.5) + int(rng.integers(3))
        places = rng.exponential(len(_LETTERS) / 3, length).astype(int)
        made["".join(_LETTERS[np.minimum(places, len(_LETTERS) - 1)])] = None
    return list(made)


def _table(words: pa.Array, steps: np.ndarray, rng: np.random.Generator) -> pa.Table:
    labels = rng.integers(2, size=_AT_ONCE)
    lengths = np.maximum(rng.poisson(_MEAN_LENGTH, _AT_ONCE), 1)
    offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32)
    ids = np.searchsorted(steps, rng.random(offsets[-1])).clip(max=_WORDS - 1)
    telling = np.flatnonzero(rng.random(len(ids)) < 0.1)
    classes = np.repeat(labels, lengths)[telling]
    ids[telling] = 1000 + 2 * rng.integers(_TELLING, size=len(telling)) + classes
    lists = pa.ListArray.from_arrays(pa.array(offsets), words.take(pa.array(ids)))
    names = pa.array(["one", "two"]).take(pa.array(labels))
    return pa.table({"text": pc.binary_join(lists, " "), "label": names})
