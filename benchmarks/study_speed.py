"""Trials a minute: a study against Optuna with stock Keras, the same trials.

`python -m benchmarks.study_speed SHARED`: movie reviews, a mean of random embeddings,
seven dimensions, three kinds of dropout, Adam, early stopping by dev loss. The peer is
an Optuna study with a grid sampler whose objective builds the model with stock Keras
layers, fits it with `Model.fit` and predicts the held-out texts; it reads the same
folds, and its start-up is not counted. The study is counted with the start of its
workers, tokenising, storing and all. Both may use every core. The halves alternate:
peer, study, peer, study. Writes STUDY_SPEED.md.
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
from textclf.config.schema import DataConfig
from textclf.data.named import Places, open_sources, with_columns
from textclf.study.folds import Folds
from textclf.study.spec import SplitConfig
from textclf.study.study import Study

REPORT = Path(__file__).parent / "STUDY_SPEED.md"
DIMENSIONS = (2, 5, 10, 25, 50, 100, 300)
DROPOUTS = ("none", "spatial", "output")
RATE, BATCH, EPOCHS, PATIENCE = 0.002, 256, 40, 3
WORDS, LONGEST = 30_000, 400
ROUNDS, SEEDS = 2, 5


@dataclass(frozen=True)
class Timing:
    """Trials of one half of a round.

    Attributes:
        trials: How many.
        seconds: Wall time.
        accuracy: Their mean held-out accuracy.
    """

    trials: int
    seconds: float
    accuracy: float

    @property
    def rate(self) -> float:
        """Trials a minute."""
        return 60 * self.trials / self.seconds


def spec(seeds: int, workers: int) -> dict[str, Any]:
    """Returns the study."""
    return {
        "study": "speed",
        "fixed": {
            "data": {"dataset": "mr"},
            "text": {"vocabulary_size": WORDS, "max_length": LONGEST},
            "regularisation": {"dropout": 0.0},
            "training": {
                "optimizer": "adam",
                "learning_rate": RATE,
                "batch_size": BATCH,
                "epochs": EPOCHS,
                "patience": PATIENCE,
            },
        },
        "scientific": {
            "embedding.dim": list(DIMENSIONS),
            "dropout": {
                "none": {},
                "spatial": {"regularisation.spatial_dropout": 0.2},
                "output": {"regularisation.dropout": 0.5},
            },
        },
        "replication": {"min": seeds},
        "winner": {"seeds": 0},
        "limits": {"workers": workers},
    }


def by_study(places: Places, seeds: int, workers: int) -> Timing:
    """Runs the study in a new folder."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        found = Study(spec(seeds, workers), places=places).run(Path(folder) / "study")
        seconds = time.monotonic() - began
        frame = found.frame
    if not (frame["status"] == "done").all():
        raise SystemExit("a trial failed")
    return Timing(len(frame), seconds, float(frame["accuracy"].mean()))


def by_optuna(folds: Folds, seed: int) -> Timing:
    """Runs every cell once with Optuna and stock Keras."""
    import optuna

    optuna.logging.set_verbosity(optuna.logging.ERROR)
    grid = {"dim": list(DIMENSIONS), "dropout": list(DROPOUTS)}
    study = optuna.create_study(
        direction="maximize", sampler=optuna.samplers.GridSampler(grid, seed=seed)
    )

    def objective(trial: optuna.Trial) -> float:
        dim = trial.suggest_categorical("dim", list(DIMENSIONS))
        dropout = trial.suggest_categorical("dropout", list(DROPOUTS))
        return stock_trial(folds, seed, int(dim), str(dropout))

    began = time.monotonic()
    study.optimize(objective)
    seconds = time.monotonic() - began
    values = [trial.value for trial in study.trials if trial.value is not None]
    return Timing(len(values), seconds, statistics.mean(values))


