"""One trial: a fresh model, trained and judged."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from textclf.config.schema import Config
from textclf.data.dataset import Dataset
from textclf.evaluation.calibration import calibration
from textclf.evaluation.metrics import score
from textclf.evaluation.predictions import MULTILABEL, Predictions
from textclf.models.build import build_model
from textclf.models.inference import Engine, engine_of
from textclf.predictor import Predictor
from textclf.study.material import Material
from textclf.study.packing import pack
from textclf.study.records import Record, Trial
from textclf.study.traced import Traced, TracedModels
from textclf.text.encoded import Encoded
from textclf.training.fit import Epoch, fit
from textclf.training.prepare import Prepared, spec_of
from textclf.training.train import seed_model

_SEEN_AGAIN = 2000
"""Training texts that the gap to dev is measured on."""
_WARM, _TIMED = 5, 40
"""Texts that are predicted one by one, before time is taken and while it is."""
_CURVE = ("train_loss", "train_accuracy", "dev_loss", "dev_accuracy", "dev_macro_f1")


@dataclass(frozen=True, eq=False)
class Bench:
    """What a worker needs for every trial.

    Attributes:
        material: The data.
        models: The compiled models.
    """

    material: Material
    models: TracedModels

    def run(self, trial: Trial, config: Config) -> Record:
        """Trains and judges.

        Args:
            trial: Which it is.
            config: Its settings; `seed` is that of the trial.

        Raises:
            TextclfError: As training does.
        """
        final = trial.kind == "test"
        prepared = self.material.prepared(config, trial.seed, final=final)
        tokens = self.material.tokens(config, trial.seed, final=final)
        held = self.material.fold(config, trial.seed, final=final)
        traced, curve = self._trained(prepared, tokens.dev)
        judge = _Judge(prepared, traced.engine)
        answers = judge.predict(tokens.held)
        judged = _dataset(prepared)
        best = max((e for e in curve if e.best), key=lambda epoch: epoch.epoch)
        return Record(
            trial,
            "done",
            scores=_scores(answers, judged)
            | {"dev_accuracy": best.dev_accuracy, "dev_loss": best.dev_loss}
            | {"train_accuracy": judge.train_accuracy()},
            curve=tuple(map(_point, curve)),
            answers=_answers(answers, judged, held.held),
            parameters=prepared.spec.parameters(),
            latency_ms=_latency(prepared, traced, judged),
        )

    def build(self, config: Config) -> None:
        """Builds the model of a trial, to see whether its shapes fit.

        Raises:
            TextclfError: The data cannot be used or the model does not fit into memory.
        """
        tokens = self.material.tokens(config, 0, final=False)
        labels = self.material.folds(config.data).labels
        build_model(spec_of(config, tokens.encoder, labels), seed=0)

    def _trained(self, prepared: Prepared, dev: Encoded) -> tuple[Traced, list[Epoch]]:
        config, splits = prepared.config, prepared.splits
        traced = self.models.fresh(
            prepared.spec, config, seed_model=lambda model: seed_model(model, prepared)
        )
        judge = _Judge(prepared, traced.engine)
        counted = prepared.counted
        curve = fit(
            traced.model,
            splits.train,
            prepared.encoded,
            config,
            predict_dev=lambda: judge.predict(dev),
            dev=splits.dev,
            on_epoch=lambda epoch: None,
            begin=_begin(traced, prepared),
            shares=counted.shares if counted else None,
        )
        return traced, curve


def _begin(traced: Traced, prepared: Prepared) -> Any:
    """Returns what begins stages; shares of the rate belong to one table alone."""
    if prepared.counted is not None:
        return None
    return traced.begin(prepared.config, prepared.splits.train.labels.task)


@dataclass(frozen=True, eq=False)
class _Judge:
    prepared: Prepared
    engine: Engine

    def predict(self, encoded: Encoded) -> Predictions:
        train = self.prepared.splits.train
        predictor = Predictor(self.prepared.encoder, train.labels, self.engine)
        return predictor.predict_encoded(encoded)

    def train_accuracy(self) -> float:
        """Returns the accuracy on some of the training texts, without dropout."""
        train = self.prepared.splits.train
        stop = min(len(train), _SEEN_AGAIN)
        seen = self.predict(self.prepared.encoded.part(0, stop))
        return score(seen, train.targets[:stop]).accuracy


def _dataset(prepared: Prepared) -> Dataset:
    judged = prepared.splits.test
    if judged is None:
        raise ValueError("a fold has texts to judge by")
    return judged


def _scores(predictions: Predictions, judged: Dataset) -> dict[str, float]:
    scores = score(predictions, judged.targets)
    believed = calibration(predictions, judged.targets)
    return {
        "accuracy": scores.accuracy,
        "macro_f1": scores.macro_f1,
        "log_loss": scores.log_loss,
        "brier": believed.brier,
        "ece": believed.ece,
    }


def _answers(
    predictions: Predictions, judged: Dataset, ids: np.ndarray
) -> Mapping[str, Any]:
    if predictions.task == MULTILABEL:
        predicted = (predictions.probabilities >= 0.5).astype(np.int8)
    else:
        predicted = predictions.probabilities.argmax(axis=1)
    parts = {"ids": ids, "targets": judged.targets, "predicted": predicted}
    return {name: pack(np.asarray(values)) for name, values in parts.items()}


def _point(epoch: Epoch) -> dict[str, float]:
    values = epoch.to_json()
    return {"epoch": epoch.epoch} | {name: values[name] for name in _CURVE}


def _latency(prepared: Prepared, traced: Traced, judged: Dataset) -> dict[str, float]:
    """Times single texts, from string to answer, as a bundle would answer."""
    labels = prepared.splits.train.labels
    predictor = Predictor(
        prepared.encoder, labels, engine_of(prepared.spec, traced.model)
    )
    texts = list(judged.texts[: _WARM + _TIMED])
    times = []
    for text in texts:
        started = time.perf_counter()
        predictor.predict([text])
        times.append(1000 * (time.perf_counter() - started))
    # The first ones also pay for what is set up late.
    warm = times[_WARM:] or times
    middle, high = np.percentile(warm, [50, 95])
    return {"p50": round(float(middle), 4), "p95": round(float(high), 4)}
