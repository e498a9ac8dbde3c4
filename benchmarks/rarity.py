"""Shows what the parts of `configs/topics.yaml` bring, and a last training on dev.

The last column takes what `init` writes for long texts of many labels.

    python -m benchmarks.rarity ../shared/data [ROW ...]

A fifth of the training texts is held out, twice by another seed, and a tenth of the
rest for stopping; no test text is read. Prints a Markdown table of accuracies.
"""

import statistics
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.contestants import (
    TOPICS,
    Labelled,
    alone,
    linear,
    recipe,
)
from benchmarks.rows import ROWS, Row, read
from textclf.config.recipes import LONG_TOPICS

NAMES = (
    "SST-2",
    "GermEval 2018",
    "tweet_emotion",
    "TREC-6",
    "TREC-50",
    "banking77",
    "AG News 20k",
    "Reuters R8",
)
MOST = {**dict.fromkeys(NAMES, 6_000), "20 newsgroups": 1_200}
"""Texts that are taken of each set, so that it takes minutes."""
NEWS = Row("20 newsgroups", ("twenty_newsgroups/train.parquet",), None)
SEEDS = (1, 2)
ONCE: Mapping[str, Any] = {"training.refit": False}
CHANCES = {"training.loss": "cross_entropy", "training.monitor": "dev_loss"}
LESS: Mapping[str, Mapping[str, Any]] = {
    "rarity alone": {
        **ONCE,
        **CHANCES,
        "text.distinct": True,
        "model.length_norm": False,
    },
    "and lengths": {**ONCE, **CHANCES, "text.distinct": True},
    "and counts": {**ONCE, **CHANCES},
    "and margins: topics": ONCE,
}
LONG: Mapping[str, Any] = {
    f"{section}.{key}": value
    for section, settings in LONG_TOPICS.items()
    for key, value in settings.items()
}


def held(texts: Labelled, seed: int) -> tuple[Labelled, None, Labelled]:
    """Returns four fifths of the texts, and the last one."""
    from sklearn.model_selection import train_test_split

    rare = min(Counter(texts[1]).values()) < 2
    parts = train_test_split(
        *texts,
        test_size=0.2,
        random_state=seed,
        stratify=None if rare else texts[1],
    )
    return (parts[0], parts[2]), None, (parts[1], parts[3])


def main(data: Path, names: Sequence[str]) -> None:
    """Prints the table."""
    if odd := set(names) - MOST.keys():
        raise SystemExit(f"got {', '.join(odd)}, expected some of {', '.join(MOST)}")
    who = [
        linear("SVM words+chars", characters=True),
        alone("recommended", recipe(ONCE)),
        alone("and once more", recipe({})),
        *(alone(name, recipe(less, TOPICS)) for name, less in LESS.items()),
        alone("and once more", recipe({}, TOPICS)),
        alone("long, once more", recipe(LONG, TOPICS)),
    ]
    print(f"| texts | {' | '.join(one.name for one in who)} |")
    print("|---|" + "---:|" * len(who))
    for row in (row for row in (*ROWS, NEWS) if row.name in (names or MOST)):
        texts, labels = read(row, data / row.files[0])
        step = -(-len(texts) // MOST[row.name])
        part = texts[::step], labels[::step]
        cells = []
        for one in who:
            scores = [one.score(held(part, seed), seed)["accuracy"] for seed in SEEDS]
            cells.append(f"{statistics.fmean(scores):.1f}")
        print(f"| {row.name} | {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve(), sys.argv[2:])
