"""Rows of GloVe text, word2vec text and fastText .vec files."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from textclf.errors import ArtefactError, printable
from textclf.vectors.layout import Layout
from textclf.vectors.numbers import is_number, parse_numbers
from textclf.vectors.unpacked import Unpacked

LONGEST_LINE = 1 << 20


@dataclass(frozen=True, slots=True)
class TextBlock:
    """Lines of a text file, each a word and its numbers.

    Attributes:
        layout: The form of the file.
        lines: The lines, without line ends and without spaces at the end.
        tokens: The word of each line.
        first_line: The number of the first line in the file, from 1.
    """

    layout: Layout
    lines: list[bytes]
    tokens: list[bytes]
    first_line: int

    def values(self, row: int) -> np.ndarray:
        """Returns float32[dim], the numbers of a row of this block.

        Raises:
            ArtefactError: They are no `dim` finite decimal numbers.
        """
        payload = self.lines[row][len(self.tokens[row]) + 1 :]
        try:
            return parse_numbers(payload, self.layout.dim)
        except ValueError as fault:
            raise ArtefactError(
                str(fault), where=f"{self.layout.path}:{self.first_line + row}"
            ) from fault


def text_blocks(source: Unpacked, layout: Layout) -> Iterator[TextBlock]:
    """Yields the rows after the header in blocks of about a megabyte.

    Of every row the number of fields is checked, by counting spaces; numbers are
    parsed only where `TextBlock.values` asks.

    Raises:
        ArtefactError: A row has too few or too many numbers, the file ends inside a
            line, or its rows are not as many as the header promises.
    """
    number = layout.first_line
    for lines in _whole_lines(source):
        last = number + len(lines) - layout.first_line
        if layout.rows is not None and last > layout.rows:
            raise ArtefactError(
                f"got more rows than the {layout.rows:,} of the header",
                where=f"{layout.path}:{layout.first_line + layout.rows}",
                fix="correct the header or get the file again",
            )
        yield _block(lines, number, layout)
        number += len(lines)
    _check_rows(number - layout.first_line, source, layout)


def _check_rows(rows: int, source: Unpacked, layout: Layout) -> None:
    if layout.rows is not None and rows < layout.rows:
        raise ArtefactError(
            f"got {rows:,} of the {layout.rows:,} rows of the header; the file ends at "
            f"{source.place()}",
            where=str(layout.path),
            fix="get the file again",
        )


def _whole_lines(source: Unpacked) -> Iterator[list[bytes]]:
    rest = b""
    while data := source.read():
        whole, newline, rest = (rest + data).rpartition(b"\n")
        if len(rest) > LONGEST_LINE:
            raise ArtefactError(
                f"got a line of more than {LONGEST_LINE:,} bytes at {source.place()}",
                where=str(source.path),
            )
        if newline:
            yield _lines(whole)
    if rest:
        raise ArtefactError(
            f"got no line end after the last row, the file ends at {source.place()}",
            where=str(source.path),
            fix="get the file again, or end its last line if the row is complete",
        )


def _lines(whole: bytes) -> list[bytes]:
    lines = whole.split(b"\n")
    # fastText ends each row with a space, Windows with a carriage return.
    if b"\r" in whole or b" \n" in whole or whole.endswith(b" "):
        return [line.rstrip(b" \r") for line in lines]
    return lines


def _block(lines: list[bytes], number: int, layout: Layout) -> TextBlock:
    dim = layout.dim
    counts = [line.count(b" ") for line in lines]
    if counts.count(dim) == len(counts):
        tokens = [line[: line.index(b" ")] for line in lines]
    else:
        tokens = [
            line[: line.index(b" ")]
            if count == dim
            else _spaced_token(line, count, f"{layout.path}:{number + row}", dim)
            for row, (line, count) in enumerate(zip(lines, counts, strict=True))
        ]
    return TextBlock(layout, lines, tokens, number)


def _spaced_token(line: bytes, count: int, where: str, dim: int) -> bytes:
    """Returns a word with spaces, as GloVe 840B has some.

    When all that stands between the first field and the last `dim` numbers is numbers
    too, then the row is too long, not its word.
    """
    if count < dim:
        raise ArtefactError(f"got {count} numbers, expected {dim}", where=where)
    token = line.rsplit(b" ", dim)[0]
    if all(map(is_number, token.split(b" ")[1:])):
        shown = printable(token.decode("utf-8", "backslashreplace"), limit=60)
        raise ArtefactError(
            f"got {count} numbers, expected {dim}",
            where=where,
            fix=f'get the file again, or write the word "{shown}" without spaces',
        )
    return token
