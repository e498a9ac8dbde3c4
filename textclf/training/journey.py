"""What training does to the words of an embedding, from the start to the end."""

from typing import Any, Self

import numpy as np

from textclf.evaluation.distances import mean_distance, measure
from textclf.evaluation.movement import EpochMove, Movement
from textclf.evaluation.norm_plot import Norms, norms_plot
from textclf.models.embedding import word_rows
from textclf.run import Run
from textclf.text.vocabulary import RESERVED
from textclf.training.fit import Epoch, Pass
from textclf.training.prepare import Prepared
from textclf.vectors.start import KEPT, START, write_start

RECORD, PICTURE = "embedding.json", "norms.png"

_MEASURED = 200_000
"""Most words that are compared, the first: so many rows are held a second time."""


class Journey:
    """Keeps where the words started, and tells how far they are from it."""

    def __init__(self, model: Any, prepared: Prepared) -> None:
        self._model, self._prepared = model, prepared
        self._start = self._rows(_MEASURED)
        self._epochs: list[EpochMove] = []

    @classmethod
    def begin(cls, model: Any, prepared: Prepared) -> Self | None:
        """Notes where the words start.

        Returns:
            The journey; None for a kind whose rows are no vectors of words.
        """
        if prepared.spec.model.kind == "ngram":
            return None
        return cls(model, prepared)

    def see(self, epoch: Epoch | Pass) -> None:
        """Notes how far the most frequent words are from their start."""
        distance = mean_distance(self._start[:KEPT], self._rows(KEPT))
        self._epochs.append(EpochMove(epoch.epoch, epoch.embedding_rate, distance))

    def end(self, run: Run) -> Movement:
        """Writes the start, the figures and the histogram of norms into the run."""
        before, after = self._start, self._rows(_MEASURED)
        encoder, found = self._prepared.encoder, self._found(len(before))
        write_start(run.folder / START, before[:KEPT], encoder=encoder.digest)
        vocabulary = encoder.vocabulary
        words = slice(len(RESERVED), len(RESERVED) + len(before))
        movement = measure(
            before,
            after,
            tokens=vocabulary.tokens[words],
            counts=vocabulary.counts[words],
            found=found,
            words=len(vocabulary) - len(RESERVED),
            epochs=self._epochs,
        )
        run.write_json(RECORD, movement.to_json())
        name = self._prepared.config.name
        norms_plot(_norms(before, after, found), run.folder / PICTURE, title=name)
        return movement

    def _rows(self, most: int) -> np.ndarray:
        end = min(self._prepared.spec.units, len(RESERVED) + most)
        return word_rows(self._model, len(RESERVED), end)

    def _found(self, words: int) -> np.ndarray | None:
        if self._prepared.seeded is None:
            return None
        found: np.ndarray = self._prepared.seeded.found
        return found[len(RESERVED) : len(RESERVED) + words]


def _norms(
    before: np.ndarray, after: np.ndarray, found: np.ndarray | None
) -> dict[str, Norms]:
    start, end = (np.linalg.norm(rows, axis=1) for rows in (before, after))
    if found is None:
        return {"words": Norms(end, start)}
    return {
        "words found in the vector file": Norms(end[found], start[found]),
        "words not found": Norms(end[~found], start[~found]),
    }
