"""Ensembles as bundles: what they answer, and that damage is seen."""

import json
import re
import shutil

import numpy as np
import pytest

from textclf.bundle import Bundle
from textclf.ensemble.bundle import EnsembleBundle, save_ensemble
from textclf.ensemble.ensemble import Ensemble, answerer_of, logits_from, open_any
from textclf.errors import ArtefactError
from textclf.evaluation.decision import NEUTRAL, Decision
from textclf.evaluation.predictions import TASKS, probabilities_from_logits
from textclf.predictor import Predictor

TEXTS = ["joy and a smile", "gloom the film", "", "щщщ", "weird maze of tears"]
WEIGHTS = (0.25, 0.75)


@pytest.fixture(scope="module")
def saved(small_bundle, tmp_path_factory):
    """The folder of an ensemble of a task."""
    parent = tmp_path_factory.mktemp("ensembles")

    def folder(task, decision=NEUTRAL):
        models = [small_bundle(v, task) for v in ("average-mean", "ngram")]
        predictors = tuple(Predictor.load(model) for model in models)
        ensemble = Ensemble(predictors, WEIGHTS, decision)
        golden = ensemble.predict(TEXTS).probabilities.tolist()
        path = parent / f"{task}-{len(list(parent.iterdir()))}"
        save_ensemble(
            path,
            models=models,
            weights=WEIGHTS,
            golden={"texts": TEXTS, "probabilities": golden},
            decision=decision,
        )
        return path

    return folder


@pytest.mark.parametrize("task", TASKS)
def test_the_answer_is_the_weighted_mean(saved, task):
    ensemble = answerer_of(open_any(saved(task)))
    got = ensemble.predict(TEXTS)
    one, other = (model.predict(TEXTS).probabilities for model in ensemble.models)
    assert got.probabilities == pytest.approx(0.25 * one + 0.75 * other, abs=1e-6)
    assert got.task == task and got.labels == ensemble.models[0].labels.names
    assert got.empty.tolist() == [False, False, True, False, False]
    assert got.unknown[3] == 1.0


def test_a_decision_is_laid_over_the_mean(saved):
    plain = answerer_of(open_any(saved("binary"))).predict(TEXTS)
    path = saved("binary", Decision(temperature=2.0, thresholds=(0.01,)))
    decided = answerer_of(open_any(path)).predict(TEXTS)
    odds = logits_from(plain.probabilities, "binary") / 2.0
    expected = probabilities_from_logits(odds, "binary")
    assert decided.probabilities == pytest.approx(expected, abs=1e-6)
    chosen = {record["label"] for record in decided.records()}
    assert chosen == {plain.labels[1]}


@pytest.mark.parametrize("task", TASKS)
def test_logits_have_the_probabilities(task):
    rng = np.random.default_rng(1)
    p = rng.uniform(0.01, 0.99, (9, 2 if task == "binary" else 3))
    if task != "multilabel":
        p /= p.sum(axis=1, keepdims=True)
    assert probabilities_from_logits(logits_from(p, task), task) == pytest.approx(p)


def test_a_single_model_is_opened_as_one(small_bundle):
    assert isinstance(open_any(small_bundle("ngram", "binary")), Bundle)


def test_what_needs_one_model_says_which_to_give(saved):
    with pytest.raises(ArtefactError, match=r"ensemble.*models/1"):
        Bundle.open(saved("binary"))


def damaged(folder, tmp_path, harm):
    copy = tmp_path / "copy"
    shutil.copytree(folder, copy)
    harm(copy)
    with pytest.raises(ArtefactError) as caught:
        answerer_of(open_any(copy))
    return str(caught.value)


def weigh(folder, weights):
    (folder / "weights.json").write_text(json.dumps({"weights": weights}))


@pytest.mark.parametrize(
    ("harm", "told"),
    [
        (lambda f: (f / "models/1/labels.json").write_text("{}"), "labels.json"),
        (lambda f: shutil.rmtree(f / "models/2"), "other models"),
        (lambda f: (f / "more.txt").write_text(""), "more.txt"),
        (lambda f: (f / "models/3").mkdir(), "other models"),
        (lambda f: weigh(f, [0.5, 0.5]), "weights.json"),
        (lambda f: (f / "golden.json").unlink(), "golden"),
    ],
)
def test_damage_is_refused(saved, tmp_path, harm, told):
    assert re.search(told, damaged(saved("binary"), tmp_path, harm))


@pytest.mark.parametrize("weights", [[], [0.5], [0.7, 0.7], [-1.0, 2.0], "1", [1, 0]])
def test_weights_that_are_none_are_refused(saved, tmp_path, weights):
    from textclf.sealed import read_manifest, write_manifest

    def harm(folder):
        weigh(folder, weights)
        manifest = read_manifest(folder, oldest=3, newest=3)
        names = list(manifest.pop("members"))
        write_manifest(folder, manifest, names)

    assert "weights" in damaged(saved("binary"), tmp_path, harm)


def test_the_digest_follows_every_model(saved, small_bundle):
    bundle = open_any(saved("multiclass"))
    assert isinstance(bundle, EnsembleBundle)
    assert [m.digest for m in bundle.models] == [
        Bundle.open(small_bundle(v, "multiclass")).digest
        for v in ("average-mean", "ngram")
    ]
