"""How much words and n-grams add to labels, summed over many texts."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from textclf.evaluation.predictions import BINARY, Predictions
from textclf.explain.attribution import Explainer
from textclf.explain.span import grams_of, groups_of, scores_of, spans_of
from textclf.explain.target import Target
from textclf.progress import Progress
from textclf.text.anatomy import Anatomy

LEAST = 3
"""Texts that a word must stand in."""

DRAWN = 5
"""Texts that, for the order, are taken to have each word, too, which adds nothing."""

_Sums = dict[str, tuple[float, int]]
"""What each name adds to all texts together, and how many texts have it."""


@dataclass(frozen=True)
class Strength:
    """What a word or n-gram adds to a label.

    Attributes:
        name: Its normal form.
        mean: What it adds to the log-odds of a text that has it, on average; of a model
            that is a sum its weight.
        texts: How many texts have it.
    """

    name: str
    mean: float
    texts: int

    @property
    def rank(self) -> float:
        """What the order goes by: the mean with `DRAWN` texts more that have 0."""
        return self.mean * self.texts / (self.texts + DRAWN)

    def to_json(self) -> dict[str, Any]:
        """Returns it with the mean rounded to six digits."""
        return {**vars(self), "mean": round(self.mean, 6)}


@dataclass(frozen=True, eq=False)
class LabelWords:
    """What speaks for a label, the strongest first.

    Attributes:
        label: Its name.
        texts: How many texts were explained for it.
        words: Units; the n-grams they stand in share their scores with them.
        rows: Units and n-grams each by itself; empty for a model without n-grams.
    """

    label: str
    texts: int
    words: tuple[Strength, ...]
    rows: tuple[Strength, ...]

    def to_json(self) -> dict[str, Any]:
        """Returns it as JSON can hold it."""
        return {
            "label": self.label,
            "texts": self.texts,
            "words": [one.to_json() for one in self.words],
            "ngrams": [one.to_json() for one in self.rows],
        }


@dataclass
class Tally:
    """Sums of scores, and the texts they are of, by label and by name.

    Attributes:
        explainer: The model.
        additive: Whether it is a sum of weights; see `is_additive`.
        wanted: The labels that are asked for.
        words: Units, whose scores hold a share of their n-grams'.
        rows: Units and n-grams each by itself.
        texts: How many texts were explained for each label.
    """

    explainer: Explainer
    additive: bool
    wanted: set[int]
    words: dict[int, _Sums] = field(default_factory=lambda: defaultdict(dict))
    rows: dict[int, _Sums] = field(default_factory=lambda: defaultdict(dict))
    texts: dict[int, int] = field(default_factory=lambda: defaultdict(int))

    def take(self, texts: Sequence[str], progress: Progress) -> None:
        """Explains texts and adds what is found."""
        predictor = self.explainer.predictor
        encoded = predictor.encode(texts)
        predictions = predictor.predict_encoded(encoded)
        silent = predictor.encoder.silent(encoded)
        with progress.task("explaining texts", len(texts)) as task:
            for row, text in enumerate(texts):
                asked = self._asked(predictions, row)
                if asked and not silent[row]:
                    self._explain(text, asked, predictions.task)
                task.advance()

    def label(self, number: int, name: str, top: int) -> LabelWords:
        """Returns what speaks for a label, at most `top` of each kind."""
        found = (_strongest(part[number], top) for part in (self.words, self.rows))
        return LabelWords(name, self.texts[number], *found)

    def _asked(self, predictions: Predictions, row: int) -> list[int]:
        """Returns the labels a text is explained for; of two the second will do."""
        if predictions.task == BINARY:
            return [1]
        picked = predictions.chosen()[row]
        given = np.flatnonzero(picked).tolist() if picked.ndim else [int(picked)]
        return [number for number in given if number in self.wanted]

    def _explain(self, text: str, asked: list[int], task: str) -> None:
        predictor = self.explainer.predictor
        anatomy = Anatomy.of(text, predictor.encoder, rows_of=predictor.rows_of)
        for number in asked:
            ids = self.explainer.integral(anatomy, Target(number, task)).scores
            words = self._of_words(anatomy, ids)
            rows = self._of_rows(anatomy, ids)
            signs = {1: 1.0, 0: -1.0} if task == BINARY else {number: 1.0}
            for label, sign in signs.items():
                self.texts[label] += 1
                _add(self.words[label], words, sign)
                _add(self.rows[label], rows, sign)

    def _of_words(self, anatomy: Anatomy, ids: np.ndarray) -> dict[str, float]:
        if self.additive and not anatomy.encoder.grams.rows:
            return {}  # they are the rows
        groups = groups_of(anatomy)
        spans = spans_of(anatomy, groups, scores_of(anatomy, groups, ids))
        parts = anatomy.encoder.grams.characters is not None
        sums: dict[str, float] = defaultdict(float)
        for span in spans:
            if span.known or parts:
                sums[span.unit] += span.score
        return sums

    def _of_rows(self, anatomy: Anatomy, ids: np.ndarray) -> dict[str, float]:
        if not (self.additive or anatomy.encoder.grams.rows):
            return {}
        once = anatomy.encoder.settings.distinct or not self.additive
        return {
            gram.name: gram.score / (1 if once else gram.count)
            for gram in grams_of(anatomy, ids, units=True)
        }


def _add(sums: _Sums, scores: dict[str, float], sign: float) -> None:
    for name, score in scores.items():
        total, texts = sums.get(name, (0.0, 0))
        sums[name] = (total + sign * score, texts + 1)


def _strongest(sums: _Sums, top: int) -> tuple[Strength, ...]:
    found = [
        Strength(name, total / texts, texts)
        for name, (total, texts) in sums.items()
        if texts >= LEAST and total > 0
    ]
    return tuple(sorted(found, key=lambda one: (-one.rank, one.name))[:top])
