"""Who classifies in `benchmarks.reproduce`: recipes of textclf, and peers.

A contestant takes training, dev and test texts and a seed, and returns its accuracy and
macro F1 on the test texts, in percent.
"""

import hashlib
import json
import os
import re
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from textclf import TextClassifier
from textclf.config.load import load_config, varied_config
from textclf.config.recipes import LONG_TEXTS
from textclf.config.schema import LONGEST, DataConfig
from textclf.data.named import Places, open_sources
from textclf.ensemble.weights import likelihoods, mixture_weights
from textclf.estimator.settings import DEFAULTS, parameters_of
from textclf.files import write_whole
from textclf.study.identity import code_version

ROOT = Path(__file__).parent
RUNS = ROOT.parent / "runs" / "reproduce"
ANSWERS = RUNS / "answers"
RECIPE = ROOT.parent / "configs" / "recommended.yaml"
TOPICS = ROOT.parent / "configs" / "topics.yaml"
REVIEWS = ROOT.parent / "configs" / "imdb_ngram.yaml"
FASTTEXT = ROOT.parent / ".venv-fasttext" / "bin" / "python"
DEV_SHARE = 0.1
_SEEDS_APART = 1_000
_CHINESE = re.compile("[\u4e00-\u9fff]")

Labelled = tuple[list[str], list[Any]]
Split = tuple[Labelled, Labelled | None, Labelled]
"""Training, dev (None: a part of training) and test texts with their labels."""
Scores = Mapping[str, float]
"""Accuracy and macro F1, and minutes where a shared model took them before."""

_WORDS: Mapping[str, Any] = {
    "text.ngrams": 1,
    "text.char_ngrams": None,
    "text.vocabulary_size": 100_000,
    "embedding": {"dim": 100},
    "training.optimizer": "lazy_adam",
    "training.learning_rate": 0.001,
    "training.batch_size": 50,
    "regularisation.word_dropout": 0.2,
    "training.refit": False,
}
CNN: Mapping[str, Any] = {"model": {"kind": "cnn"}, **_WORDS}
LONG: Mapping[str, Any] = {
    **{
        f"{section}.{key}": value
        for section in ("text", "training")
        for key, value in LONG_TEXTS[section].items()
    },
    "text.max_length": LONGEST,
}
"""What `init` writes for long texts, laid over the recommended settings."""
PAIRS: Mapping[str, Any] = {
    "model": {"kind": "average"},
    **_WORDS,
    "text.ngrams": 2,
    "training.learning_rate": 0.003,
    "regularisation.word_dropout": 0.3,
}


@dataclass(frozen=True)
class Contestant:
    """Somebody who classifies.

    Attributes:
        name: As the table says.
        told: What its scores depend on, beside the data.
        score: Trains and judges.
        chance: Whether seeds change its scores.
    """

    name: str
    told: Any
    score: Callable[[Split, int], Scores]
    chance: bool = True


def recipe(changes: Mapping[str, Any], path: Path = RECIPE) -> dict[str, Any]:
    """Returns recommended settings with others laid over them, less defaults."""
    settings = parameters_of(varied_config(load_config(path), changes).config)
    return {k: v for k, v in settings.items() if v != DEFAULTS[k]}


def alone(name: str, settings: Mapping[str, Any]) -> Contestant:
    """One model."""

    def score(split: Split, seed: int) -> Scores:
        split = with_dev(split, seed)
        answers = _answers(settings, split, seed)
        scores = _scored(answers.names, answers.test, split)
        return {**scores, "minutes": answers.minutes}

    return Contestant(name, settings, score)


def together(name: str, members: Sequence[Mapping[str, Any]]) -> Contestant:
    """Several weighted by their dev texts as `textclf ensemble` does.

    A model that is trained once more with the dev texts is weighted by the one before.
    One that is named again is trained by another seed.
    """
    rounds = [list(members[:place]).count(one) for place, one in enumerate(members)]

    def score(split: Split, seed: int) -> Scores:
        split = with_dev(split, seed)
        seeds = [seed + _SEEDS_APART * number for number in rounds]
        asked = list(zip(members, seeds, strict=True))
        firsts = [_answers({**one, "refit": False}, split, own) for one, own in asked]
        names = firsts[0].names
        truth = np.array([names.index(label) for label in _dev(split)[1]])
        seen = np.stack([answer.dev for answer in firsts])
        weights = mixture_weights(likelihoods(seen, truth, "multiclass"))
        last = [_answers(one, split, own) for one, own in asked]
        answers = np.stack([answer.test for answer in last])
        scores = _scored(names, np.tensordot(weights, answers, axes=1), split)
        return {**scores, "minutes": sum(answer.minutes for answer in last)}

    return Contestant(name, members, score)


def with_phrases(dataset: str, data: Path, who: Contestant) -> Contestant:
    """Somebody who learns from a data set with phrases of the training sentences.

    Args:
        dataset: Its name in the catalogue.
        data: The folder of data sets.
        who: Learns and judges.
    """

    def score(split: Split, seed: int) -> Scores:
        config = DataConfig(dataset=dataset)
        train = open_sources(config, Places((), data, os.environ)).train
        texts, held = list(train.texts), {*_dev(split)[0], *split[2][0]}
        if held & set(texts):
            raise ValueError("got a sentence of dev or test among the phrases")
        return who.score(((texts, list(train.labels or [])), *split[1:]), seed)

    return Contestant(who.name, [dataset, who.told], score)


