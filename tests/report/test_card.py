"""The model card: the headings of its authors, real numbers, marked blanks."""

import re

import pytest

from tests.report.conftest import HOSTILE, material_of
from textclf.evaluation.report import linear_told
from textclf.report.card import BLANK, to_card
from textclf.report.wording import file_of

# Mitchell et al. 2019, "Model Cards for Model Reporting", Figure 1.
HEADINGS = (
    "Model details",
    "Intended use",
    "Factors",
    "Metrics",
    "Evaluation data",
    "Training data",
    "Quantitative analyses",
    "Ethical considerations",
    "Caveats and recommendations",
)


@pytest.fixture(scope="module")
def card(run_of):
    return to_card(material_of(run_of("average")))


def test_it_has_the_published_headings_in_their_order(card):
    found = re.findall(r"^## (.*)$", card, re.MULTILINE)
    assert found == [*HEADINGS, "How to do it again"]


def test_files_are_named_without_the_folders_of_one_machine(card):
    assert file_of("0.1 of /a of b/c.csv, held out") == "0.1 of c.csv, held out"
    assert file_of("/a/b/test.csv") == "test.csv"
    assert file_of("sample") == "sample"
    told = re.findall(r"texts from (?:[\d.]+ of )?(\S+)[,;]", card)
    assert len(told) == 3 and not [source for source in told if "/" in source]


def test_what_only_people_know_is_a_marked_blank(card):
    intended = card.partition("## Intended use")[2].partition("## Factors")[0]
    assert intended.count(BLANK) == 3
    assert card.count("unknown (fill in)") == 2


def test_scores_stand_with_interval_and_floor(card, run_of):
    report = material_of(run_of("average")).report
    row = next(line for line in card.splitlines() if line.startswith("| accuracy"))
    interval = report.intervals["accuracy"]
    assert f"{100 * report.scores.accuracy:.1f} %" in row
    assert f"[{100 * interval.low:.1f}, {100 * interval.high:.1f}]" in row
    assert f"{100 * report.floor['majority']['accuracy']:.1f} %" in row
    assert "expected calibration error" in card
    named = linear_told(report.floor["linear"])
    assert named in report.verdict() and card.count(named) >= 1


def test_hostile_labels_neither_break_tables_nor_become_links(card):
    assert "<script>" not in card
    assert "\u202e" not in card
    assert not re.search(r"(?<!\\)\[x\]\(http", card)
    table = card.partition("## Quantitative analyses")[2].strip().splitlines()
    rows = [line for line in table[: 2 + len(HOSTILE)] if line.startswith("|")]
    assert {len(re.findall(r"(?<!\\)\|", row)) for row in rows} == {8}
    assert len(rows) == 2 + len(HOSTILE)


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("average", "carry no meaning for it"),
        ("wordchar", "are known to it by their spelling only"),
        ("charcnn", "are read by the characters they consist of"),
    ],
)
def test_what_unknown_words_mean_is_told_by_what_the_kind_reads(run_of, kind, told):
    assert f"not among the training texts {told};" in to_card(material_of(run_of(kind)))
