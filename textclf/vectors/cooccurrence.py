"""How often words stand near each other, counted in bounded memory."""

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import IO

import numpy as np

from textclf.errors import ResourceError
from textclf.progress import SILENT, Progress
from textclf.vectors.sentences import Sentences

_HELD = 8_000_000  # pairs in memory before they are put aside
_PER_SHARD = 4_000_000
_MOST_SHARDS = 256
_MIX = np.uint64(0x9E3779B97F4A7C15)  # 2^64 over the golden ratio (Knuth, 6.4)
_RECORD = np.dtype([("key", "<i8"), ("weight", "<f4")])


@dataclass(frozen=True, eq=False)
class Cells:
    """Pairs of words with the weight of their meetings.

    Attributes:
        first: int32[n] ids.
        second: int32[n] ids, none smaller than that in `first`.
        weights: float32[n], above 0.
    """

    first: np.ndarray
    second: np.ndarray
    weights: np.ndarray

    def __len__(self) -> int:
        return len(self.weights)


class Cooccurrences:
    """All pairs of words that met, in random shares of some million.

    Attributes:
        shards: How many shares there are.
    """

    def __init__(self, files: list[IO[bytes]], rows: int) -> None:
        self.shards = len(files)
        self._files, self._rows = files, rows

    def shard(self, number: int) -> Cells:
        """Returns one share, in order of the pairs; each pair is in one share."""
        stream = self._files[number]
        stream.seek(0)
        records = np.frombuffer(stream.read(), dtype=_RECORD)
        keys, weights = _summed(records["key"], records["weight"])
        first, second = np.divmod(keys, self._rows)
        return Cells(first.astype(np.int32), second.astype(np.int32), weights)


@contextmanager
def cooccurrences(
    sentences: Sentences, *, window: int, progress: Progress = SILENT
) -> Iterator[Cooccurrences]:
    """Counts the meetings of words; two words at distance d add 1/d.

    A pair is counted once whichever word comes first; a word that meets itself counts
    from both sides (Pennington et al. 2014, section 4.2, symmetric windows). Nameless
    files hold what was counted; they are gone when this is closed.

    Args:
        sentences: The texts.
        window: The largest distance.
        progress: Hears the running words done.

    Raises:
        ResourceError: The disk is full.
    """
    rows = len(sentences.vocabulary)
    expected = sentences.words * window // _PER_SHARD + 1
    with ExitStack() as stack:
        files: list[IO[bytes]] = [
            stack.enter_context(tempfile.TemporaryFile())
            for _ in range(min(expected, _MOST_SHARDS))
        ]
        try:
            with progress.task("counting neighbours", sentences.words) as task:
                held = _Held(files)
                for ids, lengths in sentences.chunks():
                    for keys, weight in _pairs(ids, lengths, window, rows):
                        held.add(keys, weight)
                    task.advance(len(ids))
                held.put_aside()
        except OSError as fault:
            raise ResourceError(
                f"cannot keep the counts of neighbours ({fault.strerror})",
                where=tempfile.gettempdir(),
                fix="free space, or set TMPDIR to another folder",
            ) from fault
        yield Cooccurrences(files, rows)


def _pairs(
    ids: np.ndarray, lengths: np.ndarray, window: int, rows: int
) -> Iterator[tuple[np.ndarray, float]]:
    """Yields, for each distance, the keys of the pairs and what each of them adds."""
    texts = np.repeat(np.arange(len(lengths)), lengths)
    for distance in range(1, min(window, len(ids) - 1) + 1):
        inside = texts[distance:] == texts[:-distance]
        one, other = ids[:-distance][inside], ids[distance:][inside]
        first, second = np.minimum(one, other), np.maximum(one, other)
        keys = first.astype(np.int64) * rows + second
        yield keys, 1.0 / distance
        itself = keys[first == second]
        yield itself, 1.0 / distance


class _Held:
    """Collects pairs, and writes their sums to the shares now and then."""

    def __init__(self, files: list[IO[bytes]]) -> None:
        self._files = files
        self._clear()

    def add(self, keys: np.ndarray, weight: float) -> None:
        self._keys.append(keys)
        self._weights.append(np.full(len(keys), weight, dtype=np.float32))
        self._count += len(keys)
        if self._count >= _HELD:
            self.put_aside()

    def put_aside(self) -> None:
        if not self._keys:
            return
        keys = np.concatenate(self._keys)
        keys, weights = _summed(keys, np.concatenate(self._weights))
        records = np.empty(len(keys), dtype=_RECORD)
        records["key"], records["weight"] = keys, weights
        shards = _shards(keys, len(self._files))
        records = records[np.argsort(shards, kind="stable")]
        stop = 0
        for stream, count in zip(
            self._files,
            np.bincount(shards, minlength=len(self._files)).tolist(),
            strict=True,
        ):
            stream.write(records[stop : stop + count].tobytes())
            stop += count
        self._clear()

    def _clear(self) -> None:
        self._keys: list[np.ndarray] = []
        self._weights: list[np.ndarray] = []
        self._count = 0


def _summed(keys: np.ndarray, weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Returns the different keys, rising, with the sum of the weights of each."""
    if len(keys) == 0:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32)
    order = np.argsort(keys, kind="stable")
    keys = keys[order]
    begins = np.flatnonzero(np.concatenate([[True], keys[1:] != keys[:-1]]))
    sums = np.add.reduceat(weights[order].astype(np.float64), begins)
    return keys[begins], sums.astype(np.float32)


def _shards(keys: np.ndarray, count: int) -> np.ndarray:
    """Returns the share of each key: chance to look at, the same for the same key."""
    mixed = (keys.astype(np.uint64) * _MIX) >> np.uint64(32)
    return (mixed % np.uint64(count)).astype(np.int64)
