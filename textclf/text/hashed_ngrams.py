"""N-grams hashed to a fixed number of rows."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from textclf.errors import ArtefactError
from textclf.text.encoded import offsets_of, spans
from textclf.text.keys import gathered
from textclf.text.ngrams import MOST_CODES, Pairs, Runs, span_told
from textclf.text.workers import in_order


@dataclass(frozen=True)
class HashedNgrams:
    """All n-grams, hashed to a fixed number of rows (Joulin et al. 2016, section 3.1).

    Attributes:
        buckets: Rows; n-grams that share one cannot be told apart.
        shortest: Codes of the shortest n-gram.
        longest: Codes of the longest.
        seen: Different n-grams in the training texts.
        alone: How many of them share their bucket with no other.
    """

    buckets: int
    shortest: int
    longest: int
    seen: int = 0
    alone: int = 0

    def __post_init__(self) -> None:
        if not 1 <= self.buckets < MOST_CODES:
            raise ArtefactError(f"got {self.buckets} buckets of n-grams")
        if not 2 <= self.shortest <= self.longest:
            raise ArtefactError(
                f"got n-grams of {self.shortest} to {self.longest}, expected 2 or more"
            )
        if not 0 <= self.alone <= self.seen:
            raise ArtefactError(
                f"got {self.alone} n-grams alone of {self.seen}, expected no more"
            )

    @classmethod
    def fit(
        cls, parts: Iterable[Runs], *, buckets: int, shortest: int, longest: int
    ) -> "HashedNgrams":
        """Counts how many n-grams of the training texts collide."""
        blind = cls(buckets, shortest, longest)

        def hashes(part: Runs) -> np.ndarray:
            return _different([h for _, h in blind._hashes(part)])

        seen = gathered(
            in_order(hashes, parts),
            nothing=np.zeros(0, dtype=np.uint64),
            join=_different,
            size=len,
        )
        places = np.sort((seen % np.uint64(buckets)).astype(np.uint32))
        first, last = _edges(places)
        return cls(buckets, shortest, longest, len(seen), int((first & last).sum()))

    @property
    def rows(self) -> int:
        return self.buckets

    @property
    def lengths(self) -> tuple[int, int]:
        return self.shortest, self.longest

    @property
    def size(self) -> int:
        return self.buckets

    def find(self, runs: Runs) -> list[Pairs]:
        size = np.uint64(self.buckets)
        return [(run, (h % size).astype(np.int32)) for run, h in self._hashes(runs)]

    def _hashes(self, runs: Runs) -> list[tuple[np.ndarray, np.ndarray]]:
        """Returns, for each length, the run of each n-gram and its uint64 hash."""
        hashed, starts = [], offsets_of(runs.lengths)[:-1]
        for length in range(self.shortest, self.longest + 1):
            counts = np.maximum(runs.lengths - length + 1, 0)
            run = np.repeat(np.arange(len(counts), dtype=np.int32), counts)
            places = spans(starts, counts)
            hashed.append((run, hash_windows(runs.codes, places, length)))
        return hashed

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> "HashedNgrams":
        """Reads what `to_json` returned."""
        return cls(**{name: int(number) for name, number in value.items()})

    def to_json(self) -> dict[str, Any]:
        names = ("buckets", "shortest", "longest", "seen", "alone")
        return {name: getattr(self, name) for name in names}

    def __str__(self) -> str:
        share = 1 - self.alone / max(self.seen, 1)
        return (
            f"{self.seen:,} n-grams of {span_told(self.lengths)} in "
            f"{self.buckets:,} buckets, {100 * share:.0f} % of them share one"
        )


def _different(parts: Sequence[np.ndarray]) -> np.ndarray:
    values = np.concatenate(parts)
    values.sort()
    return values[_edges(values)[0]]


def _edges(ascending: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Returns bool[n] twice, where a value comes first and where last."""
    change = ascending[1:] != ascending[:-1]
    ends = np.ones(len(ascending[:1]), dtype=bool)
    return np.concatenate([ends, change]), np.concatenate([change, ends])


def hash_windows(codes: np.ndarray, starts: np.ndarray, length: int) -> np.ndarray:
    """Returns uint64 hashes of the windows of `length` codes at each start.

    The hash mixes one code after the other with the finaliser of SplitMix64
    (Steele et al. 2014).
    """
    state = np.full(len(starts), length, dtype=np.uint64)
    for step in range(length):
        state = _mix(state + codes[starts + step].astype(np.uint64))
    return state


def _mix(state: np.ndarray) -> np.ndarray:
    state = state + np.uint64(0x9E3779B97F4A7C15)
    state = (state ^ (state >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    state = (state ^ (state >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return state ^ (state >> np.uint64(31))
