"""Near copies: texts that share most of their pairs of words, found in linear time.

MinHash (Broder 1997, "On the resemblance and containment of documents") with banding
(Leskovec, Rajaraman and Ullman 2020, "Mining of Massive Datasets", chapter 3). What the
bands propose is checked by the true share.
"""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from textclf.data.copies import grouped
from textclf.errors import DataError
from textclf.evaluation.terms import CHARACTERS, WORDS
from textclf.text.encoded import Encoded, offsets_of
from textclf.text.encoder import TextEncoder
from textclf.text.hashed_ngrams import hash_windows
from textclf.text.normalise import text_column

ALIKE = 0.8
"""The share of common pairs of words (Jaccard) from which on texts are near copies."""

_BANDS, _DEEP = 16, 4  # finds 99.98 % of the pairs at 0.8, half of those at 0.5
_ESTIMATED = ALIKE - 0.2  # by the sketch, below which a pair is not checked
_PAIR, _TRIPLE = 2, 3  # words, or characters where nothing parts words
_BLOCK = 1 << 17  # shingles hashed at once: they stay in the cache
_SIGNS = r"[^\p{L}\p{M}\p{N}]+"
_SEED = 20_260

Ints = NDArray[np.int64]


def near_groups(texts: Sequence[str], *, characters: bool) -> Ints:
    """Returns int64[n]: a number for each cluster of near copies, chains included.

    Near are texts that share enough of their pairs of words, and those whose letters
    and digits are the same: `it's (not) good` and `it 's -not- good`. Case, signs and
    blanks do not count. Texts without a word are near to none.

    Args:
        texts: Different texts.
        characters: Whether triples of characters are compared, not pairs of words.
    """
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    n = len(texts)
    pairs = np.concatenate(
        [near_pairs(texts, characters=characters), _same_letters(texts)]
    )
    links = coo_matrix((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), (n, n))
    return connected_components(links, directed=False)[1].astype(np.int64)


def near_pairs(texts: Sequence[str], *, characters: bool) -> Ints:
    """Returns int64[pairs, 2]: enough near copies to connect all of each cluster.

    A text is compared with its neighbour and with the first text of each band it falls
    in, so that many copies of one text cost no more than as many different ones.
    """
    shingles, offsets = _shingles(texts, characters=characters)
    filled = np.flatnonzero(np.diff(offsets))
    if len(filled) < 2:
        return np.zeros((0, 2), dtype=np.int64)
    starts = offsets[:-1][filled]
    sketches = _sketches(shingles, starts)
    pairs = np.unique(np.concatenate([*_proposed(sketches)]), axis=0)
    agreeing = (sketches[pairs[:, 0]] == sketches[pairs[:, 1]]).mean(axis=1)
    pairs = pairs[agreeing >= _ESTIMATED]
    sets = np.split(shingles, starts[1:])
    sure = [jaccard(sets[a], sets[b]) >= ALIKE for a, b in pairs.tolist()]
    return np.asarray(filled[pairs[np.asarray(sure, dtype=bool)]])


def _same_letters(texts: Sequence[str]) -> Ints:
    """Returns int64[pairs, 2]: texts and the first one that has the same letters."""
    keys = text_column(texts).str.to_lowercase().str.replace_all(_SIGNS, "")
    groups = grouped(keys.hash().to_numpy())
    first = np.unique(groups, return_index=True)[1][groups]
    rows = np.flatnonzero((first < np.arange(len(texts))) & (keys != "").to_numpy())
    return np.stack([first[rows], rows], axis=1)


def jaccard(one: np.ndarray, other: np.ndarray) -> float:
    """Returns the share of common values of two arrays, of all that either has."""
    one, other = np.unique(one), np.unique(other)
    common = len(np.intersect1d(one, other, assume_unique=True))
    return common / max(len(one) + len(other) - common, 1)


