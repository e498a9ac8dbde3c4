"""Hashed n-grams of ids on the flat array (Joulin et al. 2016, section 3.1)."""

import numpy as np

from textclf.text.encoded import offsets_of, spans


def with_ngrams(
    ids: np.ndarray, lengths: np.ndarray, *, n: int, first_row: int, buckets: int
) -> tuple[np.ndarray, np.ndarray]:
    """Appends to each text the hashed rows of its 2- to n-grams.

    Args:
        ids: int32[total] unit ids, text after text.
        lengths: int64[texts].
        n: Longest n-gram; 1 changes nothing.
        first_row: The row of bucket 0, after the rows of the units.
        buckets: Rows the n-grams are hashed to.

    Returns:
        int32[new total] ids (a text's units, then its bigrams, trigrams …) and their
        int64[texts] lengths.
    """
    parts, sizes = [ids], [lengths]
    for order in range(2, n + 1):
        counts = np.maximum(lengths - order + 1, 0)
        starts = spans(offsets_of(lengths)[:-1], counts)
        hashed = hash_windows(ids, starts, order) % np.uint64(buckets)
        parts.append(hashed.astype(np.int32) + np.int32(first_row))
        sizes.append(counts)
    return _interleave(parts, sizes)


def hash_windows(ids: np.ndarray, starts: np.ndarray, order: int) -> np.ndarray:
    """Returns uint64 hashes of the windows of `order` ids at each start.

    The hash mixes one id after the other with the finaliser of SplitMix64
    (Steele et al. 2014).
    """
    state = np.full(len(starts), order, dtype=np.uint64)
    for step in range(order):
        state = _mix(state + ids[starts + step].astype(np.uint64))
    return state


def _mix(state: np.ndarray) -> np.ndarray:
    state = state + np.uint64(0x9E3779B97F4A7C15)
    state = (state ^ (state >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    state = (state ^ (state >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return state ^ (state >> np.uint64(31))


def _interleave(
    parts: list[np.ndarray], sizes: list[np.ndarray]
) -> tuple[np.ndarray, np.ndarray]:
    """Joins per-text pieces: all pieces of text 0, then all of text 1 …"""
    if len(parts) == 1:
        return parts[0], sizes[0]
    table = np.stack(sizes, axis=1)
    lengths = table.sum(axis=1)
    begins = offsets_of(lengths)[:-1, None] + np.cumsum(table, axis=1) - table
    joined = np.empty(int(lengths.sum()), dtype=np.int32)
    for column, part in enumerate(parts):
        joined[spans(begins[:, column], table[:, column])] = part
    return joined, lengths
