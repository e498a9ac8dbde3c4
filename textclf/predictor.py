"""From texts to predictions, by the same path for training, files and servers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from textclf.bundle import GOLDEN_TOLERANCE, Bundle
from textclf.data.labels import Labels
from textclf.errors import ArtefactError
from textclf.evaluation.decision import NEUTRAL, Decision
from textclf.evaluation.predictions import Predictions, probabilities_from_logits
from textclf.models.guests import guest_rows
from textclf.models.inference import Engine, keras_engine, logits_of, plain_engine
from textclf.text.encoded import Encoded
from textclf.text.encoder import RowsOf, TextEncoder


class Answerer(Protocol):
    """What labels texts: a model, or several together."""

    @property
    def labels(self) -> Labels:
        """The names of the outputs."""

    @property
    def decision(self) -> Decision:
        """From outputs to answers."""

    def predict(self, texts: Sequence[str]) -> Predictions:
        """Returns labels, probabilities and flags, row for row."""


@dataclass(frozen=True)
class Predictor:
    """A model ready to answer.

    Attributes:
        encoder: From texts to ids.
        labels: The names of the outputs.
        engine: From ids to logits.
        rows_of: Makes guests of words that the vocabulary lacks.
        bundle: What it was loaded from; None while a model is trained.
        decision: From logits to answers.
    """

    encoder: TextEncoder
    labels: Labels
    engine: Engine
    rows_of: RowsOf | None = None
    bundle: Bundle | None = None
    decision: Decision = NEUTRAL

    @classmethod
    def load(cls, folder: Path) -> "Predictor":
        """Opens a bundle and replays its golden texts.

        Raises:
            ArtefactError: The bundle is damaged, or gives other probabilities here than
                where it was made.
        """
        return cls.of_bundle(Bundle.open(folder))

    @classmethod
    def of_bundle(cls, bundle: Bundle) -> "Predictor":
        """Takes the fastest engine for a bundle and replays its golden texts."""
        predictor = cls(
            bundle.encoder,
            bundle.labels,
            _engine(bundle),
            guest_rows(bundle.spec, bundle.encoder, bundle.grams),
            bundle,
            bundle.decision,
        )
        replay(predictor, bundle.golden, where=bundle.folder)
        return predictor

    def predict(self, texts: Sequence[str]) -> Predictions:
        """Returns labels, probabilities and flags, row for row.

        An empty text, and one of unknown units only, get the answer the model gives
        without evidence; their flags say so.
        """
        return self.predict_encoded(self.encode(texts))

    def encode(self, texts: Sequence[str]) -> Encoded:
        """Returns the ids that this model reads texts as."""
        return self.encoder.encode(texts, rows_of=self.rows_of)

    def logits(self, encoded: Encoded) -> np.ndarray:
        """Returns the raw outputs float32[n, outputs], before the decision, in nats."""
        return logits_of(self.engine, encoded, self.encoder.silent(encoded))

    def predict_encoded(self, encoded: Encoded) -> Predictions:
        """The same for texts that are ids already."""
        task = self.labels.task
        logits = self.decision.tempered(self.logits(encoded))
        return Predictions(
            labels=self.labels.names,
            task=task,
            probabilities=probabilities_from_logits(logits, task),
            empty=encoded.empty,
            truncated=encoded.truncated,
            unknown=encoded.unknown.astype(np.float64),
            built=self.encoder.built(encoded).astype(np.float64),
            decision=self.decision,
        )


def replay(answerer: Answerer, golden: Mapping[str, Any], *, where: Path) -> None:
    """Predicts the golden texts of a bundle again.

    Raises:
        ArtefactError: They have other probabilities here than where it was made.
    """
    expected = golden["probabilities"]
    got = answerer.predict(golden["texts"]).probabilities
    if got.shape != expected.shape or not np.allclose(
        got, expected, rtol=0.0, atol=GOLDEN_TOLERANCE
    ):
        raise ArtefactError(
            "got other probabilities for the golden texts than when it was made",
            where=str(where),
            fix="compare the versions in manifest.json with those installed here",
        )


def _engine(bundle: Bundle) -> Engine:
    """Returns the engine without a backend, where the kind has one."""
    return plain_engine(bundle.spec, bundle.weights()) or keras_engine(bundle.model())
