"""Rows of word2vec's binary format: a word, a space, float32 numbers."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from textclf.errors import ArtefactError
from textclf.vectors.layout import Layout
from textclf.vectors.unpacked import Unpacked

LONGEST_WORD = 1 << 16
_NEWLINE = ord("\n")


@dataclass(frozen=True, slots=True)
class BinaryBlock:
    """Rows of a binary file.

    Attributes:
        layout: The form of the file.
        data: The bytes the rows stand in.
        tokens: The word of each row.
        starts: Where in `data` the numbers of each row begin.
        first_row: The number of the first row in the file, from 1.
    """

    layout: Layout
    data: bytes
    tokens: list[bytes]
    starts: list[int]
    first_row: int

    def values(self, row: int) -> np.ndarray:
        """Returns float32[dim], the numbers of a row of this block.

        Raises:
            ArtefactError: One of them is not finite.
        """
        numbers = np.frombuffer(self.data, "<f4", self.layout.dim, self.starts[row])
        if not np.isfinite(numbers).all():
            bad = int(np.flatnonzero(~np.isfinite(numbers))[0])
            raise ArtefactError(
                f"got {numbers[bad]} as number {bad + 1} of row "
                f"{self.first_row + row:,}, expected a finite number",
                where=str(self.layout.path),
            )
        return numbers.astype(np.float32, copy=False)


def binary_blocks(source: Unpacked, layout: Layout) -> Iterator[BinaryBlock]:
    """Yields the rows after the header in blocks of about a megabyte.

    Raises:
        ArtefactError: The file ends before its last row or goes on after it.
    """
    rows = layout.rows or 0
    seen, rest = 0, b""
    while seen < rows:
        data = source.read()
        if not data:
            raise _cut(seen, source, layout)
        rest += data
        block, used = _block(rest, rows - seen, seen + 1, layout)
        seen += len(block.tokens)
        rest = rest[used:]
        _check_word_ends(rest, source, layout)
        if block.tokens:
            yield block
    _check_end(rest, source, layout)


def _block(
    data: bytes, most: int, first_row: int, layout: Layout
) -> tuple[BinaryBlock, int]:
    """Returns the whole rows at the front of `data`, and how many bytes they take."""
    width, length = 4 * layout.dim, len(data)
    tokens: list[bytes] = []
    starts: list[int] = []
    position = 0
    while len(tokens) < most:
        # Some writers end each row with a line end, some do not.
        word = position + (position < length and data[position] == _NEWLINE)
        start = data.find(b" ", word) + 1
        if start == 0 or start + width > length:
            break
        tokens.append(data[word : start - 1])
        starts.append(start)
        position = start + width
    return BinaryBlock(layout, data, tokens, starts, first_row), position


def _check_word_ends(rest: bytes, source: Unpacked, layout: Layout) -> None:
    if len(rest) > LONGEST_WORD and b" " not in rest[:LONGEST_WORD]:
        raise ArtefactError(
            f"got no end of a word within {LONGEST_WORD:,} bytes at "
            f"{source.place(source.offset - len(rest))}; rows of {layout.dim} numbers "
            "do not fit the data",
            where=str(layout.path),
        )


def _cut(seen: int, source: Unpacked, layout: Layout) -> ArtefactError:
    return ArtefactError(
        f"got {seen:,} of the {layout.rows:,} rows of the header; the file ends at "
        f"{source.place()}",
        where=str(layout.path),
        fix="get the file again",
    )


def _check_end(rest: bytes, source: Unpacked, layout: Layout) -> None:
    # Asking for more than may come reaches the end, where gzip compares its checksum.
    after = rest + source.read(2)
    if after not in (b"", b"\n"):
        raise ArtefactError(
            f"got data after the {layout.rows:,} rows of {layout.dim} numbers of the "
            f"header, before {source.place()}",
            where=str(layout.path),
            fix="correct the header or get the file again",
        )
