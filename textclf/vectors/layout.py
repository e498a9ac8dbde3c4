"""What is known of a vector file before its rows are read."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from textclf.errors import ArtefactError

LARGEST_DIM = 1 << 16
# Deflate never packs tighter than this (zlib's technical notes), so a gzip file of
# n bytes holds at most n times as many.
_TIGHTEST_GZIP = 1032


class Format(StrEnum):
    """How rows are written. fastText's .vec files are word2vec text."""

    GLOVE_TEXT = "glove-text"
    WORD2VEC_TEXT = "word2vec-text"
    WORD2VEC_BINARY = "word2vec-binary"
    FASTTEXT_BINARY = "fasttext-binary"


@dataclass(frozen=True, slots=True)
class Layout:
    """The form of a vector file, as its first bytes tell.

    Attributes:
        path: The file.
        format: How its rows are written.
        dim: Numbers a row has.
        rows: The rows its header promises; None without a header.
        start: Unpacked bytes before the first row.
        size: Bytes on disk.
        packed: Whether it is gzip.

    Raises:
        ArtefactError: The header promises what cannot be, or what the file is too
            small for. Nothing is allocated by a header's word.
    """

    path: Path
    format: Format
    dim: int
    rows: int | None
    start: int
    size: int
    packed: bool

    def __post_init__(self) -> None:
        if not 1 <= self.dim <= LARGEST_DIM:
            raise ArtefactError(
                f"got rows of {self.dim:,} numbers, expected 1 to {LARGEST_DIM:,}",
                where=str(self.path),
            )
        if self.rows is not None and self.rows < 1:
            raise ArtefactError(
                f"got a header of {self.rows:,} rows, expected at least one",
                where=str(self.path),
            )
        if self.least_bytes > self.most_bytes:
            raise ArtefactError(
                f"got a header of {self.rows or 0:,} rows of {self.dim:,} numbers, "
                f"which need at least {self.least_bytes:,} bytes, but the file ends at "
                f"byte {self.size:,}",
                where=str(self.path),
                fix="get the file again",
            )

    @property
    def least_bytes(self) -> int:
        """The unpacked bytes that the promised rows need at least."""
        binary = self.format in (Format.WORD2VEC_BINARY, Format.FASTTEXT_BINARY)
        # A word may be empty; then come " " and 4 bytes a number, or " 0" each, "\n".
        row = 1 + 4 * self.dim if binary else 2 * self.dim + 1
        return self.start + row * (self.rows or 0)

    @property
    def most_bytes(self) -> int:
        """The unpacked bytes that the file can hold at most."""
        return self.size * (_TIGHTEST_GZIP if self.packed else 1)

    @property
    def first_line(self) -> int:
        """The line of the first row, counted from 1 (text formats)."""
        return 1 if self.rows is None else 2
