"""Trials a minute: a study against Optuna with stock Keras, the same trials.

`python -m benchmarks.study_speed SHARED`: the trials of `study_dim_dropout.yaml` (movie
reviews, a mean of random embeddings, seven dimensions, six kinds of dropout, ten seeds)
at one learning rate. The peer is an Optuna study with a grid sampler whose objective
builds the model with stock Keras layers, fits it with `Model.fit` and predicts the
held-out texts; it reads the same folds, and its start-up is not counted. The study is
counted with the start of its workers, tokenising, storing and all. Both may use every
core. Lazy Adam is no part of Keras, so the peer learns with Adam. The peer trains every
cell once before the study and once after it. Writes STUDY_SPEED.md.
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from textclf import backend, machine
from textclf.config.schema import Config
from textclf.data.named import Places, open_sources
from textclf.study.blueprint import Blueprint
from textclf.study.design import Cell
from textclf.study.folds import Folds
from textclf.study.reading import read_study, study_from_mapping
from textclf.study.study import Study

ROOT = Path(__file__).parent
SPEC, REPORT = ROOT.parent / "configs/study_dim_dropout.yaml", ROOT / "STUDY_SPEED.md"
RATE = 0.0064
"""Of the rates that the study tries, the one most cells choose."""


@dataclass(frozen=True)
class Timing:
    """Trials of one half of a round.

    Attributes:
        who: Has trained.
        trials: How many.
        seconds: Wall time.
        accuracy: Their mean held-out accuracy.
        epochs: The mean number of epochs until early stopping.
    """

    who: str
    trials: int
    seconds: float
    accuracy: float
    epochs: float

    @property
    def rate(self) -> float:
        """Trials a minute."""
        return 60 * self.trials / self.seconds


def spec(workers: int) -> dict[str, Any]:
    """Returns the study without what its peer does not do: tuning, a winner."""
    mapping = read_study(SPEC).spec.model_dump(mode="json", exclude_unset=True)
    del mapping["nuisance"]
    mapping["fixed"]["training"]["learning_rate"] = RATE
    return mapping | {"winner": {"seeds": 0}, "limits": {"workers": workers}}


def by_study(places: Places, workers: int) -> Timing:
    """Runs the study in a new folder."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        found = Study(spec(workers), places=places).run(Path(folder) / "study")
        seconds = time.monotonic() - began
        frame = found.frame
    if not (frame["status"] == "done").all():
        raise SystemExit("a trial failed")
    epochs = statistics.mean(frame["epochs_trained"])
    accuracy = statistics.mean(frame["accuracy"])
    return Timing("textclf study", len(frame), seconds, accuracy, epochs)


def by_optuna(blueprint: Blueprint, folds: Folds, seed: int) -> Timing:
    """Runs every cell once with Optuna and stock Keras."""
    import optuna

    optuna.logging.set_verbosity(optuna.logging.ERROR)
    grid = {factor.name: list(factor.levels) for factor in blueprint.factors}
    study = optuna.create_study(
        direction="maximize", sampler=optuna.samplers.GridSampler(grid, seed=seed)
    )
    epochs: list[int] = []

    def objective(trial: optuna.Trial) -> float:
        levels = [(k, trial.suggest_categorical(k, grid[k])) for k in grid]
        config = blueprint.config(Cell(tuple(levels)), {}, seed=seed)
        accuracy, took = stock_trial(folds, config)
        epochs.append(took)
        return accuracy

    began = time.monotonic()
    study.optimize(objective)
    seconds = time.monotonic() - began
    values = [trial.value for trial in study.trials if trial.value is not None]
    mean = statistics.mean
    name = "Optuna + stock Keras"
    return Timing(name, len(values), seconds, mean(values), mean(epochs))


def stock_trial(folds: Folds, config: Config) -> tuple[float, int]:
    """Trains one model the way a Keras tutorial does.

    Returns:
        The held-out accuracy and the epochs it took.
    """
    import keras

    keras.backend.clear_session()
    keras.utils.set_random_seed(config.seed)
    splits, training = folds.of(config.seed).splits, config.training
    parts = [p for p in (splits.train, splits.dev, splits.test) if p is not None]
    cutter = keras.layers.TextVectorization(max_tokens=config.text.vocabulary_size)
    cutter.adapt(np.array(splits.train.texts, dtype=object))
    train, dev, held = (
        np.asarray(cutter(np.array(part.texts, dtype=object))) for part in parts
    )
    model = stock_model(config, cutter.vocabulary_size())
    model.compile(
        optimizer=keras.optimizers.Adam(training.learning_rate),
        loss="binary_crossentropy",
        metrics=["accuracy"],
    )
    stop = keras.callbacks.EarlyStopping(
        monitor="val_loss", patience=training.patience, restore_best_weights=True
    )
    fitted = model.fit(
        train,
        parts[0].targets,
        validation_data=(dev, parts[1].targets),
        batch_size=training.batch_size,
        epochs=training.epochs,
        callbacks=[stop],
        verbose=0,
    )
    given = model.predict(held, batch_size=training.batch_size, verbose=0)[:, 0] > 0.5
    return float((given == parts[2].targets).mean()), len(fitted.epoch)