def stock_trial(folds: Folds, seed: int, dim: int, dropout: str) -> float:
    """Trains one model the way a Keras tutorial does; returns held-out accuracy."""
    import keras

    keras.backend.clear_session()
    keras.utils.set_random_seed(seed)
    splits = folds.of(seed).splits
    cutter = keras.layers.TextVectorization(
        max_tokens=WORDS, output_sequence_length=None
    )
    cutter.adapt(np.array(splits.train.texts, dtype=object))
    parts = [p for p in (splits.train, splits.dev, splits.test) if p is not None]
    train, dev, held = (
        np.asarray(cutter(np.array(part.texts, dtype=object))) for part in parts
    )
    model = keras.Sequential(
        [
            keras.layers.Embedding(cutter.vocabulary_size(), dim, mask_zero=True),
            *([keras.layers.SpatialDropout1D(0.2)] if dropout == "spatial" else []),
            keras.layers.GlobalAveragePooling1D(),
            *([keras.layers.Dropout(0.5)] if dropout == "output" else []),
            keras.layers.Dense(1, activation="sigmoid"),
        ]
    )
    model.compile(
        optimizer=keras.optimizers.Adam(RATE),
        loss="binary_crossentropy",
        metrics=["accuracy"],
    )
    stop = keras.callbacks.EarlyStopping(
        monitor="val_loss", patience=PATIENCE, restore_best_weights=True
    )
    model.fit(
        train,
        parts[0].targets,
        validation_data=(dev, parts[1].targets),
        batch_size=BATCH,
        epochs=EPOCHS,
        callbacks=[stop],
        verbose=0,
    )
    given = model.predict(held, batch_size=BATCH, verbose=0)[:, 0] > 0.5
    return float((given == parts[2].targets).mean())


def report(study: Sequence[Timing], peer: Sequence[Timing]) -> str:
    """Returns STUDY_SPEED.md."""
    facts = machine.environment()
    versions = {**facts["versions"], "optuna": machine.version_of("optuna")}
    ratios = [s.rate / p.rate for s, p in zip(study, peer, strict=True)]
    lines = [
        "# Trials a minute\n",
        f"`python -m benchmarks.study_speed ../shared`: MR, {len(DIMENSIONS)} "
        f"dimensions × {len(DROPOUTS)} kinds of dropout, Adam at {RATE}, batches of "
        f"{BATCH}, up to {EPOCHS} epochs, patience {PATIENCE}; {facts['cores']} cores; "
        + ", ".join(f"{name} {version}" for name, version in versions.items())
        + ".\n",
        "| round | who | trials | seconds | trials/minute | mean accuracy | ratio |",
        "|---:|---|---:|---:|---:|---:|---:|",
    ]
    for number, (own, other) in enumerate(zip(study, peer, strict=True), start=1):
        for who, timing, ratio in (
            ("Optuna + stock Keras", other, 1.0),
            ("textclf study", own, own.rate / other.rate),
        ):
            lines.append(
                f"| {number} | {who} | {timing.trials} | {timing.seconds:.0f} | "
                f"{timing.rate:.1f} | {timing.accuracy:.4f} | {ratio:.1f} |"
            )
    lines.append(
        f"\nMedian ratio: **{statistics.median(ratios):.1f}**. The study is counted "
        "with the start of its workers and its store; the peer without its imports."
    )
    return "\n".join(lines) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("shared", type=Path, help="the folder with data/")
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    backend.start()
    places = Places((Path(),), options.shared / "data", {})
    data = with_columns(DataConfig(dataset="mr"))
    folds = Folds(data, open_sources(data, places), split=SplitConfig(), seed=7)
    study, peer = [], []
    for number in range(ROUNDS):
        peer.append(by_optuna(folds, number))
        print(f"peer: {peer[-1].rate:.1f} trials/minute")
        study.append(by_study(places, SEEDS, options.workers))
        print(f"study: {study[-1].rate:.1f} trials/minute")
    REPORT.write_text(report(study, peer), "utf-8")


if __name__ == "__main__":
    main()
