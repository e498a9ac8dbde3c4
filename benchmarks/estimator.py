"""`TextClassifier` beside scikit-learn's pipelines; writes benchmarks/ESTIMATOR.md.

    python -m benchmarks.estimator ../shared

Contestants take turns, round by round, each in a fresh process that fits twice: the
first fit of textclf also starts TensorFlow. Imports and reading are not counted.
"""

import argparse
import json
import platform
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from textclf.machine import environment

ROOT = Path(__file__).resolve().parent.parent
TABLE = ROOT / "benchmarks" / "ESTIMATOR.md"
ROUNDS, SEED, REVIEWS = 3, 7, 10_000
NAIVE_BAYES = {
    "kind": "ngram",
    "init": "naive_bayes",
    "ngrams": 2,
    "max_length": 100_000,
    "vocabulary_size": 500_000,
    "optimizer": "lazy_adam",
    "learning_rate": 0.002,
    "epochs": 1,
    "dev_fraction": 0.05,
}


def naive_bayes() -> Any:
    """Returns the n-gram model that begins with Naive Bayes."""
    from textclf import TextClassifier

    return TextClassifier(**NAIVE_BAYES)


def average() -> Any:
    """Returns the classifier with all defaults."""
    from textclf import TextClassifier

    return TextClassifier()


def linear_svc() -> Any:
    """Returns TF-IDF of words and pairs with a linear support vector machine."""
    from sklearn.svm import LinearSVC

    return _pipeline(LinearSVC(C=0.5, random_state=SEED))


def logistic() -> Any:
    """Returns TF-IDF of words and pairs with logistic regression."""
    from sklearn.linear_model import LogisticRegression

    return _pipeline(LogisticRegression(C=20.0, solver="liblinear", random_state=SEED))


def _pipeline(machine: Any) -> Any:
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.pipeline import make_pipeline

    weights = TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True)
    return make_pipeline(weights, machine)


CONTESTANTS: dict[str, tuple[str, Callable[[], Any]]] = {
    "naive_bayes": ('TextClassifier, kind="ngram", init="naive_bayes"', naive_bayes),
    "average": ("TextClassifier, defaults", average),
    "linear_svc": ("TfidfVectorizer + LinearSVC", linear_svc),
    "logistic": ("TfidfVectorizer + LogisticRegression", logistic),
}


def sst2(shared: Path) -> tuple[list[str], list[str], list[str], list[str]]:
    """Returns the texts and labels of training and test sentences."""
    from textclf.data.tables import read_table

    parts = [
        read_table(shared / f"data/sst2/{name}.csv", text="text", label="label")
        for name in ("train", "test")
    ]
    return tuple(  # type: ignore[return-value]
        list(column or ()) for part in parts for column in (part.texts, part.labels)
    )


def imdb(shared: Path) -> tuple[list[str], list[str], list[str], list[str]]:
    """Returns 10,000 reviews of each half, drawn by a seed, with their labels."""
    from textclf.data.tables import read_table

    found: list[list[str]] = []
    for name in ("train", "test"):
        path = shared / f"data/imdb/{name}.parquet"
        table = read_table(path, text="text", label="label")
        rng = np.random.default_rng([SEED, len(found)])
        drawn = table.take(np.sort(rng.choice(len(table), REVIEWS, replace=False)))
        found += [list(drawn.texts), list(drawn.labels or ())]
    return tuple(found)  # type: ignore[return-value]


DATA = {"sst2": sst2, "imdb": imdb}


def measure(shared: Path, data: str, contestant: str) -> dict[str, float]:
    """Fits twice, predicts; returns seconds and accuracy in percent."""
    texts, labels, held, truth = DATA[data](shared)
    make = CONTESTANTS[contestant][1]
    times = {}
    for name in ("first", "again"):
        model, started = make(), time.perf_counter()
        model.fit(texts, labels)
        times[name] = time.perf_counter() - started
    started = time.perf_counter()
    answers = model.predict(held)
    times["predict"] = time.perf_counter() - started
    right = np.asarray(answers) == np.asarray(truth)
    return times | {"accuracy": 100 * float(right.mean())}


def rounds(shared: Path) -> dict[tuple[str, str], list[dict[str, float]]]:
    """Measures every contestant on every data set, in turn, some rounds."""
    found: dict[tuple[str, str], list[dict[str, float]]] = {}
    for _ in range(ROUNDS):
        for data in DATA:
            for contestant in CONTESTANTS:
                command = [sys.executable, "-m", "benchmarks.estimator", str(shared)]
                command += ["--one", data, contestant]
                done = subprocess.run(
                    command, cwd=ROOT, capture_output=True, check=True
                )
                figures = json.loads(done.stdout)
                found.setdefault((data, contestant), []).append(figures)
                print(data, contestant, figures, flush=True)
    return found


def write(found: dict[tuple[str, str], list[dict[str, float]]]) -> None:
    """Writes the table: medians of the rounds."""
    facts = environment()
    versions = ", ".join(f"{k} {v}" for k, v in facts["versions"].items())
    settings = ", ".join(f"{key}={value!r}" for key, value in NAIVE_BAYES.items())
    text = [
        "# The estimator beside scikit-learn's pipelines",
        "",
        "`python -m benchmarks.estimator ../shared`: raw texts to labels. SST-2: the "
        "sentences of `data/sst2/train.csv`, judged on `test.csv`. IMDB: "
        f"{REVIEWS:,} reviews of each official half, drawn by a seed. Seconds are "
        f"medians of {ROUNDS} rounds, contestants in turn, a fresh process each; "
        "imports and reading are not counted. `first fit` of textclf also starts "
        "TensorFlow; `fit` is the second in the same process. TF-IDF: words and pairs, "
        "`min_df=2`, sublinear; settings of no contestant were tuned on test texts. "
        f"`TextClassifier` with Naive Bayes: {settings}; with its defaults it "
        "holds a tenth of the texts out to decide when to stop. Python "
        f"{platform.python_version()}, {versions}, {facts['cores']} cores.",
        "",
        "| data | model | first fit, s | fit, s | predict, s | accuracy, % |",
        "|---|---|---:|---:|---:|---:|",
    ]
    for (data, contestant), measured in found.items():
        middle = {key: median(one[key] for one in measured) for key in measured[0]}
        text.append(
            f"| {data} | {CONTESTANTS[contestant][0]} | {middle['first']:.2f} | "
            f"{middle['again']:.2f} | {middle['predict']:.2f} | "
            f"{middle['accuracy']:.1f} |"
        )
    TABLE.write_text("\n".join(text) + "\n", encoding="utf-8")


def main() -> None:
    """Measures one contestant, or all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("shared", type=Path, help="the folder of data/")
    parser.add_argument("--one", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        print(json.dumps(measure(options.shared, *options.one)))
        return
    write(rounds(options.shared))


if __name__ == "__main__":
    main()
