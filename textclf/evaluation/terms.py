"""Terms: the n-grams of words or characters that a linear model counts."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    import polars as pl
    from scipy.sparse import csr_matrix

Ints = npt.NDArray[np.int64]

_DENSE_CODES = 1 << 22  # ranks are looked up in a table up to this code, else sorted
_UNSPACED = r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]"
_UNSPACED_SHARE = 0.3  # of the letters, above which blanks do not part words
_LONG_PIECE = 25  # characters between blanks, above which they are no words
_LOOKED_AT = 2_000  # texts, and characters of each, that decide about blanks


@dataclass(frozen=True)
class _Units:
    """The units of many texts in one flat row.

    `ids` are the units (-1: unknown), `rows` the text each belongs to, `pieces` the
    stretch that no n-gram may leave (a text, or a word), `base` a bound above all ids.
    """

    ids: Ints
    rows: Ints
    pieces: Ints
    base: int
    texts: int


_Cut = tuple[_Units, "pl.Series | None"]  # units, and the distinct words if words


@dataclass(frozen=True)
class Family:
    """A kind of n-gram: its name, its lengths, and how texts become units."""

    name: str
    shortest: int
    longest: int
    cut: Callable[[Sequence[str], "pl.Series | None"], "_Cut"]


@dataclass(frozen=True)
class Terms:
    """The n-grams of one family that training texts hold, in the order of columns."""

    family: Family
    words: "pl.Series | None"
    codes: tuple[Ints, ...]  # ascending codes of the known n-grams of each length
    columns: Ints  # which of all counted n-grams are features

    def count(self, texts: Sequence[str]) -> "csr_matrix":
        """Returns how often each term occurs, float64 [texts, terms]."""
        units, _ = self.family.cut(texts, self.words)
        starts, grams = np.arange(len(units.ids)), units.ids
        blocks = []
        for length, known in enumerate(self.codes, start=1):
            starts, codes = _lengthened(units, starts, grams, length)
            grams = _located(codes, known)
            found = grams >= 0
            if length >= self.family.shortest:
                rows = units.rows[starts[found]]
                shape = (units.texts, len(known))
                blocks.append(_counted(rows, grams[found], shape))
        return beside(blocks)[:, self.columns]


def has_blanks(texts: Sequence[str]) -> bool:
    """Tells whether blanks part the words of these texts, as in most scripts."""
    looked_at = texts[:: -(-len(texts) // _LOOKED_AT)]
    column = _column([text[:_LOOKED_AT] for text in looked_at])
    patterns = (_UNSPACED, r"\w", r"\S+")
    counts = [column.str.count_matches(pattern).sum() for pattern in patterns]
    unspaced, letters, pieces = map(int, counts)
    parted = letters <= _LONG_PIECE * pieces
    return parted and unspaced <= _UNSPACED_SHARE * letters


def _column(texts: Sequence[str]) -> "pl.Series":
    import polars as pl

    try:
        return pl.Series("term", texts, dtype=pl.String)
    except UnicodeEncodeError:  # a lone surrogate
        whole = [text.encode("utf-8", "replace").decode() for text in texts]
        return pl.Series("term", whole, dtype=pl.String)


def _cut_words(texts: Sequence[str], words: "pl.Series | None") -> _Cut:
    lists = _column(texts).str.to_lowercase().str.extract_all(r"\w+|[^\w\s]")
    rows = np.repeat(np.arange(len(texts)), lists.list.len().to_numpy())
    flat = lists.explode().drop_nulls()  # an empty list explodes to a null
    words = flat.unique().sort() if words is None else words
    numbered = words.to_frame().with_row_index("id")
    found = flat.to_frame().join(numbered, on="term", how="left", maintain_order="left")
    ids = found["id"].cast(int).fill_null(-1).to_numpy()
    return _Units(ids, rows, rows, max(1, len(words)), len(texts)), words


def _cut_characters(texts: Sequence[str], _: "pl.Series | None") -> _Cut:
    return _from_characters([text.lower() for text in texts]), None


def _cut_inside_words(texts: Sequence[str], _: "pl.Series | None") -> _Cut:
    """Cuts into characters; every word has a blank at both ends and is a piece."""
    padded = [f" {'  '.join(text.lower().split())} " for text in texts]
    units = _from_characters(padded)
    blank = units.ids == ord(" ")
    pieces = np.cumsum(blank[1:] & blank[:-1])
    return replace(units, pieces=np.concatenate([[0], pieces])), None


def _from_characters(texts: Sequence[str]) -> _Units:
    flat = "".join(texts).encode("utf-32-le", "surrogatepass")
    ids = np.frombuffer(flat, dtype="<u4").astype(np.int64)
    rows = np.repeat(np.arange(len(texts)), [len(text) for text in texts])
    return _Units(ids, rows, rows, 0x110000, len(texts))


WORDS = Family("words", 1, 2, _cut_words)
INSIDE_WORDS = Family("characters", 2, 5, _cut_inside_words)
CHARACTERS = Family("characters", 1, 4, _cut_characters)


def learn_terms(
    texts: Sequence[str], family: Family, *, min_df: int, most: int
) -> tuple[Terms, "csr_matrix"]:
    """Finds the n-grams in at least `min_df` texts; keeps the `most` widespread.

    Each length grows from the n-grams of the length before: an n-gram is in no more
    texts than the one it begins with, so none is missed.
    """
    units, words = family.cut(texts, None)
    starts, grams = np.arange(len(units.ids)), units.ids
    found, blocks = [], []
    for length in range(1, family.longest + 1):
        starts, codes = _lengthened(units, starts, grams, length)
        known, places = _ranked(codes)
        counts = _counted(units.rows[starts], places, (units.texts, len(known)))
        kept = np.bincount(counts.indices, minlength=len(known)) >= min_df
        grams = np.where(kept, np.cumsum(kept) - 1, -1)[places]
        found.append(known[kept])
        if length >= family.shortest:
            blocks.append(counts[:, np.flatnonzero(kept)])
    counts = beside(blocks)
    spread = np.bincount(counts.indices, minlength=counts.shape[1])
    columns = np.sort(np.argsort(-spread, kind="stable")[:most])
    return Terms(family, words, tuple(found), columns), counts[:, columns]


def _lengthened(
    units: _Units, starts: Ints, grams: Ints, length: int
) -> tuple[Ints, Ints]:
    """Returns starts and codes of the n-grams one unit longer than `grams`."""
    ends = starts + (length - 1)
    inside = (grams >= 0) & (ends < len(units.ids))
    starts, grams, ends = starts[inside], grams[inside], ends[inside]
    if length == 1:
        return starts, grams
    whole = (units.pieces[starts] == units.pieces[ends]) & (units.ids[ends] >= 0)
    return starts[whole], grams[whole] * units.base + units.ids[ends[whole]]


def _ranked(codes: Ints) -> tuple[Ints, Ints]:
    """Returns the ascending distinct codes, and the place of each code among them."""
    bound = int(codes.max(initial=-1)) + 1
    if bound > _DENSE_CODES:
        return np.unique(codes, return_inverse=True)
    seen = np.zeros(bound, dtype=bool)
    seen[codes] = True
    return np.flatnonzero(seen), (np.cumsum(seen) - 1)[codes]


def _located(codes: Ints, known: Ints) -> Ints:
    """Returns the place of each code among the ascending `known`, or -1."""
    if not len(known):
        return np.full(len(codes), -1)
    places = np.minimum(np.searchsorted(known, codes), len(known) - 1)
    return np.where(known[places] == codes, places, -1)


def _counted(rows: Ints, columns: Ints, shape: tuple[int, int]) -> "csr_matrix":
    from scipy.sparse import coo_matrix

    return coo_matrix((np.ones(len(rows)), (rows, columns)), shape=shape).tocsr()


def beside(blocks: Sequence["csr_matrix"]) -> "csr_matrix":
    """Returns the columns of all matrices in one, block after block."""
    from scipy.sparse import hstack

    return hstack(blocks, format="csr")
