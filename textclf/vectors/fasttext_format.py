"""Word vectors out of fastText's own `.bin` models, row by row from the file."""

import os
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

import numpy as np

from textclf.errors import ArtefactError
from textclf.files import check_regular
from textclf.vectors.fasttext_head import LARGEST_HEAD, Head, damaged

_ENTRY = struct.Struct("<qb")  # a count and a type, behind a word and its zero
_SHAPE = struct.Struct("<2q")
_WORD = 0
_END_OF_LINE = b"</s>"
_LONGEST_WORD = 1 << 16
_BLOCK = 1 << 20
_WORDS_AT_ONCE = 4096


@dataclass
class FasttextModel:
    """An open model: the vector of any word, read from the file when asked for.

    Attributes:
        head: What it says of itself.
    """

    head: Head
    _stream: BinaryIO
    _matrix: int = 0
    _end: int = 0
    _known: dict[bytes, int] | None = field(default=None, repr=False)

    def words(self) -> Iterator[list[bytes]]:
        """Yields the words of the dictionary in order, some thousand at a time."""
        words: list[bytes] = []
        for number, (word, kind, place) in enumerate(self._entries()):
            if number < self.head.words:
                if kind != _WORD:
                    raise self._fault(f"got no word as entry {number + 1:,}", place)
                words.append(word)
            if len(words) == _WORDS_AT_ONCE:
                yield words
                words = []
        if words:
            yield words

    def known(self, row: int, word: bytes) -> np.ndarray:
        """Returns float32[dim] of a word of the dictionary: its row and its n-grams.

        Raises:
            ArtefactError: A number is not finite.
        """
        # Since 2017 the end of a line has no n-grams; the models before have no flag.
        alone = word == _END_OF_LINE and self.head.flagged
        grams = [] if alone else self.head.subwords.of(word)
        return self._mean([row, *(self.head.words + gram for gram in grams)], word)

    def vector(self, word: str) -> np.ndarray | None:
        """Returns float32[dim] of any word; None if it has neither row nor n-grams."""
        content = word.encode("utf-8", "surrogatepass")
        if self._known is None:
            words = [word for some in self.words() for word in some]
            self._known = {word: row for row, word in enumerate(words)}
        row = self._known.get(content)
        if row is not None:
            return self.known(row, content)
        grams = self.head.subwords.of(content)
        return self.built(content) if grams else None

    def built(self, word: bytes) -> np.ndarray | None:
        """Returns float32[dim], the mean of a word's n-grams; None if it has none."""
        rows = [self.head.words + gram for gram in self.head.subwords.of(word)]
        return self._mean(rows, word) if rows else None

    def gram(self, bucket: int) -> np.ndarray:
        """Returns float32[dim], the row of a bucket."""
        return self._mean([self.head.words + bucket], b"an n-gram")

    def _mean(self, rows: list[int], word: bytes) -> np.ndarray:
        width = 4 * self.head.dim
        content = b"".join(
            self._read(width, self._matrix + row * width) for row in rows
        )
        if len(content) != width * len(rows):
            raise self._fault("the file was cut while it was read", self.head.size)
        numbers = np.frombuffer(content, "<f4").reshape(len(rows), self.head.dim)
        mean = numbers.mean(axis=0, dtype=np.float64).astype(np.float32)
        if not np.isfinite(mean).all():
            shown = word.decode(errors="replace")
            raise ArtefactError(
                f'got numbers that are not finite for "{shown}", expected finite ones',
                where=str(self.head.path),
            )
        return mean

    def _entries(self) -> Iterator[tuple[bytes, int, int]]:
        """Yields the word, the type and the place of each entry of the dictionary."""
        data, place, begin = b"", self.head.start, 0
        for number in range(self.head.entries):
            end = data.find(b"\0", begin)
            while end < 0 or end + 1 + _ENTRY.size > len(data):
                if end < 0 and len(data) - begin > _LONGEST_WORD:
                    raise self._fault(f"got no end of entry {number + 1:,}", place)
                more = self._read(_BLOCK, place + len(data) - begin)
                if not more:
                    problem = f"the dictionary is cut off in entry {number + 1:,}"
                    raise self._fault(problem, self.head.size)
                data, begin = data[begin:] + more, 0
                end = data.find(b"\0", begin)
            _, kind = _ENTRY.unpack_from(data, end + 1)
            yield data[begin:end], kind, place
            following = end + 1 + _ENTRY.size
            place, begin = place + following - begin, following
        self._end = place

    def _find_matrix(self) -> None:
        """Walks through the dictionary to the input matrix, and checks its shape."""
        for _ in self._entries():
            pass
        place = self._end + 8 * (self.head.pruned or 0)
        if self.head.flagged:
            self._check_dense(place)
            place += 1
        content = self._read(_SHAPE.size, place)
        if len(content) < _SHAPE.size:
            raise self._fault("the matrix is missing", self.head.size)
        rows, dim = _SHAPE.unpack(content)
        if (rows, dim) != (self.head.rows, self.head.dim):
            raise self._fault(
                f"got a matrix of {rows:,} × {dim:,}, expected {self.head.rows:,} × "
                f"{self.head.dim:,}",
                place,
            )
        self._matrix = place + _SHAPE.size
        if self._matrix + 4 * rows * dim > self.head.size:
            raise self._fault(
                f"got a matrix of {rows:,} × {dim:,}, which ends at byte "
                f"{self._matrix + 4 * rows * dim:,}, but the file is shorter",
                self.head.size,
            )

    def _check_dense(self, place: int) -> None:
        flag = self._read(1, place)
        if flag == b"\1":
            raise ArtefactError(
                "unsupported: quantised fastText model",
                where=str(self.head.path),
                fix="use the model before `fasttext quantize`, or its .vec file",
            )
        if flag != b"\0":
            raise self._fault("got no flag before the matrix", place)
        if self.head.pruned is not None:  # only quantising leaves n-grams out
            problem = "got a table of pruned n-grams in a model that is not quantised"
            raise self._fault(problem, place)

    def _read(self, count: int, place: int) -> bytes:
        return os.pread(self._stream.fileno(), count, place)

    def _fault(self, problem: str, place: int) -> ArtefactError:
        return damaged(self.head.path, f"{problem} (byte {place:,})")


@contextmanager
def open_fasttext(path: Path) -> Iterator[FasttextModel]:
    """Opens a fastText model, unsupervised or supervised, without reading its rows.

    Raises:
        ArtefactError: It is damaged, cut, quantised or of another version.
    """
    size = check_regular(path, ArtefactError)
    with path.open("rb") as stream:
        head = Head.parse(stream.read(LARGEST_HEAD), path, size=size)
        model = FasttextModel(head, stream)
        model._find_matrix()
        yield model


@dataclass(frozen=True)
class FasttextBlock:
    """Consecutive words of a model.

    Attributes:
        model: Where their numbers are.
        tokens: The words.
        first_row: The row of the first, from 0.
    """

    model: FasttextModel
    tokens: list[bytes]
    first_row: int

    def values(self, row: int) -> np.ndarray:
        """Returns float32[dim], the vector of a word of this block.

        Raises:
            ArtefactError: A number is not finite.
        """
        return self.model.known(self.first_row + row, self.tokens[row])


def fasttext_blocks(model: FasttextModel) -> Iterator[FasttextBlock]:
    """Yields the words of a model in order."""
    row = 0
    for words in model.words():
        yield FasttextBlock(model, words, row)
        row += len(words)
