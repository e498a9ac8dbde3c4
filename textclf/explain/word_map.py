"""A map of the words of a file or of a trained model."""

from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Self

import numpy as np

from textclf.errors import ConfigError
from textclf.evaluation.canvas import Plot
from textclf.evaluation.colouring import Colouring
from textclf.evaluation.map_plot import map_plot
from textclf.evaluation.projection import Method, Projection, project
from textclf.explain.words import Lean, LearntWords
from textclf.vectors.table import Vectors


@dataclass(frozen=True, eq=False)
class WordMap:
    """Words on a plane.

    Attributes:
        words: The words.
        projection: Where they stand.
        lean: What the model says of them; None: there is no model.
        unknown: How many of them have no place before training, though others have.
    """

    words: tuple[str, ...]
    projection: Projection
    lean: Lean | None
    unknown: int

    @classmethod
    def of_vectors(
        cls, vectors: Vectors, rows: np.ndarray, *, method: Method, seed: int
    ) -> Self:
        """Maps words of a file.

        Args:
            vectors: The vectors.
            rows: int64[n], those that are mapped; see `frequent` and `Vectors.rows`.
            method: `pca` or `tsne`.
            seed: Draws what t-SNE draws.

        Raises:
            ConfigError: There are too few words.
        """
        projection = project(vectors.matrix[rows], None, method=method, seed=seed)
        return cls(_words(vectors, rows), projection, None, 0)

    @classmethod
    def of_model(
        cls, learnt: LearntWords, rows: np.ndarray, *, method: Method, seed: int
    ) -> Self:
        """Maps words of a model after and, where that is kept, before training.

        Its colours are what the model says of each word alone; see `LearntWords.lean`.
        """
        words = _words(learnt.after, rows)
        before = _before(learnt, rows)
        unknown = 0 if before is None else int(np.isnan(before[:, 0]).sum())
        after = learnt.after.matrix[rows]
        projection = project(after, before, method=method, seed=seed)
        return cls(words, projection, learnt.lean(words), unknown)

    def draw(self, path: Path, *, title: str = "") -> None:
        """Draws the map as PNG.

        Raises:
            ResourceError: The file cannot be written.
        """
        colouring = None if self.lean is None else _colouring(self.lean)
        map_plot(self.words, self.projection, path, colouring=colouring, title=title)

    def plot(self, *, title: str = "") -> Plot:
        """Returns the map as a picture that a notebook shows."""
        return Plot.of(lambda path: self.draw(path, title=title))

    def to_json(self) -> dict[str, Any]:
        """Returns places, rounded leans and what the axes hold, as JSON can hold it."""
        start = self.projection.before
        rows: list[dict[str, Any]] = []
        for row, word in enumerate(self.words):
            told: dict[str, Any] = {
                "word": word,
                "at": _place(self.projection.after[row]),
            }
            if start is not None:
                told["before"] = _place(start[row])
            if self.lean is not None:
                values = np.round(self.lean.values[row], 4).tolist()
                told["lean"] = dict(zip(self.lean.labels, values, strict=True))
            rows.append(told)
        return {"variance": self.projection.variance, "words": rows}


def _place(place: np.ndarray) -> list[float] | None:
    return None if np.isnan(place).any() else np.round(place, 5).tolist()


def _words(vectors: Vectors, rows: np.ndarray) -> tuple[str, ...]:
    return tuple(vectors.tokens[row] for row in rows.tolist())


def _before(learnt: LearntWords, rows: np.ndarray) -> np.ndarray | None:
    """Returns float32[n, dim], NaN where no start is kept; None if nowhere."""
    if learnt.before is None or not (rows < len(learnt.before)).any():
        return None
    before = np.full((len(rows), learnt.after.dim), np.nan, dtype=np.float32)
    known = rows < len(learnt.before)
    before[known] = learnt.before.matrix[rows[known]]
    return before


def _colouring(lean: Lean) -> Colouring:
    told = (
        "what the model says of the word alone, in points against its mean over "
        f"{lean.usual:,} frequent words"
    )
    return Colouring(lean.values, lean.labels, told)


def frequent(vectors: Vectors, n: int) -> np.ndarray:
    """Returns the rows of the first `n` words that have a letter, int64[up to n].

    Raises:
        ConfigError: `n` is not positive.
    """
    if n < 1:
        raise ConfigError(f"got {n}, expected at least 1", where="--words")
    lettered = (
        row
        for row, word in enumerate(vectors.tokens)
        if any(sign.isalpha() for sign in word)
    )
    return np.fromiter(islice(lettered, n), dtype=np.int64)
