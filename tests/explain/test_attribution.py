"""Attributions of every kind: they add up, and are what slow references say."""

import json
import re
from dataclasses import replace

import numpy as np
import pytest

from tests.contracts import COMBINATIONS, VARIANTS
from textclf.bundle import Bundle
from textclf.config.kinds import ORDERLESS
from textclf.errors import ConfigError
from textclf.evaluation.decision import Decision
from textclf.explain.attribution import Explainer, explain
from textclf.explain.explanation import METHODS
from textclf.explain.integrated import TOLERANCE, integrate
from textclf.explain.path import keras_path, path_of
from textclf.explain.target import Target
from textclf.models.build import BUILDERS
from textclf.predictor import Predictor
from textclf.text.anatomy import Anatomy

TEXT = "the joy of the film was gloom and tears with weird maze then unheard"
ODD = {
    "empty": "",
    "blank": " \n\t ",
    "unknown": "zzz qqq",
    "surrogate": "joy \ud800 gloom",
    "bidi": "joy \u202egloom\u2066",
    "ansi": "joy \x1b[31mgloom\x1b[0m",
    "markup": "<script>alert(1)</script> joy & gloom",
    "composed": "JOY glo\u0301om ﬁlm İt\u00a0was",
    "long": "joy the film " * 40,
}


@pytest.fixture(scope="module")
def explainer(small_bundle):
    kept = {}

    def of(variant, task="binary"):
        if (variant, task) not in kept:
            bundle = Bundle.open(small_bundle(variant, task))
            kept[variant, task] = Explainer.of(bundle)
        return kept[variant, task]

    return of


def test_every_kind_has_variants():
    assert {settings["kind"] for settings in VARIANTS.values()} == set(BUILDERS)


@pytest.mark.parametrize(("variant", "task"), COMBINATIONS)
def test_scores_add_up_to_the_log_odds_of_the_prediction(explainer, variant, task):
    made = explainer(variant, task)
    for label in made.predictor.labels.names:
        found = made.explain(TEXT, label=label)
        assert found.complete and found.error <= TOLERANCE * max(
            1.0, abs(found.total - found.base)
        )
        added, gain = sum(span.score for span in found.spans), found.total - found.base
        assert added == pytest.approx(gain, abs=2 * TOLERANCE, rel=2 * TOLERANCE)
        p = made.predictor.predict([TEXT]).probabilities[0]
        mine = p[made.label_of(label)]
        assert found.probability == mine
        assert found.total == pytest.approx(np.log(mine / (1 - mine)), abs=1e-6)


@pytest.mark.parametrize(
    ("variant", "task"), [(v, task) for v, task in COMBINATIONS if v != "charcnn"]
)
def test_occlusion_is_what_predicting_without_the_unit_changes(
    explainer, variant, task
):
    made, words = explainer(variant, task), TEXT.split()
    found = made.explain(TEXT, label=made.predictor.labels.names[0], method="occlusion")
    rest = [" ".join(words[:row] + words[row + 1 :]) for row in range(len(words))]
    p = made.predictor.predict([TEXT, "", *rest]).probabilities[:, 0]
    odds = np.log(p / (1 - p))
    assert [s.unit for s in found.spans] == words
    assert [s.score for s in found.spans] == pytest.approx(odds[0] - odds[2:], abs=1e-5)
    assert found.base == pytest.approx(odds[1], abs=1e-5) and found.error is None


@pytest.mark.parametrize(
    ("variant", "task"),
    [(v, "multiclass") for v in VARIANTS if VARIANTS[v]["kind"] in ORDERLESS]
    + [("average-hidden", "binary"), ("ngram-dense", "multilabel")],
)
def test_closed_forms_equal_the_general_path(explainer, variant, task):
    made = explainer(variant, task)
    encoded = made.predictor.encode([TEXT])
    plain = path_of(made.bundle)
    general = keras_path(made.bundle.spec, made.bundle)
    for label in range(len(made.predictor.labels.names)):
        target = Target(label, task)
        one, other = (integrate(p(encoded, target)) for p in (plain, general))
        assert one.scores == pytest.approx(other.scores, abs=2e-6)
        assert (one.begin, one.end) == pytest.approx((other.begin, other.end), abs=2e-6)


@pytest.mark.parametrize("label", [0, 1])
def test_of_a_binary_ngram_model_an_id_has_its_row(explainer, label):
    made = explainer("ngram")
    anatomy = Anatomy.of(TEXT, made.predictor.encoder)
    table = made.bundle.weights()["embedding/table"]
    rows = table[anatomy.encoded.row(0), 0]
    got = made.integral(anatomy, Target(label, "binary"))
    assert got.scores == pytest.approx(rows if label else -rows, abs=1e-6)
    assert got.slopes == 1


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("variant", ["ngram", "average-hidden", "cnn-widths"])
def test_a_score_is_towards_the_label_that_is_explained(explainer, variant, method):
    made = explainer(variant)
    one, other = (
        made.explain(TEXT, label=label, method=method)
        for label in made.predictor.labels.names
    )
    assert [s.score for s in one.spans] == pytest.approx(
        [-s.score for s in other.spans], abs=1e-6
    )
    assert one.total == pytest.approx(-other.total)


