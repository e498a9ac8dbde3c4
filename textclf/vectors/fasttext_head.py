"""The beginning of fastText's own `.bin` models, of today and of 2016."""

import struct
from dataclasses import dataclass
from pathlib import Path

from textclf.errors import ArtefactError
from textclf.vectors.layout import LARGEST_DIM
from textclf.vectors.subword import Subwords

_MAGIC = (793_712_314).to_bytes(4, "little")
_VERSIONS = (11, 12)
_MARK = struct.Struct("<4si")
_SETTINGS = struct.Struct("<12id")
_SIZES = struct.Struct("<3iq")
_PRUNED = struct.Struct("<q")
LARGEST_HEAD = _MARK.size + _SETTINGS.size + _SIZES.size + _PRUNED.size
_LEAST_ENTRY = 10  # a zero, a count and a type
_METHODS = {1: "cbow", 2: "skipgram", 3: "supervised"}
_LOSSES = (1, 2, 3, 4)
_SUPERVISED = "supervised"
_UNPRUNED = -1


@dataclass(frozen=True)
class Head:
    """What a model says of itself, checked against the size of its file.

    Attributes:
        path: The file.
        method: `cbow`, `skipgram` or `supervised`.
        dim: Numbers a word.
        words: Words of the dictionary; labels come after them.
        entries: Words and labels.
        subwords: How words are cut into n-grams.
        pruned: Pairs of numbers behind the dictionary; None: n-grams are all there.
        start: Where the dictionary begins.
        flagged: Whether a flag before the matrix tells if it is quantised.
        size: Bytes of the file.
    """

    path: Path
    method: str
    dim: int
    words: int
    entries: int
    subwords: Subwords
    pruned: int | None
    start: int
    flagged: bool
    size: int

    def __post_init__(self) -> None:
        if not 1 <= self.dim <= LARGEST_DIM:
            raise damaged(
                self.path,
                f"got {self.dim:,} numbers a word, expected 1 to {LARGEST_DIM:,}",
            )
        if self.words < 1 or self.entries < self.words:
            raise damaged(
                self.path,
                f"got a dictionary of {self.words:,} words in {self.entries:,} entries",
            )
        least = self.start + self.entries * _LEAST_ENTRY + (self.pruned or 0) * 8
        if least > self.size:
            raise damaged(
                self.path,
                f"got a dictionary of {self.entries:,} entries, which needs "
                f"{least:,} bytes, but the file ends at byte {self.size:,}",
            )

    @property
    def rows(self) -> int:
        """Rows of the input matrix: words, then buckets."""
        return self.words + self.subwords.buckets

    @classmethod
    def parse(cls, content: bytes, path: Path, *, size: int) -> "Head":
        """Reads the first `LARGEST_HEAD` bytes of a file.

        Raises:
            ArtefactError: The version is another, or a number cannot be.
        """
        version, start = 0, 0
        if content.startswith(_MAGIC) and len(content) >= _MARK.size:
            version, start = _MARK.unpack_from(content)[1], _MARK.size
            if version not in _VERSIONS:
                raise ArtefactError(
                    f"unsupported: fastText version {version}, expected "
                    f"{' or '.join(map(str, _VERSIONS))}",
                    where=str(path),
                    fix="use its .vec file",
                )
        end = start + _SETTINGS.size + _SIZES.size + (_PRUNED.size if version else 0)
        if len(content) < end:
            raise damaged(path, f"the header is cut off at byte {len(content):,}")
        settings = _SETTINGS.unpack_from(content, start)
        entries, words, labels, _ = _SIZES.unpack_from(content, start + _SETTINGS.size)
        pruned = _PRUNED.unpack_from(content, end - _PRUNED.size)[0] if version else -1
        dim, kind, bucket, shortest, longest = (settings[i] for i in (0, 7, 8, 9, 10))
        method = _METHODS.get(kind)
        if method is None:
            raise damaged(path, f"got model {kind}, expected 1, 2 or 3")
        if labels < 0 or entries != words + labels or pruned < _UNPRUNED:
            raise damaged(
                path, f"got {entries:,} entries, {words:,} words, {labels:,} labels"
            )
        if version == _VERSIONS[0] and method == _SUPERVISED:
            longest = 0  # such models were trained without n-grams of characters
        try:
            subwords = Subwords(shortest, longest, bucket)
        except ArtefactError as fault:
            raise damaged(path, fault.problem) from fault
        return cls(
            path,
            method,
            dim,
            words,
            entries,
            subwords,
            None if pruned == _UNPRUNED else pruned,
            end,
            version > 0,
            size,
        )


def is_fasttext(content: bytes) -> bool:
    """Tells whether a file begins as a fastText model.

    Those of 2016 have no mark: their settings have to be as fastText's can be.
    """
    if content.startswith(_MAGIC):
        return True
    if len(content) < _SETTINGS.size:
        return False
    numbers = _SETTINGS.unpack_from(content)
    dim, loss, kind, bucket, shortest, longest = (
        numbers[i] for i in (0, 6, 7, 8, 9, 10)
    )
    return (
        1 <= dim <= LARGEST_DIM
        and loss in _LOSSES
        and kind in _METHODS
        and bucket >= 0
        and 0 <= shortest <= longest + 1
        and longest < 256
    )


def damaged(path: Path, problem: str) -> ArtefactError:
    """Returns the error for a model that is not what it says."""
    return ArtefactError(
        f"got a damaged fastText model: {problem}",
        where=str(path),
        fix="get the file again",
    )
