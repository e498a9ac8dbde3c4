"""What each kind of model reaches, weighs and costs, on the same sentences.

`python -m benchmarks.kinds SHARED`: trains every kind with the settings that
`benchmarks.robustness` has for it, on sentences of SST-2, joins three of them as
`textclf ensemble` does, asks each bundle in a fresh process, and writes KINDS.md. A
tenth of the training sentences decides when to stop and what the joined ones count; the
dev file judges, and nobody asks the test file. The pages of docs/kinds show the rows.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from benchmarks.contestants import Labelled, with_dev
from benchmarks.robustness import settings
from benchmarks.rows import ROWS, splits_of
from benchmarks.shown import renew
from textclf import TextClassifier, backend, machine
from textclf.ensemble.bundle import EnsembleBundle, save_ensemble
from textclf.ensemble.ensemble import Ensemble, answerer_of, open_any
from textclf.ensemble.weights import likelihoods, mixture_weights
from textclf.predictor import Answerer, Predictor
from textclf.run import BUNDLE

ROOT = Path(__file__).resolve().parent.parent
REPORT = ROOT / "benchmarks" / "KINDS.md"
SEED, PASSES = 1, 5
ENSEMBLE, JOINED = "ensemble", ("ngram, recommended", "average", "cnn")
MEASURE = JOINED[0]
"""Times of the others are also told as multiples of its time."""
GOLDEN = 4
"""Texts whose answers an ensemble's bundle keeps."""
TEXT = "a warm , funny film with a perfect ending ."

Figures = dict[str, Any]


def split(shared: Path) -> tuple[Labelled, Labelled, Labelled]:
    """Returns what is learnt from, what decides when to stop, and what judges."""
    row = next(row for row in ROWS if row.name == "SST-2")
    train, dev, _ = next(splits_of(row, shared / "data"))
    if dev is None:
        raise ValueError("a dev file expected")
    learnt, held, judged = with_dev((train, None, dev), SEED)
    return learnt, held or ([], []), judged


def train(name: str, shared: Path, folder: Path) -> Figures:
    """Trains a kind and saves it; the start of the backend is not counted."""
    learnt, held, _ = split(shared)
    backend.start()
    began = time.perf_counter()
    model = TextClassifier(**settings()[name] | {"seed": SEED}).fit(*learnt, dev=held)
    seconds = time.perf_counter() - began
    model.save(folder / name)
    epochs = [epoch["seconds"] for epoch in model.history_]
    return {"train": seconds, "epochs": len(epochs), "epoch": median(epochs)}


def join(shared: Path, folder: Path) -> Figures:
    """Makes the ensemble of kinds that were saved."""
    _, held, _ = split(shared)
    began = time.perf_counter()
    bundles = [folder / name / BUNDLE for name in JOINED]
    models = tuple(map(Predictor.load, bundles))
    weights = _weights(models, held)
    ensemble, texts = Ensemble(models, weights), held[0][:GOLDEN]
    answers = ensemble.predict(texts).probabilities.tolist()
    (folder / ENSEMBLE).mkdir()
    save_ensemble(
        folder / ENSEMBLE / BUNDLE,
        models=bundles,
        weights=weights,
        golden={"texts": texts, "probabilities": answers},
        decision=ensemble.decision,
    )
    return {"train": time.perf_counter() - began, "weights": weights}


def _weights(models: tuple[Predictor, ...], held: Labelled) -> tuple[float, ...]:
    seen = np.stack([model.predict(held[0]).probabilities for model in models])
    found = mixture_weights(likelihoods(seen, _ids(models[0], held), "multiclass"))
    return tuple(map(float, found))


def _ids(model: Answerer, given: Labelled) -> np.ndarray:
    return np.array([model.labels.names.index(label) for label in given[1]])


def ask(name: str, shared: Path, folder: Path) -> Figures:
    """Loads a bundle and predicts."""
    learnt, held, judged = split(shared)
    place = folder / name / BUNDLE
    bundle = open_any(place)
    model = answerer_of(bundle)
    texts = learnt[0] + held[0] + judged[0]
    right = model.predict(judged[0]).chosen() == _ids(model, judged)
    members = bundle.models if isinstance(bundle, EnsembleBundle) else (bundle,)
    return {
        "accuracy": 100 * float(right.mean()),
        "parameters": sum(member.spec.parameters() for member in members),
        "MB": sum(file.stat().st_size for file in place.rglob("*")) / 1e6,
        "rate": len(texts) / median(_timed(model, texts) for _ in range(PASSES)),
        "backend": "keras" in sys.modules,
    }


def _timed(model: Answerer, texts: list[str]) -> float:
    began = time.perf_counter()
    model.predict(texts)
    return time.perf_counter() - began


