"""What page and card of a run say where a text may have several labels."""

import re

import pytest

from tests.report.conftest import material_of
from textclf.report.card import to_card
from textclf.report.html import to_html


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
