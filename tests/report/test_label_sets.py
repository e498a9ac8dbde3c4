"""What page and card of a run say where a text may have several labels."""

import re
from dataclasses import replace

import pytest

from tests.report.conftest import material_of
from textclf.evaluation.decision import Decision
from textclf.report.card import to_card
from textclf.report.html import to_html
from textclf.report.on_model import learning_told, model_facts
from textclf.report.wording import cautions


@pytest.fixture(scope="module")
def material(sets_run):
    return material_of(sets_run)


@pytest.fixture(scope="module")
def page(material):
    return to_html(material).replace("\u00a0", " ")


def test_errors_name_each_wrong_label_with_its_own_probability(page, material):
    assert "taken for" not in page and "% sure)" not in page
    told = re.findall(r"(\w+) (missed|wrongly given) \(([\d.]+) %\)", page)
    assert told
    shares = material.judged.predictions.probabilities
    for label, _, share in told:
        column = shares[:, material.bundle.labels.names.index(label)]
        assert any(f"{100 * value:.1f}" == share for value in column)
    assert "speak for the label named first" in page


def test_the_constant_answer_is_named_and_learnt_from_training_texts(page, material):
    always = material.report.floor["majority"]
    assert always["label"] == ["plain"] and always["micro_f1"] > 0.5
    told = f"always answering plain reaches {100 * always['micro_f1']:.1f} %"
    for document in (page, to_card(material)):
        assert told in document
        assert "constant answer with the best micro F1 on the training" in document
        assert "most frequent answer" not in document


def test_accuracy_of_an_epoch_is_told_from_that_of_the_scores(page, material):
    assert material.bundle.decision.thresholds
    best = {"epoch": 1, "best": True, "train_accuracy": 0.9, "dev_accuracy": 0.126}
    learnt = replace(material, history=(best,))
    before = "before thresholds were chosen (0.5 for every label)"
    assert f"dev accuracy 0.1260 {before}; the scores are" in learning_told(learnt)
    told = [line for line in cautions(learnt) if "labelled right" in line]
    assert len(told) == 1 and told[0].startswith(f"At the best epoch, {before}, train")
    decided = replace(material.bundle, decision=Decision())
    assert "thresholds" not in learning_told(replace(learnt, bundle=decided))


def test_character_ngrams_are_named_and_tell_what_unknown_words_mean(page, material):
    grams, card = material.bundle.encoder.grams, to_card(material)
    facts = dict(model_facts(material))
    assert facts["n-grams of words"] == f"of 2 words, {grams.units.rows:,} rows"
    inside = f"of 2 to 4 characters, {grams.characters.rows:,} rows"
    assert facts["n-grams inside words"] == inside
    assert inside in page and inside in card
    assert "are known to it by their n-grams of 2 to 4 characters only" in card
    assert "carry no meaning" not in card
