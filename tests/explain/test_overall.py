"""What a model goes by on the whole: means of single explanations, and weights."""

import json
from collections import defaultdict

import numpy as np
import pytest

from tests.contracts import small_dataset
from textclf.bundle import Bundle
from textclf.errors import ConfigError
from textclf.explain.attribution import Explainer
from textclf.explain.overall import is_additive, overall_of
from textclf.explain.strength import DRAWN, LEAST, Strength

VARIANTS = ["average-mean", "ngram-dense", "cnn-one"]
TASKS = ["binary", "multiclass", "multilabel"]
ALL = {"most": 1000, "top": 1000}


@pytest.fixture
def bundle(small_bundle):
    return lambda variant, task: Bundle.open(small_bundle(variant, task))


def slow_words(bundle, texts):
    """Scores of each word under each label, a list with one number a text."""
    explainer, scores = Explainer.of(bundle), defaultdict(lambda: defaultdict(list))
    for text in texts:
        found = explainer.explain(text)
        if found.silent:
            continue
        labels = found.predicted
        if bundle.labels.task == "binary":
            labels = bundle.labels.names
        for label in labels:
            own = defaultdict(float)
            for span in explainer.explain(text, label=label).spans:
                if span.known:
                    own[span.unit] += span.score
            for word, score in own.items():
                scores[label][word].append(score)
    return scores


@pytest.mark.parametrize("task", TASKS)
@pytest.mark.parametrize("variant", VARIANTS)
def test_words_have_the_means_of_single_explanations(bundle, variant, task):
    model, texts = bundle(variant, task), small_dataset(task).texts
    slow, found = slow_words(model, texts), overall_of(model, texts, **ALL)
    assert [one.label for one in found.labels] == list(model.labels.names)
    for one in found.labels:
        expected = {
            word: (len(scores), np.mean(scores))
            for word, scores in slow[one.label].items()
            if len(scores) >= LEAST and np.mean(scores) > 0
        }
        got = {word.name: (word.texts, word.mean) for word in one.words}
        assert set(got) == set(expected)
        for word, pair in got.items():
            assert pair == pytest.approx(expected[word], abs=1e-5)
        ranks = [word.rank for word in one.words]
        assert ranks == sorted(ranks, reverse=True)


@pytest.mark.parametrize("label", ["glad", "grim"])
def test_of_a_sum_the_weights_are_read(bundle, label):
    model = bundle("ngram", "binary")
    assert is_additive(model) and not is_additive(bundle("ngram-dense", "binary"))
    assert not is_additive(bundle("ngram-norm", "binary"))
    assert not is_additive(bundle("ngram", "multiclass"))
    texts = small_dataset("binary").texts
    (found,) = overall_of(model, texts, label=label, **ALL).labels
    sign = 1 if label == model.labels.names[1] else -1
    table = model.weights()["embedding/table"][:, 0]
    tokens = model.encoder.vocabulary.tokens
    weights = {token: sign * table[row] for row, token in enumerate(tokens)}
    units = [row for row in found.rows if " " not in row.name]
    assert len(units) > 3 and len(units) < len(found.rows)
    for row in units:
        assert row.mean == pytest.approx(weights[row.name], abs=1e-5)


def test_one_rare_text_does_not_decide(bundle):
    assert Strength("often", 1.0, 50).rank > Strength("rare", 1.8, DRAWN).rank
    texts = [*small_dataset("binary").texts, *["joy joy joy gloom"] * (LEAST - 1)]
    model = bundle("average-mean", "binary")
    for one in overall_of(model, texts[-(LEAST - 1) :], **ALL).labels:
        assert one.words == () and one.texts == LEAST - 1


def test_texts_are_evenly_spread_and_as_many_as_asked_for(bundle):
    model, texts = bundle("ngram", "binary"), small_dataset("binary").texts
    found = overall_of(model, texts, most=10, top=2)
    rows = np.linspace(0, len(texts) - 1, 10).astype(int)
    assert (found.texts, found.of) == (10, len(texts)) and len(set(rows)) == 10
    assert "evenly spread" in found.facts()[0]
    same = overall_of(model, [texts[row] for row in rows], most=10, top=2)
    assert found.to_json() == same.to_json() | {"of": len(texts)}


@pytest.mark.parametrize("task", TASKS)
def test_it_is_shown_safely_in_any_width(bundle, task):
    texts = [f"{text} \x1b[31m<script>" for text in small_dataset(task).texts]
    found = overall_of(bundle("ngram", task), texts, most=1000, top=5)
    for width in (60, 80, 120):
        lines = found.to_lines(width)
        assert max(map(len, lines)) <= width and "\x1b" not in "".join(lines)
    assert "<script" not in found.to_html("all") + found._repr_html_()
    json.dumps(found.to_json(), allow_nan=False)


def test_a_label_that_there_is_not_is_refused(bundle):
    with pytest.raises(ConfigError, match="did you mean glad"):
        overall_of(bundle("ngram", "binary"), ["joy"], label="gladd", **ALL)


def test_labels_that_no_text_is_given_say_so(bundle):
    found = overall_of(bundle("average-mean", "multiclass"), [""], **ALL)
    told = "\n".join(found.to_lines(80))
    assert told.count("gives this label to none") == 3
