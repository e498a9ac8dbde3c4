"""The words of a trained model: their vectors now, before training, and their lean."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Self

import numpy as np

from textclf.bundle import Bundle
from textclf.errors import ConfigError
from textclf.evaluation.canvas import Plot
from textclf.evaluation.distances import step
from textclf.evaluation.movement import Step
from textclf.evaluation.norm_plot import Norms, norms_plot
from textclf.run import Run
from textclf.text.vocabulary import RESERVED
from textclf.vectors.queries import neighbours
from textclf.vectors.start import KEPT, START, read_start
from textclf.vectors.table import Vectors

if TYPE_CHECKING:
    import pandas as pd

_TABLE = "embedding/table"
_USUAL = 2_000  # words whose answers say what is usual


@dataclass(frozen=True, eq=False)
class Lean:
    """What a model says of words alone, against what it says of usual words.

    Attributes:
        labels: The labels.
        values: float64[n, labels], the probability of a label for the word as a text of
            its own, less the mean of that over the most frequent words.
        usual: How many words the mean is over.
    """

    labels: tuple[str, ...]
    values: np.ndarray
    usual: int


@dataclass(frozen=True, eq=False)
class LearntWords:
    """Words of the vocabulary of a bundle; padding and unknown left out.

    Attributes:
        bundle: The model.
        after: The trained vectors, the most frequent word first.
        before: The vectors that the first words had before training; None where no run
            kept them.
    """

    bundle: Bundle
    after: Vectors
    before: Vectors | None

    @classmethod
    def of_run(cls, run: Run) -> Self:
        """Reads the vectors of a finished run.

        Raises:
            ArtefactError: The bundle or the start is damaged.
            ConfigError: The model has no vectors of words.
        """
        return cls.of_bundle(Bundle.open(run.bundle), start=run.folder / START)

    @classmethod
    def of_bundle(
        cls, bundle: Bundle, *, start: Path | None = None, limit: int | None = None
    ) -> Self:
        """Reads the vectors of a bundle, and those before training if they are kept.

        Args:
            bundle: The model.
            start: Where the run keeps its start; nothing need be there.
            limit: Most words, the first.

        Raises:
            ArtefactError: The bundle or the start is damaged.
            ConfigError: The model has no vectors of words.
        """
        if bundle.spec.model.kind == "ngram":
            raise ConfigError(
                "got a model of kind ngram, whose rows are weights and no vectors",
                where=str(bundle.folder),
                fix="ask a model of kind average or cnn",
            )
        first, tokens = len(RESERVED), bundle.encoder.vocabulary.tokens
        end = len(tokens) if limit is None else min(len(tokens), first + limit)
        table = np.asarray(bundle.weights()[_TABLE][first:end], dtype=np.float32)
        after = Vectors(tuple(tokens[first:end]), table)
        return cls(bundle, after, _before(bundle, after, start))

    @cached_property
    def kept(self) -> Vectors:
        """The trained vectors of the words whose start is kept; all where none is."""
        if self.before is None:
            return self.after
        n = len(self.before)
        return Vectors(self.after.tokens[:n], self.after.matrix[:n])

    def neighbours(self, words: Sequence[str], *, k: int = 8) -> "pd.DataFrame":
        """Returns the nearest words, the nearest first, in a column a word.

        Where the start is kept there are two columns a word, before and after training.

        Raises:
            DataError: The model does not know a word, or its start is not kept.
        """
        import pandas as pd

        tables = {"before": self.before, "after": self.kept}
        return pd.DataFrame(
            {
                (word, when): [near.word for near in neighbours(vectors, word, k=k)]
                for word in words
                for when, vectors in tables.items()
                if vectors is not None
            }
        )

    def norms(self) -> Norms:
        """Returns how long the rows are, and were before training."""
        after = np.linalg.norm(self.kept.matrix, axis=1)
        if self.before is None:
            return Norms(after)
        return Norms(after, np.linalg.norm(self.before.matrix, axis=1))

    def plot_norms(self) -> Plot:
        """Draws how long the rows are, and were before training, as a histogram."""
        return Plot.of(lambda path: norms_plot({"words": self.norms()}, path))

    def step(self, word: str) -> Step | None:
        """Returns how far training moved a word; None where its start is not kept.

        Raises:
            DataError: The model does not know the word.
        """
        row = self.after.row(word)
        if self.before is None or row >= len(self.before):
            return None
        rows = (self.before.matrix[row], self.after.matrix[row])
        return step(self.after.tokens[row], *rows)

    def lean(self, words: Sequence[str]) -> Lean:
        """Asks the model about each word as a text of its own.

        A model of kind cnn needs Keras for it.
        """
        from textclf.predictor import Predictor

        predictor = Predictor.of_bundle(self.bundle)
        usual = self.after.tokens[:_USUAL]
        texts = [word.lstrip("▁") for word in (*usual, *words)]
        answers = predictor.predict(texts).probabilities
        values = answers[len(usual) :] - answers[: len(usual)].mean(axis=0)
        return Lean(self.bundle.labels.names, values, len(usual))


def _before(bundle: Bundle, after: Vectors, start: Path | None) -> Vectors | None:
    if start is None or not start.exists():
        return None
    kept = min(KEPT, len(bundle.encoder.vocabulary) - len(RESERVED))
    matrix = read_start(start, rows=kept, dim=after.dim, encoder=bundle.encoder.digest)
    rows = min(kept, len(after))
    return Vectors(after.tokens[:rows], matrix[:rows])
