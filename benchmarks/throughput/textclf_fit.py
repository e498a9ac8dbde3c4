"""textclf: two epochs of `fit`."""

import time

import numpy as np

from benchmarks.child import tell
from benchmarks.records import SEED
from benchmarks.throughput.harness import BATCH, DIM, FILTERS, WIDTHS, Sample, sample
from textclf import backend
from textclf.config.schema import Config
from textclf.data.dataset import Dataset
from textclf.data.labels import Labels
from textclf.evaluation.predictions import Predictions
from textclf.models.build import build_model
from textclf.models.spec import ModelSpec

_MODELS = {
    "average": {"kind": "average"},
    "cnn": {"kind": "cnn", "widths": list(WIDTHS), "filters": FILTERS},
}


class Stopwatch:
    """Times epochs from the end of the one before to the first look at dev texts."""

    def __init__(self, predictions: Predictions) -> None:
        self.seconds: list[float] = []
        self._predictions = predictions
        self._started = time.perf_counter()

    def predict_dev(self) -> Predictions:
        """Ends an epoch; answers without asking the model."""
        self.seconds.append(time.perf_counter() - self._started)
        return self._predictions

    def on_epoch(self, epoch: object) -> None:
        """Begins the next epoch."""
        self._started = time.perf_counter()


def settings(kind: str) -> Config:
    """Returns the configuration of two epochs."""
    value = {
        "seed": SEED,
        "data": {"train": "unused.csv"},
        "embedding": {"dim": DIM},
        "model": _MODELS[kind],
        "training": {
            "epochs": 2,
            "batch_size": BATCH,
            "optimizer": "lazy_adam",
            "patience": None,
        },
    }
    return Config.model_validate(value)


def seconds(sample: Sample) -> list[float]:
    """Trains; returns the seconds of either epoch."""
    labels = Labels.fit(sample.cells, separator=None)
    dataset = Dataset(sample.texts, sample.targets, labels)
    config = settings(sample.kind)
    spec = ModelSpec.of(
        config, rows=sample.rows, units=sample.rows, labels=2, task="binary"
    )
    model = build_model(spec, seed=SEED)
    from textclf.training.fit import fit

    dev = dataset.take([0])
    nothing = np.zeros((4, 1))
    guess = Predictions(labels.names, "binary", [[0.5, 0.5]], *nothing)  # type: ignore[arg-type]
    watch = Stopwatch(guess)
    fit(
        model,
        dataset,
        sample.encoded,
        config,
        predict_dev=watch.predict_dev,
        dev=dev,
        on_epoch=watch.on_epoch,
    )
    return watch.seconds


def main() -> None:
    """Tells the rate of the second epoch and what the first took longer."""
    backend.prepare()
    backend.start()
    chosen = sample()
    first, second = seconds(chosen)
    tell(texts_per_s=len(chosen.texts) / second, start_s=first - second)


if __name__ == "__main__":
    main()
