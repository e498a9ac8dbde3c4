"""What a notebook shows: small, escaped, and the same facts as elsewhere."""

import re

import numpy as np
import pytest

from tests.estimator.conftest import FAST, pairs
from textclf import TextClassifier
from textclf.estimator.runs import TrainedRun
from textclf.run import Run
from textclf.vectors import Vectors

EVIL = "<script>alert('x')</script>\u202e"
SMALL = 30_000


@pytest.fixture(scope="module")
def hostile() -> TextClassifier:
    """A classifier with a label that is a script."""
    texts, labels = pairs("binary")
    named = [EVIL if label == "neg" else label for label in labels]
    return TextClassifier(**FAST).fit(texts, named)


def shown(thing) -> str:
    html = thing._repr_html_()
    assert "<script" not in html
    assert "\u202e" not in html
    assert len(html) < SMALL
    assert not re.search(r"(src|href)=\"(?!data:)", html)
    return html


def test_a_classifier_shows_what_it_learnt(hostile):
    html = shown(hostile)
    assert "&lt;script&gt;" in html
    assert "dev accuracy" in html
    assert "ngram_min_count" in html
    bundle = hostile._repr_mimebundle_()
    assert bundle["text/plain"] == repr(hostile)
    assert bundle["text/html"] == html


def test_one_that_has_not_learnt_says_so():
    assert "Has not learnt yet" in shown(TextClassifier(dim=3))
    assert "All settings are defaults" in shown(TextClassifier())


def test_answers_are_shown_beside_their_texts(hostile):
    answers = hostile.predictions([EVIL, "", "long " * 200, *["film"] * 30])
    html = shown(answers)
    assert "empty" in html
    assert "…" in html
    assert "13 more of 33" in html
    assert repr(answers) == "Answered(33 texts, 2 labels, binary)"


def test_label_sets_are_shown(sets):
    texts, labels = pairs("multilabel")
    html = shown(sets.predictions(texts[:8]))
    assert [] in labels[:8]
    assert "(no label)" in html
    assert "bad, short" in html


def test_a_report_is_shown_with_its_verdict(hostile):
    texts, labels = pairs("binary")
    named = [EVIL if label == "neg" else label for label in labels]
    report = hostile.evaluate(texts, named, train=(texts, named), name=EVIL)
    html = shown(report)
    assert "accuracy" in html
    assert "what is taken for what" in html
    assert str(report) == "\n".join(report.to_lines())
    trained = TrainedRun(Run("somewhere"), 3.0, report, report, hostile)
    assert "run: somewhere (3.0 s)" in shown(trained)
    assert repr(trained).startswith("TrainedRun('somewhere': ")


def test_a_report_of_label_sets_is_shown(sets):
    assert "micro F1" in shown(sets.evaluate(*pairs("multilabel")))


def test_vectors_are_shown_with_their_first_words():
    numbers = np.random.default_rng(0).normal(size=(9, 50)).astype(np.float32)
    vectors = Vectors((EVIL, *map(str, range(8))), numbers)
    html = shown(vectors)
    assert "50" in html
    assert f"{numbers[1, 4]:.3f}" in html
    assert repr(vectors).startswith("Vectors(9 words, 50 dimensions: <script>")


def test_mistakes_are_shown_the_surest_first(hostile):
    texts, labels = pairs("binary")
    turned = ["pos" if label == "neg" else EVIL for label in labels]
    found = hostile.mistakes(texts, turned, most=4)
    html = shown(found)
    assert [one.text for one in found] == [texts[one.row] for one in found]
    assert html.count("<tr>") == 1 + len(found) == 5
    chances = [one.confidence for one in found]
    assert chances == sorted(chances, reverse=True)
    assert chances[0] == pytest.approx(hostile.predict_proba(texts).max())
    right = hostile.predict(texts)
    assert "No wrong answer" in shown(hostile.mistakes(texts, right))


def test_pictures_have_the_width_they_are_shown_at(hostile, sets):
    report = sets.evaluate(*pairs("multilabel"))
    for plot in (hostile.plot_history(), report.plot()):
        png, looks = plot._repr_png_()
        assert png == plot.png and png.startswith(b"\x89PNG")
        assert 100 < looks["width"] < 1000
