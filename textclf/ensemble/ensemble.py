"""Several models that answer together."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from textclf.bundle import ENSEMBLE, KIND, Bundle
from textclf.data.labels import Labels
from textclf.ensemble.bundle import EnsembleBundle
from textclf.evaluation.decision import NEUTRAL, Decision
from textclf.evaluation.predictions import (
    BINARY,
    MULTICLASS,
    Floats,
    Predictions,
    probabilities_from_logits,
)
from textclf.predictor import Answerer, Predictor, replay
from textclf.sealed import MANIFEST, read_json

_LEAST = 1e-9


@dataclass(frozen=True)
class Ensemble:
    """A weighted mean of the probabilities of several models.

    Attributes:
        models: Each with the temperature that was fitted for it.
        weights: What each of them counts; their sum is 1.
        decision: From the mean to answers.
    """

    models: tuple[Predictor, ...]
    weights: tuple[float, ...]
    decision: Decision = NEUTRAL

    @classmethod
    def of_bundle(cls, bundle: EnsembleBundle) -> "Ensemble":
        """Loads all models and replays the golden texts.

        Raises:
            ArtefactError: They have other probabilities here than where it was made.
        """
        models = tuple(Predictor.of_bundle(model) for model in bundle.models)
        ensemble = cls(models, bundle.weights, bundle.decision)
        replay(ensemble, bundle.golden, where=bundle.folder)
        return ensemble

    @property
    def labels(self) -> Labels:
        """The names of the outputs."""
        return self.models[0].labels

    def predict(self, texts: Sequence[str]) -> Predictions:
        """Returns labels, probabilities and flags, row for row."""
        return self.joined([model.predict(texts) for model in self.models])

    def joined(self, answers: Sequence[Predictions]) -> Predictions:
        """Returns the answers to texts that each of the models has answered.

        A text is empty, truncated or unknown as far as it is so for every model.

        Args:
            answers: Those of each model to the same texts.
        """
        mean = self._mean([answer.probabilities for answer in answers])
        logits = self.decision.tempered(logits_from(mean, self.labels.task))
        return Predictions(
            labels=self.labels.names,
            task=self.labels.task,
            probabilities=probabilities_from_logits(logits, self.labels.task),
            empty=np.all([answer.empty for answer in answers], axis=0),
            truncated=np.all([answer.truncated for answer in answers], axis=0),
            unknown=np.min([answer.unknown for answer in answers], axis=0),
            built=np.max([answer.built for answer in answers], axis=0),
            decision=self.decision,
        )

    def _mean(self, probabilities: Sequence[Floats]) -> Floats:
        return np.asarray(np.tensordot(self.weights, probabilities, axes=1))


def logits_from(probabilities: Floats, task: str) -> Floats:
    """Returns float64[n, outputs] logits that have these probabilities."""
    p = np.clip(probabilities, _LEAST, 1.0 - _LEAST)
    if task == MULTICLASS:
        return np.asarray(np.log(p))
    odds = np.log(p) - np.log1p(-p)
    return np.asarray(odds[:, 1:] if task == BINARY else odds)


def open_any(folder: Path) -> Bundle | EnsembleBundle:
    """Opens the bundle of a model or of an ensemble.

    Raises:
        ArtefactError: It is damaged.
    """
    path = folder / MANIFEST
    manifest = read_json(path) if path.is_file() else None
    if isinstance(manifest, dict) and manifest.get(KIND) == ENSEMBLE:
        return EnsembleBundle.open(folder)
    return Bundle.open(folder)


def answerer_of(bundle: Bundle | EnsembleBundle) -> Answerer:
    """Returns what answers by a bundle; its golden texts are replayed."""
    if isinstance(bundle, EnsembleBundle):
        return Ensemble.of_bundle(bundle)
    return Predictor.of_bundle(bundle)
