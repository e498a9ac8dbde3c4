"""How far explanations can be believed, on real data.

`python -m benchmarks.explain SHARED`: trains nine models (once; they stay in
runs/explain), explains some of their test texts, and writes EXPLAIN.md: how far
integrated gradients miss completeness by the number of steps; what becomes of an answer
when the words that an explanation names first are left out or kept alone, beside words
in random order (comprehensiveness and sufficiency of DeYoung et al. 2020, "ERASER");
seconds a text.
"""

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from textclf import machine
from textclf.config.load import load_config
from textclf.data.held import held
from textclf.data.named import Places, open_sources
from textclf.explain.attribution import Explainer
from textclf.explain.integrated import integrate
from textclf.explain.path import path_of
from textclf.explain.span import groups_of
from textclf.explain.target import Target
from textclf.predictor import Predictor
from textclf.run import CONFIG, STATE, Run
from textclf.text.anatomy import Anatomy

ROOT = Path(__file__).parent
REPORT = ROOT / "EXPLAIN.md"
RUNS = ROOT.parent / "runs" / "explain"
DATA = ("sst2", "mr", "trec")
KINDS = {
    "average": ["model.kind=average"],
    "cnn": ["model.kind=cnn"],
    "ngram": ["model.kind=ngram", "text.ngrams=2", "embedding.init=naive_bayes"],
}
METHODS = ("gradients", "occlusion")
TEXTS = 100
STEPS = (8, 16, 32, 64, 128, 256)
SHARES = (0.1, 0.2, 0.5)
RANDOM = 10
RESAMPLES = 1_000
SEED = 7


@dataclass(frozen=True)
class Model:
    """A trained model and the test texts that it is asked about."""

    data: str
    kind: str
    explainer: Explainer
    texts: Sequence[str]

    @property
    def name(self) -> str:
        return f"{self.data} {self.kind}"


@dataclass(frozen=True)
class Asked:
    """A text with the label that is explained: the one the model finds likeliest."""

    anatomy: Anatomy
    label: int
    probability: float


