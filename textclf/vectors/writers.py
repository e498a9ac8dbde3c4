"""Word vectors written in the formats that others read, a block at a time."""

import gzip
import io
import os
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

import numpy as np
import polars as pl

from textclf.errors import ConfigError, DataError, printable
from textclf.files import write_whole
from textclf.progress import SILENT, Progress
from textclf.vectors.blocks import decoded
from textclf.vectors.formats import sniff
from textclf.vectors.layout import Format, Layout
from textclf.vectors.reader import read_blocks
from textclf.vectors.table import Vectors

_SUFFIXES = {
    ".txt": Format.GLOVE_TEXT,
    ".vec": Format.WORD2VEC_TEXT,
    ".bin": Format.WORD2VEC_BINARY,
}
_GZIP = ".gz"
_COMPRESSION = 6
_ROWS = 4096

Rows = tuple[list[str], np.ndarray]
"""Words, and float32[len(words), dim]."""


@dataclass(frozen=True)
class Choice:
    """Which rows of a file are written.

    Attributes:
        limit: Most rows; None: no bound.
        words: The words that are kept; None: all.
        rounded: Whether numbers keep the precision of float16 only.
        rotation: float32[dim, dim] that rows are multiplied by; None: they stay.
    """

    limit: int | None = None
    words: Collection[str] | None = None
    rounded: bool = False
    rotation: np.ndarray | None = None

    def __post_init__(self) -> None:
        if self.limit is not None and self.limit < 1:
            raise ConfigError(f"got {self.limit}, expected 1 or more", where="--limit")


@dataclass(frozen=True)
class Written:
    """What became of the rows of a file.

    Attributes:
        format: The format written.
        rows: Rows written.
        dim: Numbers a row.
        repeated: Words that came again and were left out.
        undecodable: Words that are not UTF-8, left out.
        unfit: Words with blanks that the format cannot hold, left out.
    """

    format: Format
    rows: int
    dim: int
    repeated: int
    undecodable: int
    unfit: int


def format_of(path: Path) -> Format:
    """Returns the format that a file name asks for.

    Raises:
        ConfigError: Its suffix is none of ours.
    """
    name = path.name.removesuffix(_GZIP)
    found = _SUFFIXES.get(Path(name).suffix)
    if found is None:
        raise ConfigError(
            f"got the name {path.name!r}, expected one that ends in .txt (GloVe text), "
            ".vec (word2vec text) or .bin (word2vec binary), with .gz or without",
            where=str(path),
        )
    return found


def check_target(path: Path) -> None:
    """Refuses a file that cannot be written, before any work is done for it.

    Raises:
        ConfigError: Its name tells no format, or its folder is missing or closed.
    """
    format_of(path)
    if not path.parent.is_dir():
        raise ConfigError("no such folder", where=str(path.parent), fix="make it")
    if not os.access(path.parent, os.W_OK | os.X_OK):
        raise ConfigError("no permission to write here", where=str(path.parent))


def convert(
    source: Path, target: Path, choice: Choice, *, progress: Progress = SILENT
) -> Written:
    """Writes the rows of a vector file in the format that the target's name asks for.

    The file is read twice: to count the rows that word2vec's header tells, and to write
    them. Memory holds the words of the file, no more than a block of numbers. Of a word
    that comes again the first row counts, as for whoever reads the file.

    Args:
        source: Any file that `sniff` knows.
        target: Where it goes; the ending tells the format.
        choice: Which rows are kept, and what is done to them.
        progress: Who listens.

    Raises:
        ArtefactError: The source is missing, foreign or damaged.
        ConfigError: The target's name tells no format, or a number does not fit.
        DataError: No row is left.
        ResourceError: The disk is full.
    """
    layout, kind = sniff(source), format_of(target)
    counted = _Chosen(choice, kind)
    for block in read_blocks(layout, progress=progress):
        counted.rows(block.tokens)
        if counted.is_full:
            break
    if not counted.seen:
        raise DataError(
            "got no row to write: the file has none of the words", where=str(source)
        )
    with _opened(target) as stream:
        if kind != Format.GLOVE_TEXT:
            stream.write(b"%d %d\n" % (len(counted.seen), layout.dim))
        for rows in _kept(layout, choice, kind, progress):
            stream.write(_WRITERS[kind](rows))
    return Written(
        kind,
        len(counted.seen),
        layout.dim,
        counted.repeated,
        counted.undecodable,
        counted.unfit,
    )


