"""One trial: a fresh model, trained and judged."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from textclf.config.schema import Config
from textclf.data.dataset import Dataset
from textclf.evaluation.calibration import calibration
from textclf.evaluation.metrics import score
from textclf.evaluation.predictions import MULTILABEL, Predictions
from textclf.models.build import build_model
from textclf.models.embedding import seed_tables, table_of
from textclf.models.guests import guest_rows
from textclf.models.inference import Engine, engine_of
from textclf.predictor import Predictor
from textclf.study.condensed import Condensed, can_condense, pour_head
from textclf.study.material import Material, Tokens
from textclf.study.packing import pack
from textclf.study.records import Record, Trial
from textclf.study.traced import Traced, TracedModels
from textclf.text.encoded import Encoded
from textclf.training.batches import KeptBatches
from textclf.training.fit import Epoch, fit
from textclf.training.learn import seed_model
from textclf.training.prepare import Prepared
from textclf.training.targets import weight_matrix

_SEEN_AGAIN = 2000
"""Training texts that the gap to dev is measured on."""
_WARM, _TIMED = 10, 40
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
        run = self._begun(prepared, tokens)
        kept = None
        if run.original is None:  # the words of whole texts are the same in all cells
            kept = self.material.batches(config, trial.seed, final=final)
        curve = _fitted(run, prepared, kept)
        judge = _Judge(prepared, run.traced.engine)
        answers = judge.predict(run.tokens.held)
        judged = _dataset(prepared)
        best = max((e for e in curve if e.best), key=lambda epoch: epoch.epoch)
        return Record(
            trial,
            "done",
            scores=_scores(answers, judged)
            | {"dev_accuracy": best.dev_accuracy, "dev_loss": best.dev_loss}
            | {"train_accuracy": judge.train_accuracy(run.tokens.train)},
            curve=tuple(map(_point, curve)),
            answers=_answers(answers, judged, held.held),
            parameters=prepared.spec.parameters(),
            latency_ms=_latency(prepared, run.whole(), judged),
        )

    def build(self, config: Config) -> None:
        """Builds the model of a trial with its first numbers, to see whether all fits.

        Raises:
            TextclfError: Data, vectors or weights of classes cannot be used, or the
                model does not fit into memory.
        """
        prepared = self.material.prepared(config, 0, final=False)
        weight_matrix(prepared.splits.train, config.training.class_weight)
        seed_model(build_model(prepared.spec, seed=0), prepared)

    def _begun(self, prepared: Prepared, tokens: Tokens) -> "_Begun":
        """Returns a fresh model and its texts, condensed where that is the same."""
        config, spec = prepared.config, prepared.spec
        if not can_condense(config):
            traced = self.models.fresh(
                spec, config, seed_model=lambda model: seed_model(model, prepared)
            )
            rows = table_of(traced.model).shape[0]
            return _Begun(traced, _hosting(tokens, prepared, rows), None)
        whole = build_model(spec, seed=config.seed)
        seed_model(whole, prepared)
        condensed = Condensed.of(spec, tokens, table_of(whole).numpy())
        traced = self.models.fresh(
            condensed.spec,
            config,
            seed_model=lambda model: seed_tables(model, condensed.matrix),
        )
        return _Begun(traced, condensed.tokens, whole)


@dataclass(frozen=True, eq=False)
class _Begun:
    """A model that is to be trained, and the texts as it reads them.

    Attributes:
        traced: The model.
        tokens: Its texts.
        original: The model of whole texts, where the other one is condensed.
    """

    traced: Traced
    tokens: Tokens
    original: Any

    def whole(self) -> Any:
        """Returns the trained model of whole texts."""
        if self.original is None:
            return self.traced.model
        pour_head(self.original, self.traced.model)
        return self.original


def _hosting(tokens: Tokens, prepared: Prepared, rows: int) -> Tokens:
    """Returns the texts with guests among those that are judged, if the kind has any.

    Args:
        tokens: The texts as ids.
        prepared: The run.
        rows: Of the table of the model, which may have some to spare: ids of guests
            follow them.
    """
    encoder = prepared.encoder
    rows_of = guest_rows(prepared.spec, encoder)
    if rows_of is None:
        return tokens

    def hosted(texts: Sequence[str]) -> Encoded:
        encoded = encoder.encode(texts, rows_of=rows_of)
        beyond = np.where(encoded.ids < encoder.rows, 0, rows - encoder.rows)
        return replace(encoded, ids=encoded.ids + beyond.astype(np.int32))

    dev, held = prepared.splits.dev.texts, _dataset(prepared).texts
    return replace(tokens, dev=hosted(dev), held=hosted(held))


def _fitted(run: _Begun, prepared: Prepared, kept: KeptBatches | None) -> list[Epoch]:
    """Trains; batches are made alike by the length of whole texts."""
    splits = prepared.splits
    judge = _Judge(prepared, run.traced.engine)
    return fit(
        run.traced.model,
        splits.train,
        run.tokens.train,
        prepared.config,
        predict_dev=lambda: judge.predict(run.tokens.dev),
        dev=splits.dev,
        on_epoch=lambda epoch: None,
        begin=run.traced.begin(
            prepared.config, splits.train.labels.task, prepared.shares
        ),
        lengths=prepared.encoded.lengths,
        kept=kept,
    )


@dataclass(frozen=True, eq=False)
class _Judge:
    prepared: Prepared
    engine: Engine

    def predict(self, encoded: Encoded) -> Predictions:
        train = self.prepared.splits.train
        predictor = Predictor(self.prepared.encoder, train.labels, self.engine)
        return predictor.predict_encoded(encoded)

    def train_accuracy(self, encoded: Encoded) -> float:
        """Returns the accuracy on some of the training texts, without dropout."""
        train = self.prepared.splits.train
        stop = min(len(train), _SEEN_AGAIN)
        seen = self.predict(encoded.part(0, stop))
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


def _latency(prepared: Prepared, model: Any, judged: Dataset) -> dict[str, float]:
    """Times single texts, from string to answer, as a bundle would answer."""
    labels = prepared.splits.train.labels
    predictor = Predictor(prepared.encoder, labels, engine_of(prepared.spec, model))
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