def model_of(data: str, kind: str, folder: Path) -> Model:
    """Returns a model; trains it where there is none."""
    run = RUNS / f"{data}_{kind}"
    if not (run / STATE).is_file():
        config = ROOT.parent / "configs" / f"{data}.yaml"
        command = [sys.executable, "-m", "textclf", "train", "--config", str(config)]
        command += ["--run-dir", str(run), "--data-dir", str(folder)]
        command += [word for one in KINDS[kind] for word in ("--set", one)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    record = Run.open(run)
    settings = load_config(run / CONFIG).config
    tables = open_sources(settings.data, Places((), folder, os.environ))
    test = held(record, "test", settings, tables, fix="train again").dataset.texts
    rows = np.linspace(0, len(test) - 1, TEXTS).astype(int)
    explainer = Explainer.of(Predictor.load(record.bundle))
    return Model(data, kind, explainer, [test[row] for row in rows])


def asked(model: Model) -> list[Asked]:
    """Takes the texts apart; those that say nothing to the model are left out."""
    predictor, found = model.explainer.predictor, []
    for text in model.texts:
        anatomy = Anatomy.of(text, predictor.encoder, rows_of=predictor.rows_of)
        if len(groups_of(anatomy)) < 2 or predictor.encoder.silent(anatomy.encoded)[0]:
            continue
        likely = predictor.predict_encoded(anatomy.encoded).probabilities[0]
        found.append(Asked(anatomy, int(likely.argmax()), float(likely.max())))
    return found


def missed(model: Model, questions: Sequence[Asked]) -> Iterator[str]:
    """Yields lines of the first table: by equal steps, and by those of textclf."""
    paths = path_of(model.explainer.bundle)
    task = model.explainer.predictor.labels.task
    errors: dict[int, list[float]] = {steps: [] for steps in STEPS}
    own, slopes = [], []
    for one in questions:
        path = paths(one.anatomy.encoded, Target(one.label, task))
        low, high = path(np.array([0.0, 1.0]))[0]
        for steps in STEPS:
            middles = (np.arange(steps) + 0.5) / steps
            added = path(middles)[1].sum() / steps
            errors[steps].append(abs(added - (high - low)))
        found = integrate(path)
        own.append(found.error)
        slopes.append(found.slopes)
    cells = [f"{np.mean(e):.1g} · {np.max(e):.1g}" for e in errors.values()]
    cells.append(f"{np.mean(own):.1g} · {np.max(own):.1g}")
    cells.append(f"{np.mean(slopes):.0f} · {np.max(slopes)}")
    yield f"| {model.name} | {' | '.join(cells)} |"


def orders(model: Model, one: Asked, method: str) -> np.ndarray:
    """Returns the groups of a text, those that speak most for its label first."""
    label = model.explainer.predictor.labels.names[one.label]
    found = model.explainer.explain(one.anatomy.text, label=label, method=method)
    return np.argsort([-span.score for span in found.spans], kind="stable")


def losses(model: Model, one: Asked, order: np.ndarray) -> tuple[float, float]:
    """Returns comprehensiveness and sufficiency, means over the shares of words.

    That is how much the probability falls without the first words, and with them alone.
    """
    groups = groups_of(one.anatomy)
    cuts = [max(1, round(share * len(groups))) for share in SHARES]
    away = [np.concatenate([groups[at] for at in order[:cut]]) for cut in cuts]
    rest = [np.concatenate([groups[at] for at in order[cut:]]) for cut in cuts]
    encoded = one.anatomy.without([*away, *rest])
    likely = model.explainer.predictor.predict_encoded(encoded).probabilities
    falls = one.probability - likely[:, one.label]
    return float(falls[: len(cuts)].mean()), float(falls[len(cuts) :].mean())


def faithfulness(model: Model, questions: Sequence[Asked]) -> dict[str, np.ndarray]:
    """Returns float64[texts, 2] of each order of words, and of random ones."""
    rng = np.random.default_rng(SEED)
    found = {
        method: np.array(
            [losses(model, one, orders(model, one, method)) for one in questions]
        )
        for method in METHODS
    }
    drawn = [
        [
            losses(model, one, rng.permutation(len(groups_of(one.anatomy))))
            for _ in range(RANDOM)
        ]
        for one in questions
    ]
    return {**found, "random": np.array(drawn).mean(axis=1)}


def faithful_row(model: Model, found: dict[str, np.ndarray]) -> str:
    """Returns a line of the second table."""
    rng = np.random.default_rng(SEED)
    n = len(found["random"])
    rows = rng.integers(0, n, (RESAMPLES, n))
    cells = [model.name, str(n)]
    for column in (0, 1):
        for values in found.values():
            cells.append(f"{values[:, column].mean():.3f}")
        for method in METHODS:
            gain = (found[method] - found["random"])[:, column]
            low, high = np.quantile(gain[rows].mean(axis=1), (0.025, 0.975))
            cells.append(f"[{low:+.3f}, {high:+.3f}]")
    return f"| {' | '.join(cells)} |"


def seconds_row(model: Model) -> str:
    """Returns a line of the third table: CPU milliseconds, median and highest."""
    cells = [model.name]
    for method in METHODS:
        took = []
        for text in model.texts:
            start = time.process_time()
            model.explainer.explain(text, method=method)
            took.append(1000 * (time.process_time() - start))
        cells.append(f"{np.median(took):.1f} · {max(took):.1f}")
    return f"| {' | '.join(cells)} |"


def report(lines: dict[str, list[str]]) -> list[str]:
    """Returns the lines of EXPLAIN.md."""
    facts = machine.environment()
    versions = ", ".join(f"{k} {v}" for k, v in facts["versions"].items())
    steps = " | ".join(f"{n} steps" for n in STEPS)
    return [
        "# How far explanations can be believed",
        "",
        "`python -m benchmarks.explain ../shared`: the shipped configurations of "
        "SST-2, MR and TREC with three kinds of model "
        f"({'; '.join(' '.join(one) for one in KINDS.values())}), {TEXTS} test texts "
        f"each, evenly spread, explained for the likeliest label. Seed {SEED}, "
        f"{facts['cores']} cores, {versions}.",
        "",
        "## Completeness",
        "How far the scores of integrated gradients miss what the log-odds gain, "
        "mean · most over the texts, by equal steps along the path (slopes in the "
        "middle of each), and by the steps that textclf takes; last how many those "
        "are. A model that is a straight line along the path needs one.",
        "",
        f"| model | {steps} | textclf | its steps |",
        f"|---|{'---:|' * (len(STEPS) + 2)}",
        *lines["missed"],
        "",
        "## Comprehensiveness and sufficiency",
        "Words are ordered by their score. Comprehensiveness: how much the "
        "probability of the label falls without the first 10, 20 and 50 % of the "
        "words, on average: more is better. Sufficiency: how much it falls with these "
        "words alone: less is better (DeYoung et al. 2020, section 4, with other "
        f"shares, because these texts are short). Random: the mean of {RANDOM} random "
        "orders a text. In brackets the difference to random, 95 % (bootstrap over "
        "texts).",
        "",
        "| model | texts | compr. gradients | occlusion | random | "
        "gradients - random | occlusion - random | suff. gradients | occlusion | "
        "random | gradients - random | occlusion - random |",
        f"|---|{'---:|' * 11}",
        *lines["faithful"],
        "",
        "Leaving words out makes texts that training never saw. An order that wins "
        "here tells what this model answers to such texts, not what people would "
        "name.",
        "",
        "## Milliseconds a text",
        "CPU time, median · most, one text after the other; occlusion predicts once "
        "for each word.",
        "",
        "| model | gradients | occlusion |",
        "|---|---:|---:|",
        *lines["seconds"],
    ]


def main() -> None:
    """Trains what is missing and writes the report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("shared", type=Path, help="the folder with data/")
    folder = parser.parse_args().shared.resolve() / "data"
    RUNS.mkdir(parents=True, exist_ok=True)
    lines: dict[str, list[str]] = {"missed": [], "faithful": [], "seconds": []}
    for data in DATA:
        for kind in KINDS:
            model = model_of(data, kind, folder)
            questions = asked(model)
            lines["missed"] += missed(model, questions)
            found = faithfulness(model, questions)
            lines["faithful"].append(faithful_row(model, found))
            lines["seconds"].append(seconds_row(model))
            print(f"{model.name}: {len(questions)} texts", file=sys.stderr)
    REPORT.write_text("\n".join(report(lines)) + "\n", encoding="utf-8")
    print(REPORT)


if __name__ == "__main__":
    main()
