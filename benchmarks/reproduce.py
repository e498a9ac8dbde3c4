"""The recommended recipe on known data sets, beside linear peers on the same files.

`python -m benchmarks.reproduce SHARED [ROW ...]`: trains `configs/recommended.yaml`
with the same settings everywhere and several seeds, measures the peers, and writes
ACCURACY.md. A row that was measured already (with the same recipe) is not measured
again. Test texts are predicted once a seed; nothing was chosen by them.
"""

import hashlib
import json
import platform
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from textclf import TextClassifier, machine
from textclf.config.load import load_config
from textclf.config.schema import DataConfig
from textclf.data.tables import read_table
from textclf.estimator.settings import parameters_of
from textclf.files import write_json

ROOT = Path(__file__).parent
RECIPE, REPORT = ROOT.parent / "configs" / "recommended.yaml", ROOT / "ACCURACY.md"
RUNS = ROOT.parent / "runs" / "reproduce"
FOLDS = 10
_UNTOLD = "–"
_HEAD = (
    "data",
    "measure",
    "textclf, %",
    "macro F1, %",
    "goal",
    "SVM words",
    "SVM words and characters",
    "published",
    "minutes",
)


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
        characters: Whether the peer with characters can be had in minutes.
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
    characters: bool = True


ROWS = (
    Row("SST-2", ("sst2/train.csv", "sst2/test.csv"), 84.0, dev="sst2/dev.csv",
        published="Kim CNN random 82.7, DAN random 83.2"),
    Row("SST-1", ("sst1/train.csv", "sst1/test.csv"), 45.0, dev="sst1/dev.csv",
        published="Kim CNN random 45.0"),
    Row("MR", ("mr/all.csv",), 80.0, published="NBSVM 79.4, Kim CNN random 76.1"),
    Row("Subj", ("subj/all.csv",), 93.2, published="MNB pairs 93.6, NBSVM 93.2"),
    Row("TREC-6", ("trec/train.csv", "trec/test.csv"), 92.0,
        published="Kim CNN random 91.2"),
    Row("TREC-50", ("trec_fine/train.csv", "trec_fine/test.csv"), 85.0),
    Row("IMDB", ("imdb/train.parquet", "imdb/test.parquet"), 92.8, seeds=3,
        published="NBSVM trigrams 91.9, CNN 92.3", characters=False),
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
        seeds=3, published="BERT 46", characters=False),
)  # fmt: skip

Labelled = tuple[list[str], list[Any]]
Split = tuple[Labelled, Labelled | None, Labelled]
"""Training, dev (None: a part of training) and test texts with their labels."""


def main(shared: Path, names: Sequence[str]) -> None:
    """Measures what is missing and writes the table."""
    recipe = parameters_of(load_config(RECIPE).config)
    known = {row.name for row in ROWS}
    if odd := set(names) - known:
        raise SystemExit(f"got {', '.join(odd)}, expected some of {', '.join(known)}")
    for row in ROWS:
        if not names or row.name in names:
            _measured(row, shared / "data", recipe)
    REPORT.write_text("\n".join(_page(recipe)) + "\n", encoding="utf-8")


def _measured(row: Row, data: Path, recipe: dict[str, Any]) -> None:
    path = _place(row, recipe)
    if path.exists():
        return
    ours, peers = _ours(row, data, recipe), _peers(row, data)
    RUNS.mkdir(parents=True, exist_ok=True)
    write_json(path, {**ours, "peers": peers})
    print(row.name, json.dumps({**ours, "peers": peers}), flush=True)


def _place(row: Row, recipe: dict[str, Any]) -> Path:
    told = json.dumps([row.name, row.seeds, recipe], default=str)
    return RUNS / f"{hashlib.sha256(told.encode()).hexdigest()[:16]}.json"


def _ours(row: Row, data: Path, recipe: dict[str, Any]) -> dict[str, Any]:
    """Trains with each seed, or on each fold; scores are in percent."""
    scores, macro, began = [], [], time.monotonic()
    for seed, (train, dev, test) in enumerate(splits_of(row, data), start=1):
        settings = recipe | {"seed": seed}
        model = TextClassifier(**settings).fit(*train, dev=dev)
        report = model.evaluate(*test).to_json()
        scores.append(100 * report[row.measure])
        macro.append(100 * report["macro_f1"])
    minutes = (time.monotonic() - began) / 60
    return {"scores": scores, "macro_f1": macro, "minutes": minutes, "n": len(test[0])}


