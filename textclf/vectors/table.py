"""Word vectors in memory: row i is word i."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from textclf.errors import ArtefactError, ConfigError, DataError, nearest, printable
from textclf.progress import SILENT, Progress
from textclf.text.piles import MemoryPile
from textclf.vectors.blocks import decoded
from textclf.vectors.formats import sniff
from textclf.vectors.reader import read_blocks

_ROWS = 4096


@dataclass(frozen=True, eq=False, repr=False)
class Vectors:
    """Words and their vectors.

    Attributes:
        tokens: The words, all different, most frequent first where the file was so.
        matrix: float32[len(tokens), dim], finite.
    """

    tokens: tuple[str, ...]
    matrix: np.ndarray

    def __post_init__(self) -> None:
        if self.matrix.ndim != 2 or len(self.matrix) != len(self.tokens):
            raise ArtefactError(
                f"got {len(self.tokens):,} words and numbers of shape "
                f"{self.matrix.shape}, expected a row a word"
            )
        if len(self.ids) != len(self.tokens):
            raise ArtefactError("got a word twice, expected different words")

    @classmethod
    def read(
        cls,
        path: Path,
        *,
        limit: int | None = None,
        words: Collection[str] | None = None,
        progress: Progress = SILENT,
    ) -> "Vectors":
        """Reads a file, or a part of it, in memory of the rows that are kept.

        Of a word that stands twice the first row is kept; words that are not UTF-8 are
        left out.

        Args:
            path: Any file that `sniff` knows.
            limit: Most rows that are kept; reading stops there.
            words: The words that are kept; None: all.
            progress: Hears how many bytes were read.

        Raises:
            ArtefactError: The file is missing, foreign or damaged.
            ConfigError: The limit is below 1.
            DataError: None of the words is in it.
        """
        if limit is not None and limit < 1:
            raise ConfigError(f"got {limit}, expected 1 or more", where="--limit")
        layout = sniff(path)
        seen: dict[str, None] = {}
        numbers = MemoryPile(np.dtype(np.float32))  # grows without a second copy
        for block in read_blocks(layout, progress=progress):
            kept = []
            for row, word in enumerate(decoded(block.tokens)):
                if limit is not None and len(seen) >= limit:
                    break
                if word is None or word in seen:
                    continue
                if words is None or word in words:
                    seen[word] = None
                    kept.append(block.values(row))
            if kept:
                numbers.append(np.concatenate(kept))
            if limit is not None and len(seen) >= limit:
                break
        if not seen:
            raise DataError("got none of the words in the file", where=str(path))
        return cls(tuple(seen), numbers.whole().reshape(-1, layout.dim))

    def __len__(self) -> int:
        return len(self.tokens)

    def __repr__(self) -> str:
        first = ", ".join(printable(token, limit=20) for token in self.tokens[:3])
        return f"Vectors({len(self):,} words, {self.dim} dimensions: {first} …)"

    def _repr_html_(self) -> str:
        from textclf.vectors.display import vectors_html

        return vectors_html(self.tokens, self.matrix)

    @property
    def dim(self) -> int:
        """Numbers a word."""
        return int(self.matrix.shape[1])

    @cached_property
    def ids(self) -> dict[str, int]:
        """The row of each word."""
        return {token: row for row, token in enumerate(self.tokens)}

    @cached_property
    def unit(self) -> np.ndarray:
        """float32[len(self), dim], the rows scaled to length 1; zero rows stay zero."""
        unit = np.empty_like(self.matrix)
        for start in range(0, len(unit), _ROWS):
            part = self.matrix[start : start + _ROWS]
            norms = np.linalg.norm(part, axis=1, keepdims=True)
            unit[start : start + _ROWS] = part / np.where(norms > 0, norms, 1)
        return unit

    def find(self, word: str) -> int | None:
        """Returns the row of a word as written, else in lower case, else None."""
        return self.ids.get(word, self.ids.get(word.lower()))

    def row(self, word: str) -> int:
        """Returns the row of a word; see `find`.

        Raises:
            DataError: There is none; the message names the nearest spelling.
        """
        found = self.find(word)
        if found is not None:
            return found
        similar = nearest(word.lower(), self.tokens[:_ROWS])
        raise DataError(
            f'got the word "{printable(word, limit=60)}", which has no vector',
            fix=f"did you mean {printable(similar)}?"
            if similar
            else "try another word",
        )

    def rows(self, words: Sequence[str]) -> np.ndarray:
        """Returns int64[n], the rows of words; see `row`."""
        return np.array([self.row(word) for word in words], dtype=np.int64)
