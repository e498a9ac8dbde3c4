"""The first values of an embedding, taken from a file of word vectors."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from textclf.config.embedding import Oov
from textclf.errors import ArtefactError, ConfigError, one_of
from textclf.progress import SILENT, Progress
from textclf.text.vocabulary import PAD, RESERVED, UNKNOWN, Vocabulary
from textclf.vectors.coverage import Coverage
from textclf.vectors.fasttext_format import open_fasttext
from textclf.vectors.formats import sniff
from textclf.vectors.layout import Format, Layout
from textclf.vectors.matching import Match, Matcher
from textclf.vectors.reader import read_blocks

_ROWS_AT_ONCE = 4096
_EXAMPLES = 5


@dataclass(frozen=True)
class Seeded:
    """Rows for an embedding; row i is token i of the vocabulary.

    Attributes:
        matrix: float32[len(vocabulary), dim]; row 0, padding, is zero.
        found: bool[len(vocabulary)], which rows come from the file.
        coverage: What was found, for people.
    """

    matrix: np.ndarray
    found: np.ndarray
    coverage: Coverage

    def __post_init__(self) -> None:
        if self.matrix.dtype != np.float32 or len(self.matrix) != len(self.found):
            raise ArtefactError(
                f"got {len(self.matrix)} rows of {self.matrix.dtype} and "
                f"{len(self.found)} flags, expected as many, of float32"
            )
        if self.found[: len(RESERVED)].any() or self.matrix[PAD].any():
            raise ArtefactError("got a vector for padding or unknown, expected none")


def seed_rows(
    path: Path,
    vocabulary: Vocabulary,
    *,
    dim: int,
    rng: np.random.Generator,
    oov: Oov = "random",
    scale: float | None = None,
    progress: Progress = SILENT,
) -> Seeded:
    """Reads the vectors of a vocabulary; the rest of the file is passed over.

    A token takes the row of its own spelling, else of another case (see `Matcher`).
    Tokens that are not found, and the unknown token, follow `oov`:

    - `random`: drawn from U(-a, a) with `a` such that their variance is that of the
      found rows (Kim 2014, section 3.3);
    - `zero`, or `mean`: the mean of the found rows;
    - `subword`: the mean of their n-grams' rows (Bojanowski et al. 2017, section 3.2);
      the unknown token, and tokens too short for n-grams, take the mean.

    Args:
        path: Any file that `sniff` knows.
        vocabulary: The tokens.
        dim: The setting `embedding.dim`.
        rng: Draws the rows that are not found.
        oov: What these begin with.
        scale: The standard deviation that one factor brings the found rows to; None:
            they stay as in the file. Optimisers step by the same size whatever the
            size of the numbers, so rows of large ones would hardly be trained.
        progress: Hears how many bytes were read.

    Raises:
        ArtefactError: The file is missing, foreign or damaged.
        ConfigError: The file has vectors of another size, or none for any token, or no
            n-grams for `subword`.
    """
    layout = sniff(path)
    if layout.dim != dim:
        raise ConfigError(
            f"got {dim}, the file has {layout.dim} ({path.name})",
            where="embedding.dim",
            fix=f"set embedding.dim: {layout.dim}",
        )
    _check_grams(layout, oov)
    matrix = np.zeros((len(vocabulary), dim), dtype=np.float32)
    matcher = Matcher(vocabulary)
    rows, examples = _fill(matrix, matcher, layout, progress)
    found = matcher.best > Match.NONE
    if not found.any():
        raise _nothing_found(vocabulary, examples, layout)
    mean, deviation = _moments(matrix, found)
    built = _complete(matrix, found, vocabulary, layout, oov, mean, deviation, rng)
    factor = scale / deviation if scale is not None and deviation > 0 else 1.0
    matrix *= np.float32(factor)
    coverage = Coverage.of(
        vocabulary, matcher, layout=layout, rows=rows, built=built, factor=factor
    )
    return Seeded(matrix, found, coverage)


def _complete(
    matrix: np.ndarray,
    found: np.ndarray,
    vocabulary: Vocabulary,
    layout: Layout,
    oov: Oov,
    mean: np.ndarray,
    deviation: float,
    rng: np.random.Generator,
) -> np.ndarray:
    """Writes the rows that were not found; returns the ids of those of n-grams."""
    missing = np.flatnonzero(~found)
    missing = missing[missing != PAD]
    if oov == "random":
        _draw(matrix, missing, bound=float(np.sqrt(3.0)) * deviation, rng=rng)
    elif oov != "zero":
        matrix[missing] = mean
    if oov == "subword":
        return _build(matrix, missing, vocabulary, layout)
    return missing[:0]


def _check_grams(layout: Layout, oov: Oov) -> None:
    if oov != "subword":
        return
    if layout.format != Format.FASTTEXT_BINARY:
        raise ConfigError(
            f"got subword, but {layout.path.name} ({layout.format}) has no n-grams",
            where="embedding.oov",
            fix="use a fastText .bin, or embedding.oov: random",
        )
    with open_fasttext(layout.path) as model:
        if not model.head.subwords:
            raise ConfigError(
                f"got subword, but {layout.path.name} was learnt without n-grams",
                where="embedding.oov",
                fix="use embedding.oov: random",
            )


def _build(
    matrix: np.ndarray, missing: np.ndarray, vocabulary: Vocabulary, layout: Layout
) -> np.ndarray:
    """Writes rows of n-grams; returns the ids of the tokens that have such."""
    built = []
    with open_fasttext(layout.path) as model:
        for token_id in missing[missing != UNKNOWN].tolist():
            row = model.built(vocabulary.tokens[token_id].encode())
            if row is not None:
                matrix[token_id] = row
                built.append(token_id)
    return np.array(built, dtype=np.int64)


def _fill(
    matrix: np.ndarray, matcher: Matcher, layout: Layout, progress: Progress
) -> tuple[int, list[str]]:
    """Returns the file's number of rows and its first words."""
    rows, examples = 0, []
    for block in read_blocks(layout, progress=progress):
        for row, token_id in matcher.better(block.tokens):
            matrix[token_id] = block.values(row)
        if rows == 0:
            examples = [t.decode(errors="replace") for t in block.tokens[:_EXAMPLES]]
        rows += len(block.tokens)
    return rows, examples