def write_vectors(vectors: Vectors, target: Path) -> None:
    """Writes vectors in the format that the target's name asks for, whole or not.

    Raises:
        ConfigError: The name tells no format, or the format cannot hold a word.
        ResourceError: The disk is full.
    """
    kind = format_of(target)
    blank = "" if kind == Format.GLOVE_TEXT else " "
    unfit = next((t for t in vectors.tokens if "\n" in t or blank and blank in t), None)
    if unfit is not None:
        raise ConfigError(
            f'got the word "{printable(unfit)}", which {kind} cannot hold',
            where=str(target),
            fix="give a name that ends in .txt",
        )
    with _opened(target) as stream:
        if kind != Format.GLOVE_TEXT:
            stream.write(b"%d %d\n" % vectors.matrix.shape)
        for start in range(0, len(vectors), _ROWS):
            words = list(vectors.tokens[start : start + _ROWS])
            stream.write(_WRITERS[kind]((words, vectors.matrix[start : start + _ROWS])))


class _Chosen:
    """Picks the rows of block after block."""

    def __init__(self, choice: Choice, kind: Format) -> None:
        self.seen: set[str] = set()
        self.repeated = self.undecodable = self.unfit = 0
        self._choice = choice
        self._blanks = "\n" if kind == Format.GLOVE_TEXT else "\n "

    @property
    def is_full(self) -> bool:
        limit = self._choice.limit
        return limit is not None and len(self.seen) >= limit

    def rows(self, tokens: Collection[bytes]) -> list[tuple[int, str]]:
        """Returns the rows of a block that are written, with their words."""
        chosen = []
        for row, word in enumerate(decoded(list(tokens))):
            if self.is_full:
                break
            if self._takes(word):
                self.seen.add(cast(str, word))
                chosen.append((row, cast(str, word)))
        return chosen

    def _takes(self, word: str | None) -> bool:
        if word is None:
            self.undecodable += 1
            return False
        words = self._choice.words
        if words is not None and word not in words:
            return False
        if not word or any(blank in word for blank in self._blanks):
            self.unfit += 1
            return False
        self.repeated += word in self.seen
        return word not in self.seen


def _kept(
    layout: Layout, choice: Choice, kind: Format, progress: Progress
) -> Iterator[Rows]:
    chosen = _Chosen(choice, kind)
    for block in read_blocks(layout, progress=progress):
        found = chosen.rows(block.tokens)
        if found:
            matrix = np.stack([block.values(row) for row, _ in found])
            if choice.rotation is not None:
                matrix = matrix @ choice.rotation
            yield [w for _, w in found], _rounded(matrix) if choice.rounded else matrix
        if chosen.is_full:
            return


def _rounded(matrix: np.ndarray) -> np.ndarray:
    with np.errstate(over="ignore"):
        half = matrix.astype(np.float16).astype(np.float32)
    if not np.isfinite(half).all():
        raise ConfigError(
            f"got a number of size {np.abs(matrix).max():g}, which float16 cannot hold",
            where="--dtype",
            fix="use float32",
        )
    return half


def _text(rows: Rows) -> bytes:
    """Returns lines whose numbers are the shortest that read back to the same bits."""
    words, matrix = rows
    numbers = pl.Series(matrix.ravel()).cast(pl.String).to_list()
    dim = matrix.shape[1]
    lines = (
        f"{word} {' '.join(numbers[at * dim : (at + 1) * dim])}\n"
        for at, word in enumerate(words)
    )
    return "".join(lines).encode()


def _binary(rows: Rows) -> bytes:
    words, matrix = rows
    content = io.BytesIO()
    for word, row in zip(words, matrix.astype("<f4"), strict=True):
        content.write(word.encode() + b" " + row.tobytes() + b"\n")
    return content.getvalue()


_WRITERS: dict[Format, Callable[[Rows], bytes]] = {
    Format.GLOVE_TEXT: _text,
    Format.WORD2VEC_TEXT: _text,
    Format.WORD2VEC_BINARY: _binary,
}


@contextmanager
def _opened(target: Path) -> Iterator[IO[bytes]]:
    with write_whole(target) as stream:
        if not target.name.endswith(_GZIP):
            yield stream
            return
        # Without a time, so that equal vectors give equal files.
        with gzip.GzipFile("", "wb", _COMPRESSION, fileobj=stream, mtime=0) as packed:
            yield cast(IO[bytes], packed)
