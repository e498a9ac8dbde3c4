"""The recommended recipe on known data sets, beside peers on the same files.

`python -m benchmarks.reproduce SHARED [ROW ...]`: trains `configs/recommended.yaml` and
ensembles of it with other kinds, the same settings everywhere, with several seeds;
measures the peers, and writes ACCURACY.md. Two rows are measured at a time, each in a
process. What was measured already, with the same code and settings, is not measured
again. Test texts are predicted once a seed; nothing was chosen by them.
"""

import hashlib
import json
import os
import platform
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import repeat
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.contestants import (
    CNN,
    FASTTEXT,
    LONG,
    PAIRS,
    ROOT,
    RUNS,
    TOPICS,
    Contestant,
    Labelled,
    Split,
    alone,
    fasttext,
    linear,
    recipe,
    several_labels,
    together,
    with_phrases,
)
from textclf import machine
from textclf.config.schema import DataConfig
from textclf.data.tables import read_table
from textclf.files import write_json
from textclf.study.identity import code_version

REPORT = ROOT / "ACCURACY.md"
VECTORS = "vectors/GoogleNews-300d.13605words.bin.gz"
FOLDS = 10
AT_ONCE = 2
"""Rows that are measured at a time."""
_UNTOLD = "–"


@dataclass(frozen=True)
class Row:
    """A data set, how it is judged, and what is known of it.

    Attributes:
        name: As the table says.
        files: Training and test file below the data folder; one file: cross-validation.
        goal: The accuracy (or macro F1) that is aimed at, in percent.
        published: What others reached, in percent, as they say it.
        dev: A dev file.
        label: The column of the labels.
        separator: Between the labels of a text, where there are several.
        measure: What is told.
        seeds: How many.
        light: Whether it is small enough for everybody.
        long: Whether texts are as long as those for which `init` has another recipe.
        english: Whether the vectors at hand are of its language and kind of text.
        phrases: The data set of the catalogue with phrases of its training sentences.
    """

    name: str
    files: tuple[str, ...]
    goal: float | None
    published: str = ""
    dev: str | None = None
    label: str = "label"
    separator: str | None = None
    measure: str = "accuracy"
    seeds: int = 5
    light: bool = True
    long: bool = False
    english: bool = False
    phrases: str | None = None


ROWS = (
    Row("SST-2", ("sst2/train.csv", "sst2/test.csv"), 84.0, english=True,
        dev="sst2/dev.csv", phrases="sst2_phrases",
        published="Kim CNN random 82.7, DAN random 83.2"),
    Row("SST-1", ("sst1/train.csv", "sst1/test.csv"), 45.0, english=True,
        dev="sst1/dev.csv", phrases="sst1_phrases",
        published="Kim CNN random 45.0"),
    Row("MR", ("mr/all.csv",), 80.0, english=True,
        published="NBSVM 79.4, Kim CNN random 76.1"),
    Row("Subj", ("subj/all.csv",), 93.2, english=True,
        published="MNB pairs 93.6, NBSVM 93.2"),
    Row("TREC-6", ("trec/train.csv", "trec/test.csv"), 92.0, english=True,
        published="Kim CNN random 91.2"),
    Row("TREC-50", ("trec_fine/train.csv", "trec_fine/test.csv"), 85.0,
        english=True),
    Row("IMDB", ("imdb/train.parquet", "imdb/test.parquet"), 92.8, seeds=3, light=False,
        long=True, published="NBSVM trigrams 91.9, CNN 92.3"),
    Row("AG News 20k", ("ag_news_20k/train.csv", "ag_news_20k/test.csv"), 91.6,
        published="fastText on 120,000: 92.5"),
    Row("banking77", ("banking77/train.csv", "banking77/test.csv"), 92.0,
        published="USE + ConveRT 93.4"),
    Row("ChnSentiCorp, test_nodup",
        ("chnsenticorp/train.csv", "chnsenticorp/test_nodup.csv"), 92.3,
        dev="chnsenticorp/dev.csv"),
    Row("Reuters R8", ("reuters_r8/train.csv", "reuters_r8/test.csv"), 97.8,
        published="TextGCN 97.1"),
    Row("tweet_emotion", ("tweet_emotion/train.csv", "tweet_emotion/test.csv"), 72.5,
        dev="tweet_emotion/dev.csv"),
    Row("GermEval 2018", ("germeval2018/train.csv", "germeval2018/test.csv"), 76.0),
    Row("GoEmotions", ("go_emotions/train.csv", "go_emotions/test.csv"), 44.0,
        dev="go_emotions/dev.csv", separator="|", label="labels", measure="macro_f1",
        seeds=3, light=False, published="BERT 46"),
)  # fmt: skip


