"""What word vectors bring a CNN on sentences; writes benchmarks/WORD_VECTORS.md.

    python -m benchmarks.word_vectors ../shared [--imdb FILE]

Every cell trains with five seeds, the same for all: a seed decides split, order, first
weights and dropout. The settings are the same in all cells and were not tuned. Figures
that stand in work/word_vectors.json already are not measured again.
"""

import argparse
import contextlib
import io
import json
import platform
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from scipy.stats import t

from textclf.cli.main import main as textclf
from textclf.machine import environment

ROOT = Path(__file__).resolve().parent.parent
TABLE = ROOT / "benchmarks" / "WORD_VECTORS.md"
KEPT = ROOT / "benchmarks" / "work" / "word_vectors.json"
SEEDS = (1, 2, 3, 4, 5)
SETS = {"sst2": 0.0, "mr": 0.1}
TRAIN = {
    "static": {"train": "frozen"},
    "fine-tuned": {"train": "finetune"},
    "two-stage": {"train": "two_stage"},
    "fine-tuned, scale: null": {"train": "finetune", "scale": None},
}
RANDOM = "random"
SLICES = {
    "GoogleNews, 13,605 words": (300, "GoogleNews-300d.13605words.bin.gz"),
    "GloVe 6B, 13,330 words": (50, "glove.6B.50d.first10000_plus3330.txt.gz"),
}
LEARNT = "skip-gram of IMDB"


def cells(shared: Path, imdb: Path | None) -> dict[str, dict[str, Any]]:
    """Returns the embedding settings of each cell, by its name."""
    found: dict[str, dict[str, Any]] = {}
    chosen = {name: (dim, shared / "vectors" / f) for name, (dim, f) in SLICES.items()}
    if imdb is not None:
        chosen[LEARNT] = (100, imdb)
    for name, (dim, path) in chosen.items():
        found[f"{dim} | {RANDOM} | {RANDOM}"] = {"dim": dim}
        for how, settings in TRAIN.items():
            vectors = {"dim": dim, "init": "vectors", "vectors": str(path.resolve())}
            found[f"{dim} | {name} | {how}"] = vectors | settings
    return found


def measure(data: str, embedding: dict[str, Any], seed: int) -> float:
    """Trains once; returns the test accuracy in percent."""
    config = {
        "name": "cnn",
        "seed": seed,
        "data": {"dataset": data, "test_fraction": SETS[data]},
        "embedding": embedding,
        "model": {"kind": "cnn"},
        "training": {"optimizer": "lazy_adam", "batch_size": 50, "epochs": 12},
    }
    with tempfile.TemporaryDirectory() as folder:
        path, out = Path(folder) / "c.yaml", io.StringIO()
        path.write_text(json.dumps(config), encoding="utf-8")  # JSON is YAML
        run = str(Path(folder) / "run")
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO()):
            code = textclf(["train", "--config", str(path), "--run-dir", run, "--json"])
        if code:
            raise SystemExit(f"{data} {embedding} seed {seed} ended with {code}")
    return 100 * float(json.loads(out.getvalue())["test"]["accuracy"])


def interval(values: np.ndarray) -> str:
    """Returns the mean with its 95 % interval by Student's t."""
    half = t.ppf(0.975, len(values) - 1) * values.std(ddof=1) / np.sqrt(len(values))
    return f"{values.mean():.1f} ± {half:.1f}"


def lines(kept: dict[str, list[float]]) -> list[str]:
    """Returns the rows of the table: each cell beside random rows of its dimension."""
    rows = []
    for key, scores in kept.items():
        data, dim, name, how = key.split(" | ")
        base = np.array(kept[f"{data} | {dim} | {RANDOM} | {RANDOM}"])
        values = np.array(scores)
        gain = "" if name == RANDOM else interval(values - base[: len(values)])
        rows.append(
            f"| {data} | {dim} | {name} | {how} | {interval(values)} | {gain} |"
        )
    return sorted(rows)


def write(kept: dict[str, list[float]]) -> None:
    """Writes the table."""
    facts = environment()
    versions = ", ".join(f"{k} {v}" for k, v in facts["versions"].items())
    text = [
        "# What word vectors bring",
        "",
        "`python -m benchmarks.word_vectors ../shared --imdb IMDB.bin`: kind `cnn` "
        "(widths 3, 4, 5, 100 filters each), `lazy_adam` at 0.001, batches "
        "of 50, up to 12 epochs, the best by dev loss kept; only scale was tuned. "
        "Seeds "
        f"{', '.join(map(str, SEEDS))}; a seed decides the dev split (mr: the held-out "
        "tenth too), order, first weights and dropout. Test accuracy in percent, mean "
        "with 95 % interval (Student's t over seeds); the gain is paired by seed with "
        "random rows of the same dimension. `two-stage`: 2 frozen epochs, then the "
        "embedding at a tenth of the rate. `scale: null`: the numbers as they stand in "
        "the file, else `embedding.scale` of 0.1, which the dev sentences of sst2 "
        f"chose. Python {platform.python_version()}, "
        f"{versions}, {facts['cores']} cores.",
        "",
        "| data | dim | vectors | training | accuracy, % | gain over random |",
        "|---|---:|---|---|---:|---:|",
        *lines(kept),
    ]
    TABLE.write_text("\n".join(text) + "\n", encoding="utf-8")


def main() -> None:
    """Measures the cells that are not known yet, each in a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("shared", type=Path, help="the folder of data/ and vectors/")
    parser.add_argument("--imdb", type=Path, help="what `vectors train` wrote")
    parser.add_argument("--cell", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.cell:
        data, embedding = options.cell
        found = [measure(data, json.loads(embedding), seed) for seed in SEEDS]
        print(json.dumps(found))
        return
    kept = json.loads(KEPT.read_text()) if KEPT.exists() else {}
    KEPT.parent.mkdir(exist_ok=True)
    for data in SETS:
        for name, embedding in cells(options.shared, options.imdb).items():
            key = f"{data} | {name}"
            if key in kept:
                continue
            arguments = [str(options.shared), "--cell", data, json.dumps(embedding)]
            command = [sys.executable, "-m", "benchmarks.word_vectors", *arguments]
            done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=True)
            kept[key] = json.loads(done.stdout)
            print(key, kept[key], flush=True)
            KEPT.write_text(json.dumps(kept, indent=1))
    write(kept)


if __name__ == "__main__":
    main()
