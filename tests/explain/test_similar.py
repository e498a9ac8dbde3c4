"""Training texts like a text: the cosines of slow references, and nothing invented."""

import json

import numpy as np
import pytest

from tests.contracts import small_dataset
from textclf.bundle import Bundle
from textclf.data.held import Held
from textclf.data.tables import Table
from textclf.explain.attribution import explain
from textclf.explain.pages import page_of
from textclf.explain.similar import TrainingTexts

TASKS = ["binary", "multiclass", "multilabel"]
TEXT = "the joy of gloom and tears"


def held_of(task):
    dataset = small_dataset(task)
    cells = [""] * len(dataset)
    lines = np.arange(2, len(dataset) + 2)
    return Held(dataset, Table(list(dataset.texts), cells, lines, "folder/train.csv"))


@pytest.fixture
def known(small_bundle):
    def of(variant, task):
        return TrainingTexts.of(Bundle.open(small_bundle(variant, task)), held_of(task))

    return of


def cosine(one, other):
    return one @ other / (np.linalg.norm(one) * np.linalg.norm(other))


def test_of_averages_the_cosines_are_those_of_the_mean_vectors(known, small_bundle):
    texts = known("average-mean", "binary")
    bundle = Bundle.open(small_bundle("average-mean", "binary"))
    table = bundle.weights()["embedding/table"].astype(np.float64)

    def mean(text):
        return table[bundle.encoder.encode([text]).row(0)].mean(axis=0)

    train = texts.held.dataset.texts
    slow = sorted((-cosine(mean(TEXT), mean(t)), row) for row, t in enumerate(train))
    found = texts.like(TEXT, most=5)
    expected = [(train[row], f"folder/train.csv:{row + 2}") for _, row in slow[:5]]
    assert [(one.text, one.places[0]) for one in found.examples] == expected
    assert [one.cosine for one in found.examples] == pytest.approx(
        [-value for value, _ in slow[:5]], abs=1e-5
    )


@pytest.mark.parametrize("task", TASKS)
@pytest.mark.parametrize("variant", ["average-hidden", "ngram", "cnn-widths"])
def test_a_training_text_is_most_like_itself(known, variant, task):
    texts = known(variant, task)
    dataset = texts.held.dataset
    row = 3
    found = texts.like(dataset.texts[row], most=len(dataset) + 5)
    assert sum(len(one.places) for one in found.examples) == len(dataset) == found.of
    itself = next(one for one in found.examples if one.text == dataset.texts[row])
    assert found.examples[0].cosine == pytest.approx(itself.cosine, abs=1e-5)
    assert itself.cosine == pytest.approx(1.0, abs=1e-5)
    truth = dataset.targets[row]
    names = np.array(dataset.labels.names)
    assert itself.labels == tuple(
        names[truth > 0] if task == "multilabel" else [names[truth]]
    )


@pytest.mark.parametrize("variant", ["average-mean", "ngram", "cnn-one"])
@pytest.mark.parametrize("text", ["", " \n", "zzz qqq"])
def test_nothing_is_like_a_text_of_which_nothing_is_known(known, variant, text):
    found = known(variant, "binary").like(text, most=3)
    assert found.examples == ()
    assert "no training text" in found.summary()
    assert found.to_json()["similar"] == []


def test_it_is_shown_safely_in_any_width(known):
    texts = known("ngram", "multilabel")
    odd = f"joy \u202e\x1b[31m<script> {TEXT} \U0001f600"
    found = texts.like(odd, most=4)
    for width in (60, 80, 120):
        lines = found.to_lines(width)
        assert max(map(len, lines)) <= width and "\x1b" not in "".join(lines)
    json.dumps(found.to_json(), allow_nan=False)
    page = page_of([explain(texts.predictor, odd)], similar=[found])
    assert "<script" not in page and "\u202e" not in page
    assert "Training texts most like it" in page and "train.csv:" in page
    assert "folder/" not in page


def test_copies_are_listed_once_and_all_their_places_are_told(small_bundle):
    held = held_of("binary")
    text, rows = held.dataset.texts[5], [5, 1, 5, 2, 5]
    twice = Held(held.dataset.take(rows), held.table.take(rows))
    bundle = Bundle.open(small_bundle("average-mean", "binary"))
    found = TrainingTexts.of(bundle, twice).like(text, most=2)
    first, second = found.examples
    assert first.text == text and first.places == ("folder/train.csv:7",) * 3
    assert first.place == "train.csv:7 and 2 copies"
    assert len(second.places) == 1