def contestants(row: Row, shared: Path) -> list[Contestant]:
    """Returns who is measured on a data set."""
    best, topics = recipe({}), recipe({}, TOPICS)
    if row.separator is not None:
        models = (("recommended", best), ("topics", topics))
        return [several_labels(name, settings) for name, settings in models]
    own = [alone("recommended", best), linear("SVM words", characters=False)]
    if FASTTEXT.exists():
        own.append(fasttext())
    if row.long:
        own.append(alone("long texts", recipe(LONG)))
    if not row.light:
        return own
    own += [linear("SVM words+chars", characters=True)]
    own.append(alone("topics", topics))
    pairs = recipe(PAIRS)
    own.append(together("four together", [best, topics, recipe(CNN), pairs]))
    if row.english:
        vectors = {"init": "vectors", "vectors": str(shared / VECTORS), "dim": 300}
        cnn = recipe({**CNN, "embedding": vectors})
        own.append(together("with vectors", [best, topics, cnn, pairs]))
        if row.phrases is not None:
            three = together("with phrases", [best, cnn, pairs])
            own.append(with_phrases(row.phrases, shared / "data", three))
    return own


def main(shared: Path, names: Sequence[str]) -> None:
    """Measures what is missing and writes the table."""
    known = {row.name: row for row in ROWS}
    if odd := set(names) - known.keys():
        raise SystemExit(f"got {', '.join(odd)}, expected some of {', '.join(known)}")
    with ProcessPoolExecutor(
        AT_ONCE, get_context("spawn"), initializer=_start, max_tasks_per_child=1
    ) as by:
        for turn in (0, 1, 2):
            list(by.map(_measure_row, names or known, repeat(shared), repeat(turn)))
    REPORT.write_text("\n".join(_page(shared)) + "\n", encoding="utf-8")


def _start() -> None:
    """Leaves the other core to the other row."""
    os.environ["TF_NUM_INTRAOP_THREADS"] = "1"


def _measure_row(name: str, shared: Path, turn: int) -> None:
    row = next(row for row in ROWS if row.name == name)
    for who in contestants(row, shared):
        if _TURNS.get(who.name, 0) == turn:
            _measured(row, who, shared / "data")


def _measured(row: Row, who: Contestant, data: Path) -> None:
    path = _place(row, who)
    if path.exists():
        return
    scores, began = [], time.monotonic()
    splits = list(splits_of(row, data))
    if not who.chance and len(row.files) > 1:
        splits = splits[:1]
    for seed, split in enumerate(splits, start=1):
        scores.append(dict(who.score(split, seed)))
    wall = (time.monotonic() - began) / 60
    minutes = sum(score.pop("minutes", wall / len(scores)) for score in scores)
    found = {"row": row.name, "who": who.name, "scores": scores, "minutes": minutes}
    RUNS.mkdir(parents=True, exist_ok=True)
    write_json(path, found)
    mean = np.mean([score[row.measure] for score in scores])
    print(f"{row.name}, {who.name}: {mean:.2f} ({minutes:.1f} minutes)", flush=True)


def _place(row: Row, who: Contestant) -> Path:
    known = [code_version(), row.name, row.seeds, who.name, who.told]
    told = json.dumps(known, default=str)
    return RUNS / f"{hashlib.sha256(told.encode()).hexdigest()[:16]}.json"


def splits_of(row: Row, data: Path) -> Iterator[Split]:
    """Yields one split a seed, or one a fold."""
    train = read(row, data / row.files[0])
    if len(row.files) == 1:
        yield from _folds(train)
        return
    test = read(row, data / row.files[1])
    dev = read(row, data / row.dev) if row.dev else None
    for _ in range(row.seeds):
        yield train, dev, test


def _folds(table: Labelled) -> Iterator[Split]:
    from sklearn.model_selection import StratifiedKFold

    texts, labels = np.array(table[0], dtype=object), np.array(table[1])
    cut = StratifiedKFold(FOLDS, shuffle=True, random_state=0)
    for train, test in cut.split(texts, labels):
        parts = [(list(texts[rows]), list(labels[rows])) for rows in (train, test)]
        yield parts[0], None, parts[1]


def read(row: Row, path: Path) -> Labelled:
    """Returns the texts and labels of a file of a data set."""
    defaults = DataConfig(train="-")
    table = read_table(
        path,
        text=defaults.text,
        label=row.label,
        encoding=defaults.encoding,
        encoding_errors=defaults.encoding_errors,
    )
    labels = list(table.labels or [])
    if row.separator is None:
        return list(table.texts), labels
    return list(table.texts), [tuple(filter(None, c.split("|"))) for c in labels]


_LONG = "long texts"
_OWN = ("recommended", "topics", "four together", "with vectors")
_PHRASES = "with phrases"
_TURNS = {"four together": 1, "with vectors": 1, _PHRASES: 2}
"""When it is measured, the dearest last; 0 of others."""
_PEERS = ("SVM words", "SVM words+chars", "fastText")


