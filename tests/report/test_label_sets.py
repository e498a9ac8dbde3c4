"""What page and card of a run say where a text may have several labels."""

import re

import pytest

from tests.report.conftest import material_of
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