def stock_model(config: Config, rows: int) -> Any:
    """Builds a mean of embeddings of layers that Keras has, and the one it lacks."""
    import keras
    from keras import layers, ops

    class LeaveOut(layers.Layer):  # type: ignore[misc]
        """Makes padding of words, each by itself or a word everywhere.

        The first word of a text stays: Keras' mean of no words is not a number.
        """

        def __init__(self, rate: float, *, everywhere: bool) -> None:
            super().__init__()
            self.rate, self.everywhere = rate, everywhere
            self.seeds = keras.random.SeedGenerator(config.seed)

        def call(self, ids: Any, training: bool = False) -> Any:
            if not training:
                return ids
            shape = (rows,) if self.everywhere else ops.shape(ids)
            draws = keras.random.uniform(shape, seed=self.seeds)
            kept = ops.take(draws, ids) if self.everywhere else draws
            left = ops.where(kept < self.rate, 0, ids)
            return ops.concatenate([ids[:, :1], left[:, 1:]], axis=1)

    how = config.regularisation
    ids = keras.Input((None,), dtype="int64")
    words = (
        LeaveOut(how.word_dropout, everywhere=False)(ids) if how.word_dropout else ids
    )
    if how.type_dropout:
        words = LeaveOut(how.type_dropout, everywhere=True)(words)
    hidden = layers.Embedding(rows, config.embedding.dim, mask_zero=True)(words)
    if how.spatial_dropout:
        hidden = layers.SpatialDropout1D(how.spatial_dropout)(hidden)
    hidden = layers.GlobalAveragePooling1D()(hidden)
    if how.dropout:
        hidden = layers.Dropout(how.dropout)(hidden)
    return keras.Model(ids, layers.Dense(1, activation="sigmoid")(hidden))


def report(halves: Sequence[Timing]) -> str:
    """Returns STUDY_SPEED.md."""
    facts = machine.environment()
    versions = {**facts["versions"], "optuna": machine.version_of("optuna")}
    study = halves[1]
    peer = statistics.mean(half.rate for half in (halves[0], halves[2]))
    lines = [
        "# Trials a minute\n",
        "`python -m benchmarks.study_speed ../shared`: the trials of "
        "[study_dim_dropout.yaml](../configs/study_dim_dropout.yaml) (MR, seven "
        f"dimensions × six kinds of dropout) at a rate of {RATE}; "
        f"{facts['cores']} cores; "
        + ", ".join(f"{name} {version}" for name, version in versions.items())
        + ".\n",
        "| who | trials | seconds | trials/minute | mean epochs | mean accuracy |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    lines += [
        f"| {half.who} | {half.trials} | {half.seconds:.0f} | {half.rate:.1f} | "
        f"{half.epochs:.1f} | {half.accuracy:.4f} |"
        for half in halves
    ]
    lines.append(
        f"\nRatio: **{study.rate / peer:.1f}**, the study against the mean of the peer "
        f"before and after it; {study.trials} trials in **{study.seconds / 60:.1f} "
        "minutes** of wall time. The study is counted with the start of its workers "
        "and its store; the peer without its imports. The study takes steps of lazy "
        "Adam, which moves the rows of the words of a batch; Keras has Adam, which "
        "moves all rows."
    )
    return "\n".join(lines) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("shared", type=Path, help="the folder with data/")
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    backend.start()
    places = Places((Path(),), options.shared / "data", {})
    blueprint = Blueprint.of(study_from_mapping(spec(options.workers)))
    data = blueprint.config(blueprint.example, {}).data
    split = blueprint.spec.split
    folds = Folds(
        data, open_sources(data, places), split=split, seed=blueprint.spec.seed
    )
    halves = []
    for half in (
        lambda: by_optuna(blueprint, folds, 0),
        lambda: by_study(places, options.workers),
        lambda: by_optuna(blueprint, folds, 1),
    ):
        halves.append(half())
        print(f"{halves[-1].who}: {halves[-1].rate:.1f} trials/minute", flush=True)
    REPORT.write_text(report(halves), "utf-8")


if __name__ == "__main__":
    main()