def splits_of(row: Row, data: Path) -> Iterator[Split]:
    """Yields one split a seed, or one a fold."""
    train = _read(row, data / row.files[0])
    if len(row.files) == 1:
        yield from _folds(train)
        return
    test = _read(row, data / row.files[1])
    dev = _read(row, data / row.dev) if row.dev else None
    for _ in range(row.seeds):
        yield train, dev, test


def _folds(table: Labelled) -> Iterator[Split]:
    from sklearn.model_selection import StratifiedKFold

    texts, labels = np.array(table[0], dtype=object), np.array(table[1])
    cut = StratifiedKFold(FOLDS, shuffle=True, random_state=0)
    for train, test in cut.split(texts, labels):
        parts = [(list(texts[rows]), list(labels[rows])) for rows in (train, test)]
        yield parts[0], None, parts[1]


def _read(row: Row, path: Path) -> Labelled:
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


def _peers(row: Row, data: Path) -> dict[str, float | None]:
    """Returns the accuracy of linear models on the same files, in percent."""
    if row.separator is not None:
        return {"words": None, "characters": None}
    scores: dict[str, list[float]] = {"words": [], "characters": []}
    makers: dict[str, Callable[[], Any]] = {"words": _words}
    if row.characters:
        makers["characters"] = _characters
    done = splits_of(row, data) if len(row.files) == 1 else [next(splits_of(row, data))]
    for train, dev, test in done:
        more = dev or ([], [])
        texts, labels = train[0] + more[0], train[1] + more[1]
        for name, make in makers.items():
            scores[name].append(100 * make().fit(texts, labels).score(*test))
    return {k: float(np.mean(v)) if v else None for k, v in scores.items()}


def _words() -> Any:
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.pipeline import make_pipeline
    from sklearn.svm import LinearSVC

    words = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, min_df=1)
    return make_pipeline(words, LinearSVC(C=0.5))


def _characters() -> Any:
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.pipeline import make_pipeline, make_union
    from sklearn.svm import LinearSVC

    words = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, min_df=2)
    inside = TfidfVectorizer(
        analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True, min_df=2
    )
    return make_pipeline(make_union(words, inside), LinearSVC(C=0.3))


def _page(recipe: dict[str, Any]) -> Iterator[str]:
    facts = machine.environment()
    versions = ", ".join(f"{k} {v}" for k, v in facts["versions"].items())
    yield "# One recipe on fourteen data sets"
    yield ""
    yield (
        "`make reproduce` (`python -m benchmarks.reproduce ../shared`): "
        "[recommended.yaml](../configs/recommended.yaml), the same settings in every "
        f"row, no data from outside; {facts['cores']} cores, Python "
        f"{platform.python_version()}, {versions}. Official test files, mean of the "
        f"seeds; MR and Subj: {FOLDS}-fold cross-validation. ± is the standard "
        "deviation over seeds or folds. Nothing was chosen by test texts."
    )
    yield ""
    yield f"| {' | '.join(_HEAD)} |"
    yield "|---|---|---:|---:|---:|---:|---:|---|---:|"
    for row in ROWS:
        path = _place(row, recipe)
        if path.exists():
            yield _line(row, json.loads(path.read_text()))
    missing = [row.name for row in ROWS if not _place(row, recipe).exists()]
    if missing:
        yield f"\nNot measured: {', '.join(missing)}."
    yield ""
    yield (
        "The peers are scikit-learn's `TfidfVectorizer` of one and two words with "
        "`LinearSVC(C=0.5)`, and the same joined with `char_wb` 2 to 5 (`min_df=2`) "
        "and `LinearSVC(C=0.3)`, trained on the same files; where there is a dev file "
        "they learn from it too. Minutes are wall time of all seeds or folds together."
    )


def _line(row: Row, found: dict[str, Any]) -> str:
    scores, macro = np.array(found["scores"]), np.array(found["macro_f1"])
    met = "" if row.goal is None else (" ✓" if scores.mean() >= row.goal else "")
    cells = [
        row.name,
        row.measure.replace("_", " "),
        f"{scores.mean():.1f} ± {scores.std(ddof=1):.1f} ({len(scores)})",
        f"{macro.mean():.1f}",
        _UNTOLD if row.goal is None else f"{row.goal:g}{met}",
        *(_UNTOLD if v is None else f"{v:.1f}" for v in found["peers"].values()),
        row.published or _UNTOLD,
        f"{found['minutes']:.1f}",
    ]
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
