"""Terms: the n-grams of words and characters that a linear model counts."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import polars as pl

from textclf.config.schema import TextConfig
from textclf.errors import DataError
from textclf.text.encoded import Encoded, offsets_of
from textclf.text.encoder import TextEncoder
from textclf.text.normalise import text_column
from textclf.text.vocabulary import RESERVED

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

Ints = npt.NDArray[np.int64]

WORDS = TextConfig(ngrams=2, vocabulary_size=50_000_000, max_length=100_000)
WORDS_AND_CHARACTERS = WORDS.model_copy(update={"char_ngrams": [2, 5]})
CHARACTERS = WORDS.model_copy(update={"unit": "character", "ngrams": 4})

_UNSPACED = r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]"
_UNSPACED_SHARE = 0.3  # of the letters, above which blanks do not part words
_LONG_PIECE = 25  # characters between blanks, above which they are no words
_LOOKED_AT = 2_000  # texts, and characters of each, that decide about blanks
_ID_BITS = 32


@dataclass(frozen=True, eq=False)
class Terms:
    """The terms that training texts hold, in one or two families.

    Attributes:
        encoder: From texts to the rows of terms.
        families: For words (or characters), and for characters inside words, the
            ascending rows that are features.
    """

    encoder: TextEncoder
    families: tuple[Ints, ...]

    @classmethod
    def learn(
        cls, texts: Sequence[str], settings: TextConfig, *, min_count: int, most: int
    ) -> tuple["Terms", list["csr_matrix"]] | None:
        """Finds the terms that stand in the texts `min_count` times; counts them.

        Args:
            texts: The training texts.
            settings: Which terms there are.
            min_count: Rarer terms are left out.
            most: Terms of a family; the most widespread are kept.

        Returns:
            The terms and, for each family, float64 [texts, terms] counts; None where no
            term is frequent enough.
        """
        counted = {"min_count": min_count, "ngram_min_count": min_count}
        try:
            encoder, encoded = TextEncoder.fit_encode(
                texts, settings.model_copy(update=counted)
            )
        except DataError:
            return None
        counts = term_counts(encoded, encoder.rows)
        spread = np.bincount(counts.indices, minlength=encoder.rows)
        known = encoder.grams.units
        border = len(encoder.vocabulary) + (known.rows if known else 0)
        ranges = [(len(RESERVED), border), (border, encoder.rows)]
        families = tuple(
            first + np.sort(np.argsort(-spread[first:end], kind="stable")[:most])
            for first, end in ranges
            if end > first
        )
        terms = cls(encoder, families)
        return terms, [counts[:, rows] for rows in families]

    @property
    def total(self) -> int:
        """Terms of all families."""
        return sum(len(rows) for rows in self.families)

    @property
    def features(self) -> str:
        """What the terms are, for people."""
        settings = self.encoder.settings
        if settings.unit == "character":
            return "characters"
        return "words and characters" if settings.char_ngrams else "words"

    def count(self, texts: Sequence[str]) -> list["csr_matrix"]:
        """Returns how often each term occurs: a family's float64 [texts, terms]."""
        counts = term_counts(self.encoder.encode(texts), self.encoder.rows)
        return [counts[:, rows] for rows in self.families]


def term_counts(encoded: Encoded, rows: int) -> "csr_matrix":
    """Returns float64 [texts, rows], how often each row stands in each text."""
    from scipy.sparse import csr_matrix

    text = np.repeat(np.arange(len(encoded), dtype=np.int64), encoded.lengths)
    keys = np.sort(text << _ID_BITS | encoded.ids)
    first = np.flatnonzero(np.diff(keys, prepend=-1))
    counts = np.diff(first, append=len(keys)).astype(np.float64)
    keys = keys[first]
    lengths = np.bincount(keys >> _ID_BITS, minlength=len(encoded))
    columns = (keys & ((1 << _ID_BITS) - 1)).astype(np.int32)
    return csr_matrix((counts, columns, offsets_of(lengths)), (len(encoded), rows))


def has_blanks(texts: Sequence[str]) -> bool:
    """Tells whether blanks part the words of these texts, as in most scripts."""
    looked_at = texts[:: -(-len(texts) // _LOOKED_AT)]
    column: pl.Series = text_column([text[:_LOOKED_AT] for text in looked_at])
    patterns = (_UNSPACED, r"\w", r"\S+")
    counts = [column.str.count_matches(pattern).sum() for pattern in patterns]
    unspaced, letters, pieces = map(int, counts)
    parted = letters <= _LONG_PIECE * pieces
    return parted and unspaced <= _UNSPACED_SHARE * letters


def beside(blocks: Sequence["csr_matrix"]) -> "csr_matrix":
    """Returns the columns of all matrices in one, block after block."""
    from scipy.sparse import hstack

    return blocks[0] if len(blocks) == 1 else hstack(blocks, format="csr")