def _page(shared: Path) -> Iterator[str]:
    facts = machine.environment()
    versions = ", ".join(f"{k} {v}" for k, v in facts["versions"].items())
    yield "# One recipe on fourteen data sets"
    yield ""
    yield (
        "`make reproduce` (`python -m benchmarks.reproduce ../shared`); "
        f"{facts['cores']} cores, Python {platform.python_version()}, {versions}. "
        "Official test files, mean of the seeds; MR and Subj: "
        f"{FOLDS}-fold cross-validation. ± is the standard deviation over seeds or "
        "folds, in brackets how many and the wall minutes of all together, while "
        "another row was measured beside it. The same settings in every row; nothing "
        "was chosen by test texts. Percent right, or macro F1 where it is said. ✓: the "
        "goal is reached."
    )
    yield ""
    heads = ["data", "goal", *_OWN, *_PEERS, "published"]
    yield f"| {' | '.join(heads)} |"
    yield "|---|---:|" + "---:|" * len((*_OWN, *_PEERS)) + "---|"
    for row in ROWS:
        yield _line(row, _found(row, shared))
    yield ""
    yield from _notes()
    for row in ROWS:
        found = _found(row, shared)
        if row.long:
            yield (
                f"- {row.name} with the recipe that `init` writes for long texts, four "
                "words in a row and no characters, whole: "
                f"{_told(found.get(_LONG), row.measure)}."
            )
        if row.phrases is not None:
            yield (
                f"- {row.name} with the phrases of its training sentences "
                f"(`{row.phrases}`) and these vectors, without topics: "
                f"{_told(found.get(_PHRASES), row.measure)}."
            )
    yield ""
    yield "## Macro F1"
    yield ""
    yield f"| data | {' | '.join((*_OWN, *_PEERS))} |"
    yield "|---|" + "---:|" * len((*_OWN, *_PEERS))
    for row in ROWS:
        found = _found(row, shared)
        cells = [_mean(found.get(name), "macro_f1") for name in (*_OWN, *_PEERS)]
        yield f"| {row.name} | {' | '.join(cells)} |"


def _notes() -> Iterator[str]:
    yield (
        "- **recommended**: [recommended.yaml](../configs/recommended.yaml), one model "
        "and no data from outside."
    )
    yield (
        "- **topics**: [topics.yaml](../configs/topics.yaml), the same with rates by "
        "how rare a term is; for topics, questions and intents."
    )
    yield (
        "- **four together**: these two, a `cnn` and an `average` of words and pairs "
        "(settings in contestants.py), joined as `textclf ensemble` does, by their dev "
        "texts. No data from outside."
    )
    yield (
        "- **with vectors**: the same, the `cnn` begins with 13,605 words of the "
        "GoogleNews vectors."
    )
    yield (
        "- **SVM**: scikit-learn's `TfidfVectorizer` of one and two words with "
        "`LinearSVC(C=0.5)`; the same joined with `char_wb` 2 to 5 (`min_df=2`), "
        "`C=0.3`. **fastText**: pairs of words, 50 numbers, 25 epochs, rate 0.5, lines "
        "shuffled. Peers learn from the dev file too."
    )
    yield f"- {_UNTOLD}: not measured."
    yield (
        "- What was tried where a goal is missed: "
        "[notes](NOTES.md#the-recommended-recipe)."
    )


def _found(row: Row, shared: Path) -> dict[str, Any]:
    places = {who.name: _place(row, who) for who in contestants(row, shared)}
    return {
        name: json.loads(path.read_text("utf-8"))
        for name, path in places.items()
        if path.exists()
    }


def _line(row: Row, found: dict[str, Any]) -> str:
    means = {
        name: np.mean([score[row.measure] for score in one["scores"]])
        for name, one in found.items()
    }
    measure = "" if row.measure == "accuracy" else f", {row.measure.replace('_', ' ')}"
    cells = [row.name + measure, _UNTOLD if row.goal is None else f"{row.goal:g}"]
    for name in _OWN:
        met = row.goal is not None and means.get(name, 0.0) >= row.goal
        cells.append(_told(found.get(name), row.measure) + (" ✓" if met else ""))
    cells += [_mean(found.get(name), row.measure) for name in _PEERS]
    return f"| {' | '.join([*cells, row.published or _UNTOLD])} |"


def _told(one: dict[str, Any] | None, measure: str) -> str:
    if one is None:
        return _UNTOLD
    scores = [score[measure] for score in one["scores"]]
    spread = np.std(scores, ddof=1) if len(scores) > 1 else 0.0
    cost = f"({len(scores)}, {one['minutes']:.1f} min)"
    return f"{np.mean(scores):.1f} ± {spread:.1f} {cost}"


def _mean(one: dict[str, Any] | None, measure: str) -> str:
    if one is None:
        return _UNTOLD
    return f"{np.mean([score[measure] for score in one['scores']]):.1f}"


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
