"""What a vector file holds, in one pass and little memory."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from textclf.progress import SILENT, Progress
from textclf.vectors.blocks import Block, decoded
from textclf.vectors.fasttext_format import open_fasttext
from textclf.vectors.formats import sniff
from textclf.vectors.layout import Format, Layout
from textclf.vectors.reader import read_blocks

_EXAMPLES = 5


@dataclass(frozen=True)
class Portrait:
    """A vector file in figures.

    Attributes:
        file: Its name.
        format: One of `layout.Format`.
        packed: Whether it is gzip.
        header: Whether it begins with its number of rows.
        rows: Rows.
        dim: Numbers a row.
        capitals: Words with a capital letter.
        spaced: Words with a blank inside.
        undecodable: Words that are not UTF-8.
        repeated: Words that came before.
        zero: Rows of zeros.
        norms: Least, median and highest Euclidean norm of a row.
        first: The first words.
        last: The last words.
        method: How a fastText model was trained; None for other files.
        grams: Fewest and most characters of its n-grams, and their buckets; None
            without n-grams.
    """

    file: str
    format: str
    packed: bool
    header: bool
    rows: int
    dim: int
    capitals: int
    spaced: int
    undecodable: int
    repeated: int
    zero: int
    norms: tuple[float, float, float]
    first: tuple[str, ...]
    last: tuple[str, ...]
    method: str | None = None
    grams: tuple[int, int, int] | None = None

    @classmethod
    def of(cls, path: Path, *, progress: Progress = SILENT) -> "Portrait":
        """Reads a whole vector file, every number of it.

        Memory is 12 bytes a row besides a block of the file.

        Raises:
            ArtefactError: The file is missing, foreign or damaged.
        """
        layout, seen = sniff(path), _Seen()
        for block in read_blocks(layout, progress=progress):
            seen.add(block)
        return cls(**_outside(layout), **seen.told())


def _outside(layout: Layout) -> dict[str, Any]:
    return {
        "file": layout.path.name,
        "format": layout.format.value,
        "packed": layout.packed,
        "header": layout.rows is not None,
        "dim": layout.dim,
        **_model(layout),
    }


def _model(layout: Layout) -> dict[str, Any]:
    if layout.format != Format.FASTTEXT_BINARY:
        return {}
    with open_fasttext(layout.path) as model:
        cut = model.head.subwords
        grams = (cut.shortest, cut.longest, cut.buckets) if cut else None
        return {"method": model.head.method, "grams": grams}


@dataclass
class _Seen:
    """What was seen so far."""

    capitals: int = 0
    spaced: int = 0
    undecodable: int = 0
    first: list[str] = field(default_factory=list)
    last: list[str] = field(default_factory=list)
    norms: list[np.ndarray] = field(default_factory=list)
    hashes: list[np.ndarray] = field(default_factory=list)

    def add(self, block: Block) -> None:
        tokens = list(block.tokens)
        words = [word for word in decoded(tokens) if word is not None]
        self.undecodable += len(tokens) - len(words)
        self.capitals += sum(word != word.lower() for word in words)
        self.spaced += sum(len(word.split()) > 1 for word in words)
        self.first = (self.first + words[:_EXAMPLES])[:_EXAMPLES]
        self.last = (self.last + words[-_EXAMPLES:])[-_EXAMPLES:]
        lengths = (np.linalg.norm(block.values(row)) for row in range(len(tokens)))
        self.norms.append(np.fromiter(lengths, np.float32, len(tokens)))
        self.hashes.append(np.fromiter(map(hash, tokens), np.int64, len(tokens)))

    def told(self) -> dict[str, Any]:
        norms, hashes = np.concatenate(self.norms), np.concatenate(self.hashes)
        spread = np.quantile(norms, [0.0, 0.5, 1.0]).tolist()
        return {
            "rows": len(norms),
            "capitals": self.capitals,
            "spaced": self.spaced,
            "undecodable": self.undecodable,
            "repeated": len(hashes) - len(np.unique(hashes)),
            "zero": int((norms == 0).sum()),
            "norms": tuple(spread),
            "first": tuple(self.first),
            "last": tuple(self.last),
        }
