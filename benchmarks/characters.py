"""Shows what characters inside words add to kind `ngram` on short texts.

    python -m benchmarks.characters ../shared/data

A fifth of the training texts is held out, four times by another seed; no test text is
read. Prints a Markdown table of mean dev accuracies and losses.
"""

import statistics
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.shipped_configs import textclf

CONFIG = Path(__file__).with_name("characters.yaml")
FILES = ("sst2/train.csv", "mr/all.csv", "trec/train.csv", "tweet_emotion/train.csv")
LENGTHS = {"words": "null", "and characters": "[2,5]"}
SEEDS = (1, 2, 3, 4)


def dev(file: Path, lengths: str, seed: int) -> dict[str, Any]:
    """Trains on four fifths of the training texts; returns the scores on the rest."""
    settings = {
        "data.dataset": "null",
        "data.train": file,
        "text.char_ngrams": lengths,
        "seed": seed,
    }
    chosen = [f"--set={key}={value}" for key, value in settings.items()]
    with tempfile.TemporaryDirectory() as folder:
        run = str(Path(folder) / "run")
        result = textclf("train", f"--config={CONFIG}", *chosen, f"--run-dir={run}")
    scores: dict[str, Any] = result["dev"]
    return scores


def main(data: Path) -> None:
    """Prints the table."""
    print("| texts | features | dev accuracy, % | log loss |\n|---|---|---:|---:|")
    for file in FILES:
        for features, lengths in LENGTHS.items():
            every = [dev(data / file, lengths, seed) for seed in SEEDS]
            means = [
                statistics.fmean(scores[m] for scores in every)
                for m in ("accuracy", "log_loss")
            ]
            print(f"| {file} | {features} | {100 * means[0]:.1f} | {means[1]:.3f} |")


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())