def _shingles(texts: Sequence[str], *, characters: bool) -> tuple[np.ndarray, Ints]:
    """Returns uint32[total] hashes of neighbouring units and int64[n + 1] offsets."""
    settings = CHARACTERS if characters else WORDS
    try:
        encoder, encoded = TextEncoder.fit_encode(
            texts, settings.model_copy(update={"ngrams": 1})
        )
    except DataError:  # no text has any unit
        return np.zeros(0, np.uint32), np.zeros(len(texts) + 1, np.int64)
    tokens = encoder.vocabulary.tokens
    words = np.array([any(map(str.isalnum, token)) for token in tokens])
    words[:2] = False
    length = _TRIPLE if characters else _PAIR
    return _hashed(*_bounded(encoded, words, length), length)


def _bounded(
    encoded: Encoded, words: np.ndarray, length: int
) -> tuple[np.ndarray, Ints]:
    """Returns the words of each text between marks, so that its ends count too."""
    is_word = words[encoded.ids]
    before = offsets_of(is_word)
    offsets = before[encoded.offsets]
    filled = np.diff(offsets) > 0
    sizes = np.diff(offsets) + 2 * filled
    marked = np.zeros(int(sizes.sum()), dtype=np.int64)
    bounds = offsets_of(sizes)
    inside = np.ones(len(marked), dtype=bool)
    inside[bounds[:-1][filled]] = False
    inside[bounds[1:][filled] - 1] = False
    marked[inside] = encoded.ids[is_word]
    return marked, bounds


def _hashed(ids: np.ndarray, bounds: Ints, length: int) -> tuple[np.ndarray, Ints]:
    sizes = np.diff(bounds)
    windows = np.where(sizes > 0, np.maximum(sizes - length + 1, 1), 0)
    offsets = offsets_of(windows)
    shift = np.repeat(bounds[:-1] - offsets[:-1], windows)
    starts = np.arange(offsets[-1]) + shift
    padded = np.concatenate([ids, np.zeros(length, dtype=ids.dtype)])
    hashes = hash_windows(padded, starts, length)
    return (hashes >> np.uint64(32)).astype(np.uint32), offsets


def _sketches(shingles: np.ndarray, starts: Ints) -> np.ndarray:
    """Returns uint32[n, bands * deep]: the least of each hash over each text."""
    rng = np.random.default_rng(_SEED)
    count = _BANDS * _DEEP
    factors = rng.integers(0, 2**31, count, dtype=np.uint32) * np.uint32(2)
    factors += np.uint32(1)
    shifts = rng.integers(0, 2**32, count, dtype=np.uint32)
    result = np.empty((len(starts), count), dtype=np.uint32)
    ends = np.append(starts[1:], len(shingles))
    first = 0
    while first < len(starts):
        last = int(np.searchsorted(ends, starts[first] + _BLOCK, side="right"))
        last = max(last, first + 1)
        block = shingles[starts[first] : ends[last - 1]]
        places = starts[first:last] - starts[first]
        for at in range(count):
            values = block * factors[at] + shifts[at]
            result[first:last, at] = np.minimum.reduceat(values, places)
        first = last
    return result


def _proposed(sketches: np.ndarray) -> Iterator[Ints]:
    """Yields pairs of texts, int64[pairs, 2], that agree in all of a band."""
    for band in range(_BANDS):
        part = np.ascontiguousarray(sketches[:, band * _DEEP : (band + 1) * _DEEP])
        flat = part.astype(np.int64).ravel()
        keys = hash_windows(flat, np.arange(0, len(flat), _DEEP), _DEEP)
        order = np.argsort(keys, kind="stable")
        same = keys[order[1:]] == keys[order[:-1]]
        heads = np.where(np.append(True, ~same), np.arange(len(order)), 0)
        heads = np.maximum.accumulate(heads)[1:][same]
        later = order[1:][same]
        for earlier in (order[:-1][same], order[heads]):
            yield np.stack([earlier, later], axis=1)