def command_seconds(bundle: Path) -> float:
    """Returns the wall time of the command that labels one text."""
    command = [sys.executable, "-m", "textclf", "predict", "--run", str(bundle), TEXT]
    began = time.perf_counter()
    subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=True)
    return time.perf_counter() - began


def measured(shared: Path, folder: Path) -> Iterator[tuple[str, Figures]]:
    """Yields every kind with its figures; each step is a process of its own."""
    found: dict[str, Figures] = {}
    for name in settings():
        found[name] = _child("train", name, shared, folder)
    found[ENSEMBLE] = _child("join", ENSEMBLE, shared, folder)
    found[ENSEMBLE]["train"] += sum(found[name]["train"] for name in JOINED)
    for name, figures in found.items():
        figures["command"] = command_seconds(folder / name / BUNDLE)
        yield name, figures | _child("ask", name, shared, folder)


def _child(step: str, name: str, shared: Path, folder: Path) -> Figures:
    command = [sys.executable, "-m", "benchmarks.kinds", str(shared)]
    command += ["--one", step, name, str(folder)]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=True)
    figures: Figures = json.loads(done.stdout)
    print(step, name, figures, flush=True)
    return figures


def page(found: Mapping[str, Figures]) -> Iterator[str]:
    """Yields the lines of KINDS.md."""
    facts = machine.environment()
    versions = ", ".join(f"{k} {v}" for k, v in facts["versions"].items())
    yield "# What each kind reaches and costs"
    yield ""
    yield (
        "`make kinds` (`python -m benchmarks.kinds ../shared`): each kind with the "
        "settings that [ROBUSTNESS.md](ROBUSTNESS.md) has for it, which are not tuned, "
        "on nine tenths of the 6,920 sentences of SST-2; the other tenth decides when "
        "to stop. Judged by the 872 sentences of the dev file, which nothing here was "
        "chosen by: one seed, so differences below 3 points may be luck. "
        f"{facts['cores']} cores, {versions}."
    )
    yield ""
    yield f"| kind | {' | '.join(_COLUMNS)} |"
    yield "|---|" + "---:|" * len(_COLUMNS)
    for name, figures in found.items():
        yield f"| {' | '.join([name, *_cells(figures, found[MEASURE])])} |"
    yield ""
    yield from _notes(found[ENSEMBLE]["weights"])


_COLUMNS = (
    "dev, %",
    "parameters",
    "bundle, MB",
    "train, s",
    "× n-gram",
    "epochs",
    "an epoch, s",
    "one text, s",
    "texts a second",
    "× n-gram",
    "backend",
)


def _cells(figures: Figures, measure: Figures) -> Iterator[str]:
    yield f"{figures['accuracy']:.1f}"
    yield f"{figures['parameters']:,}"
    yield f"{figures['MB']:.1f}"
    yield f"{figures['train']:.1f}"
    yield f"{figures['train'] / measure['train']:.1f}"
    yield str(figures.get("epochs", "–"))
    yield f"{figures['epoch']:.2f}" if "epoch" in figures else "–"
    yield f"{figures['command']:.1f}"
    yield f"{figures['rate']:,.0f}"
    yield f"{figures['rate'] / measure['rate']:.2f}"
    yield "yes" if figures["backend"] else "no"


def _notes(weights: list[float]) -> Iterator[str]:
    counts = zip(JOINED, weights, strict=True)
    told = ", ".join(f"{name} {weight:.2f}" for name, weight in counts)
    yield (
        f"- **ensemble**: {told}; its training time is that of all three and of "
        "joining them."
    )
    yield (
        f"- **× n-gram**: beside `{MEASURE}`. Seconds depend on the machine and on "
        "what else it does; these multiples less so."
    )
    yield (
        "- **train**: from texts to a model, with what stops it; the backend has "
        "started before. **an epoch**: the median, dev texts included. **parameters**: "
        "all numbers of the bundle, trained or not."
    )
    yield (
        "- **one text**: the whole command `predict`, a process that opens the bundle, "
        "checks it and labels one text; it imports the backend where it needs one "
        f"(**backend**). **texts a second**: median of {PASSES} times the 7,792 "
        "sentences, in a process that has loaded the bundle."
    )


def main() -> None:
    """Measures one step, or all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("shared", type=Path, help="the folder of data/")
    parser.add_argument("--one", nargs=3, help=argparse.SUPPRESS)
    options = parser.parse_args()
    shared = options.shared.resolve()
    if options.one is None:
        with tempfile.TemporaryDirectory() as folder:
            found = dict(measured(shared, Path(folder)))
        REPORT.write_text("\n".join(page(found)) + "\n", encoding="utf-8")
        renew(REPORT)
        return
    step, name, folder = options.one
    if step == "join":
        figures = join(shared, Path(folder))
    else:
        figures = {"train": train, "ask": ask}[step](name, shared, Path(folder))
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
