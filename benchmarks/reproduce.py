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
from itertools import repeat
from multiprocessing import get_context, parent_process
from multiprocessing.process import BaseProcess
from pathlib import Path
from threading import Thread
from typing import Any

import numpy as np

from benchmarks.contestants import (
    CNN,
    FASTTEXT,
    LONG,
    PAIRS,
    REVIEWS,
    ROOT,
    RUNS,
    TOPICS,
    Contestant,
    alone,
    fasttext,
    linear,
    recipe,
    several_labels,
    together,
    with_phrases,
)
from benchmarks.rows import FOLDS, ROWS, Row, splits_of
from textclf import machine
from textclf.config.recipes import for_several_labels
from textclf.files import write_json
from textclf.study.identity import code_version

REPORT = ROOT / "ACCURACY.md"
GOOGLE_NEWS = "vectors/GoogleNews-300d.13605words.bin.gz"
AT_ONCE = 2
"""Rows that are measured at a time."""
_UNTOLD = "–"


def contestants(row: Row, shared: Path) -> list[Contestant]:
    """Returns who is measured on a data set."""
    best, topics = recipe({}), recipe({}, TOPICS)
    if row.separator is not None:
        models = (("recommended", best), ("topics", for_several_labels(topics)))
        return [several_labels(name, settings) for name, settings in models]
    own = [alone("recommended", best), linear("SVM words", characters=False)]
    if FASTTEXT.exists():
        own.append(fasttext())
    if row.long:
        own += [alone(_LONG, recipe(LONG)), alone(_REVIEWS, recipe({}, REVIEWS))]
    if row.unlabelled is not None:
        file = str(shared / "data" / row.unlabelled)
        taught = {"data.unlabelled": file, "training.self_training": {}}
        own.append(alone(_TAUGHT, recipe(taught, REVIEWS)))
    if not row.light:
        return own
    own += [linear("SVM words+chars", characters=True)]
    own.append(alone("topics", topics))
    pairs = recipe(PAIRS)
    own.append(together("four together", [best, topics, recipe(CNN), pairs]))
    if row.english:
        vectors = {"init": "vectors", "vectors": str(shared / GOOGLE_NEWS), "dim": 300}
        cnn = recipe({**CNN, "embedding": vectors})
        own.append(together(_VECTORS, [best, topics, cnn, cnn, cnn, pairs]))
        if row.phrases is not None:
            three = together(_PHRASES, [best, cnn, pairs])
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
        for dear in (False, True):
            list(by.map(_measure_row, names or known, repeat(shared), repeat(dear)))
    REPORT.write_text("\n".join(_page(shared)) + "\n", encoding="utf-8")


def _start() -> None:
    """Leaves the other core to the other row, and ends when the command is killed."""
    os.environ["TF_NUM_INTRAOP_THREADS"] = "1"
    Thread(target=_end_with, args=(parent_process(),), daemon=True).start()


def _end_with(process: BaseProcess | None) -> None:
    if process is not None:
        process.join()
        os._exit(1)


def _measure_row(name: str, shared: Path, dear: bool) -> None:
    row = next(row for row in ROWS if row.name == name)
    for who in contestants(row, shared):
        if (who.name in _DEAR) == dear:
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


_LONG = "long texts"
_VECTORS = "with vectors"
_OWN = ("recommended", "topics", "four together", _VECTORS)
_REVIEWS = "long reviews"
_PHRASES = "with phrases"
_TAUGHT = "self-training"
_DEAR = ("four together", _VECTORS, _PHRASES, _TAUGHT)
"""Measured when all others are."""
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
        "goal is reached; that in brackets is the goal with word vectors."
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
        yield from _besides(row, _found(row, shared))
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
        "how rare a term is, and margins; for topics, questions and intents. Where "
        "texts have several labels (GoEmotions), with `training.loss` and `monitor` at "
        "their defaults, as `init` writes it there."
    )
    yield (
        "- **four together**: these two, a `cnn` and an `average` of words and pairs "
        "(settings in contestants.py), joined as `textclf ensemble` does, by their dev "
        "texts. No data from outside."
    )
    yield (
        "- **with vectors**: the same, but three times the `cnn`, by other seeds, and "
        "it begins with 13,605 words of the GoogleNews vectors."
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


def _besides(row: Row, found: dict[str, Any]) -> Iterator[str]:
    """Says what was measured on some rows only."""
    if row.long:
        yield (
            f"- {row.name} with the recipe that `init` writes for long texts, four "
            "words in a row, no characters and margins, whole: "
            f"{_told(found.get(_LONG), row.measure)}; with "
            "[imdb_ngram.yaml](../configs/imdb_ngram.yaml): "
            f"{_told(found.get(_REVIEWS), row.measure)}."
        )
    if row.unlabelled is not None:
        yield (
            f"- {row.name} with imdb_ngram.yaml and self-training on texts without "
            f"labels: {_told(found.get(_TAUGHT), row.measure)}."
        )
    if row.phrases is not None:
        yield (
            f"- {row.name} with the phrases of its training sentences "
            f"(`{row.phrases}`) and these vectors, without topics: "
            f"{_told(found.get(_PHRASES), row.measure)}."
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
    cells = [row.name + measure, _goals(row)]
    for name in _OWN:
        aim = row.outside if name == _VECTORS else row.goal
        met = aim is not None and means.get(name, 0.0) >= aim
        cells.append(_told(found.get(name), row.measure) + (" ✓" if met else ""))
    cells += [_mean(found.get(name), row.measure) for name in _PEERS]
    return f"| {' | '.join([*cells, row.published or _UNTOLD])} |"


def _goals(row: Row) -> str:
    if row.goal is None:
        return _UNTOLD
    return f"{row.goal:g}" + (f" ({row.outside:g})" if row.outside else "")


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