@pytest.mark.parametrize("task", ["binary", "multiclass"])
def test_words_that_tell_a_label_are_for_it(explainer, task):
    found = explainer("cnn-one", task).explain("the film was joy", label="glad")
    best = max(found.spans, key=lambda span: span.score)
    assert best.unit == "joy" and best.score > 0


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("name", ODD)
@pytest.mark.parametrize("variant", ["average-mean", "ngram-dense", "cnn-multichannel"])
def test_odd_texts_are_explained_and_shown_safely(explainer, variant, name, method):
    text = ODD[name]
    found = explainer(variant).explain(text, method=method)
    assert found.silent == (name in ("empty", "blank", "unknown"))
    if found.silent and method == "gradients":
        assert found.base == found.total and not any(s.score for s in found.spans)
    done = 0
    for span in found.spans:
        assert done <= span.start < span.end <= len(text)
        done = span.end
    assert bool(found.unread) == (name == "long")
    for colour in (True, False):
        lines = "\n".join(found.to_lines(60, colour=colour))
        plain = re.sub(r"\x1b\[[0-9;]*m", "", lines) if colour else lines
        assert plain.replace("\n", "").replace("\xa0", "").isprintable()
        assert "\x1b[31m" not in lines
        assert ("(empty)" in lines) == (name in ("empty", "blank"))
    page = found.to_html()
    assert "<script" not in page and "\u202e" not in page and "\x1b" not in page
    json.loads(json.dumps(found.to_json(), allow_nan=False))


def test_the_part_that_is_not_read_is_told(explainer):
    found = explainer("cnn-one").explain(ODD["long"])
    (start, end) = found.unread[0]
    assert start == found.spans[-1].end and end == len(ODD["long"])
    assert len(found.spans) == 24  # the max_length of the small models
    assert any("not read" in line for line in found.to_lines(80))
    assert found.segments()[-1].read is False
    assert "".join(s.text for s in found.segments()) == ODD["long"]


@pytest.mark.parametrize("variant", ["cnn-multichannel", "average-max"])
def test_company_and_padding_change_nothing(explainer, variant):
    made = explainer(variant)
    path = keras_path(made.bundle.spec, made.bundle)
    encoded = made.predictor.encode([TEXT])
    alphas = np.linspace(0, 1, 7)
    taken = path(encoded, Target(1, "binary"))
    values, slopes = taken(alphas)
    for row, alpha in enumerate(alphas):
        value, slope = taken(np.array([alpha]))
        assert value[0] == pytest.approx(values[row], abs=1e-5)
        assert slope[0] == pytest.approx(slopes[row], abs=1e-5)


@pytest.mark.parametrize("variant", ["average-hidden", "cnn-widths"])
def test_slopes_are_those_of_small_differences(explainer, variant):
    made = explainer(variant, "multiclass")
    path = keras_path(made.bundle.spec, made.bundle)
    taken = path(made.predictor.encode([TEXT]), Target(2, "multiclass"))
    middle, step = 0.613, 1e-3
    values, slopes = taken(np.array([middle - step, middle, middle + step]))
    gain = (values[2] - values[0]) / (2 * step)
    assert slopes[1].sum() == pytest.approx(gain, abs=5e-3)


def test_a_source_is_prepared_once(small_bundle, monkeypatch):
    bundle = Bundle.open(small_bundle("ngram", "binary"))
    first = explain(bundle, TEXT)
    monkeypatch.setattr(Explainer, "of", None)
    assert explain(bundle, TEXT).to_json() == first.to_json()


def test_what_there_is_not_is_refused(small_bundle, small):
    bundle = Bundle.open(small_bundle("ngram", "binary"))
    with pytest.raises(ConfigError, match="did you mean glad"):
        explain(bundle, TEXT, label="gladd")
    with pytest.raises(ConfigError, match="allowed are gradients, occlusion"):
        explain(bundle, TEXT, method="guess")
    loose = small("ngram", "binary").predictor
    with pytest.raises(ConfigError, match="occlusion"):
        explain(loose, TEXT)
    assert explain(loose, TEXT, method="occlusion").spans
    assert Predictor.of_bundle(bundle).bundle is bundle


def test_a_probability_that_the_temperature_changed_is_told(explainer):
    cold = explainer("average-mean").predictor
    warm = replace(cold, decision=Decision(temperature=3.0))
    told, plain = (" ".join(explain(p, TEXT).facts()) for p in (warm, cold))
    assert "by temperature" in told and "by temperature" not in plain
