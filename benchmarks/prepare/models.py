"""Trained models whose predictions are timed; their training is not."""

import os
import subprocess

from benchmarks.accuracy import CONFIGS, train
from benchmarks.predict.files import (
    fasttext_file,
    keras_file,
    sklearn_file,
    vocabulary_file,
)
from benchmarks.records import ROOT, SEED, Place, python


def sklearn_model(place: Place) -> None:
    """Trains and dumps the TF-IDF pipeline."""
    path = sklearn_file(place)
    if path.exists():
        return
    import joblib

    from benchmarks.accuracy.reviews import halves
    from benchmarks.accuracy.sklearn_tfidf import pipeline

    half, _ = halves(place.imdb)
    path.parent.mkdir(exist_ok=True)
    joblib.dump(pipeline().fit(half.texts, half.targets), path)


def keras_model(place: Place) -> None:
    """Trains and saves the averaging model and its vocabulary."""
    path = keras_file(place)
    if path.exists():
        return
    import keras

    from benchmarks.accuracy import keras_average as average
    from benchmarks.accuracy.reviews import halves

    keras.utils.set_random_seed(SEED)
    half, _ = halves(place.imdb)
    layer = average.vectorizer(half.texts)
    model = average.network()
    average.fit(model, average.encode(layer, half.texts), half.targets)
    path.parent.mkdir(exist_ok=True)
    words = layer.get_vocabulary(include_special_tokens=False)
    vocabulary_file(place).write_text("\n".join(words), encoding="utf-8")
    model.save(path)


def fasttext_model(place: Place) -> None:
    """Trains and saves fastText's model, if fastText is installed."""
    path = fasttext_file(place)
    if path.exists() or not place.fasttext_python.exists():
        return
    path.parent.mkdir(exist_ok=True)
    module = "benchmarks.accuracy.fasttext_bigram"
    files = (place.work / "fasttext-train.txt", place.work / "fasttext-test.txt", path)
    _quietly(python(module, *files, program=place.fasttext_python))


def textclf_models(place: Place) -> None:
    """Trains ours anew, unless this run of the benchmarks did so already."""
    for name, config in CONFIGS.items():
        if config.is_file() and not (place.run(name) / "bundle").exists():
            _quietly(train(place, name), TEXTCLF_DATA=str(place.imdb.parent))


def _quietly(command: list[str], **environ: str) -> None:
    """Runs a command; what it prints is shown only if it fails."""
    done = subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environ},
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise SystemExit(f"{' '.join(command)}\n{done.stderr}")