def _scored(names: Sequence[Any], probabilities: np.ndarray, split: Split) -> Scores:
    chosen = probabilities.argmax(axis=1)
    return scores_of([names[place] for place in chosen], split[2][1])


def several_labels(name: str, settings: Mapping[str, Any]) -> Contestant:
    """One model for texts with several labels, thresholds by the dev texts."""

    def score(split: Split, seed: int) -> Scores:
        train, dev, test = split
        model = TextClassifier(**{**settings, "seed": seed}).fit(*train, dev=dev)
        told = model.evaluate(*test).to_json()
        return {measure: 100 * told[measure] for measure in ("accuracy", "macro_f1")}

    return Contestant(name, settings, score)


@dataclass(frozen=True)
class _Answers:
    """Probabilities [n, labels] of the dev and test texts, labels by `names`.

    Minutes are those that training and answering took.
    """

    names: list[Any]
    dev: np.ndarray
    test: np.ndarray
    minutes: float


def _answers(settings: Mapping[str, Any], split: Split, seed: int) -> _Answers:
    """Trains; a model that several contestants share is trained once."""
    train, dev, test = split[0], _dev(split), split[2]
    settings = {k: v for k, v in settings.items() if v != DEFAULTS[k]}
    known = [code_version(), settings, seed, train, dev, test]
    told = json.dumps(known, default=str)
    path = ANSWERS / f"{hashlib.sha256(told.encode()).hexdigest()}.npz"
    if not path.exists():
        began = time.monotonic()
        model = TextClassifier(**{**settings, "seed": seed}).fit(*train, dev=dev)
        on_dev, on_test = (model.predict_proba(part[0]) for part in (dev, test))
        minutes = (time.monotonic() - began) / 60
        ANSWERS.mkdir(parents=True, exist_ok=True)
        with write_whole(path) as stream:
            names = np.array(list(model.classes_), dtype=str)
            np.savez(stream, names=names, dev=on_dev, test=on_test, m=minutes)
    with np.load(path) as found:
        return _Answers(
            found["names"].tolist(), found["dev"], found["test"], float(found["m"])
        )


def _dev(split: Split) -> Labelled:
    if split[1] is None:
        raise ValueError("dev texts expected")
    return split[1]


def with_dev(split: Split, seed: int) -> Split:
    """Returns a split with dev texts, held out of the training texts if need be."""
    from sklearn.model_selection import train_test_split

    train, dev, test = split
    if dev is not None:
        return split
    rows = np.arange(len(train[0]))
    rare = min(Counter(train[1]).values()) < 2
    stay, held = train_test_split(
        rows,
        test_size=DEV_SHARE,
        random_state=seed,
        stratify=None if rare else train[1],
    )
    parts = [([train[0][i] for i in p], [train[1][i] for i in p]) for p in (stay, held)]
    return parts[0], parts[1], test


def scores_of(chosen: Sequence[Any], truth: Sequence[Any]) -> Scores:
    """Returns accuracy and macro F1 in percent."""
    from sklearn.metrics import accuracy_score, f1_score

    return {
        "accuracy": 100 * accuracy_score(truth, chosen),
        "macro_f1": 100 * f1_score(truth, chosen, average="macro"),
    }


def linear(name: str, *, characters: bool) -> Contestant:
    """scikit-learn's linear support vectors; they learn from dev texts too."""
    make = _characters if characters else _words

    def score(split: Split, seed: int) -> Scores:
        train, dev, test = split
        more = dev or ([], [])
        model = make().fit(train[0] + more[0], train[1] + more[1])
        return scores_of(list(model.predict(test[0])), test[1])

    return Contestant(name, name, score, chance=False)


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


def fasttext() -> Contestant:
    """fastText with pairs of words, in an environment of its own."""

    def score(split: Split, seed: int) -> Scores:
        train, dev, test = split
        more = dev or ([], [])
        labels = train[1] + more[1]
        names = sorted(set(labels) | set(test[1]))
        order = np.random.default_rng(seed).permutation(len(labels))
        with tempfile.TemporaryDirectory() as folder:
            learnt, asked = Path(folder) / "train.txt", Path(folder) / "test.txt"
            texts = train[0] + more[0]
            _write(learnt, [texts[i] for i in order], [labels[i] for i in order], names)
            _write(asked, test[0], test[1], names)
            command = [str(FASTTEXT), str(ROOT / "fasttext_peer.py"), learnt, asked]
            done = subprocess.run(
                [*command, str(seed)], check=True, capture_output=True, text=True
            )
        chosen = [names[int(line)] for line in done.stdout.split()]
        return scores_of(chosen, test[1])

    return Contestant("fastText", "bigrams, 50, 25 epochs, 0.5", score)


def _write(
    path: Path, texts: Sequence[str], labels: Sequence[Any], names: Sequence[Any]
) -> None:
    lines = (
        f"__label__{names.index(label)} {_spaced(text)}\n"
        for text, label in zip(texts, labels, strict=True)
    )
    path.write_text("".join(lines), encoding="utf-8")


def _spaced(text: str) -> str:
    """Returns words between blanks, as fastText wants them; Chinese by characters."""
    return " ".join(_CHINESE.sub(r" \g<0> ", text.lower()).split())