def _moments(matrix: np.ndarray, found: np.ndarray) -> tuple[np.ndarray, float]:
    """Returns the mean of the found rows, and the deviation of all their numbers."""
    # The rows that were not found are zero still, so sums over all rows will do.
    rows = int(found.sum())
    size = rows * matrix.shape[1]
    total, squares = np.zeros(matrix.shape[1]), 0.0
    for start in range(0, len(matrix), _ROWS_AT_ONCE):
        part = matrix[start : start + _ROWS_AT_ONCE].astype(np.float64)
        total += part.sum(axis=0)
        squares += float(np.square(part).sum())
    variance = squares / size - (float(total.sum()) / size) ** 2
    return (total / rows).astype(np.float32), float(np.sqrt(max(variance, 0.0)))


def _draw(
    matrix: np.ndarray, ids: np.ndarray, *, bound: float, rng: np.random.Generator
) -> None:
    for start in range(0, len(ids), _ROWS_AT_ONCE):
        part = ids[start : start + _ROWS_AT_ONCE]
        matrix[part] = rng.uniform(-bound, bound, size=(len(part), matrix.shape[1]))


def _nothing_found(
    vocabulary: Vocabulary, examples: Sequence[str], layout: Layout
) -> ConfigError:
    wanted = vocabulary.tokens[len(RESERVED) :]
    return ConfigError(
        f"got vectors for none of the {len(wanted):,} tokens of the training texts: "
        f"the file {layout.path.name} begins with {one_of(examples)}, the most "
        f"frequent tokens are {one_of(wanted[:_EXAMPLES])}",
        where="embedding.vectors",
        fix="choose vectors of the same language and unit (text.unit), or "
        "embedding.init: random",
    )
