"""The page of a run: of every kind, self-contained, safe, and frank about gaps."""

import re
from html.parser import HTMLParser

import pytest

from tests.report.conftest import HOSTILE, MARK, material_of
from textclf.behave.running import run_suite
from textclf.models.build import BUILDERS
from textclf.page.templating import visible
from textclf.predictor import Predictor
from textclf.report.card import to_card
from textclf.report.html import to_html

TITLES = (
    "Scores",
    "Labels",
    "Probabilities",
    "Worst errors",
    "Behaviour",
    "Data",
    "Model",
    "Learning",
    "Words",
    "How to do it again",
)


class Seen(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.tags.add(tag)
        self.attributes += attributes

    def handle_data(self, data):
        self.text += data


@pytest.fixture(scope="module")
def page_of(run_of):
    pages: dict[str, str] = {}

    def of(kind: str) -> str:
        if kind not in pages:
            pages[kind] = to_html(material_of(run_of(kind)))
        return pages[kind]

    return of


@pytest.mark.parametrize("kind", BUILDERS)
def test_a_run_of_every_kind_has_its_page(page_of, kind):
    page = page_of(kind)
    assert re.findall(r"<h2[^>]*>([^<]*)</h2>", page) == list(TITLES)
    assert kind in page
    assert page.count("data:image/png;base64,") >= 4
    assert "What speaks for each label" in page


@pytest.mark.parametrize("kind", BUILDERS)
def test_it_loads_and_runs_nothing(page_of, kind):
    seen = Seen(page_of(kind))
    links = [value or "" for name, value in seen.attributes if name in ("src", "href")]
    assert all(link.startswith(("data:image/", "#part-")) for link in links)
    assert not {"script", "link", "iframe", "b"} & seen.tags
    assert not [name for name, _ in seen.attributes if name.startswith("on")]


@pytest.mark.parametrize("kind", BUILDERS)
def test_labels_and_texts_are_shown_and_do_nothing(page_of, kind):
    seen = Seen(page_of(kind))
    for label in HOSTILE:
        assert visible(label) in seen.text
    # An explained text stands in pieces, with marks behind the strongest.
    shown = re.sub("[⁺⁻]", "", seen.text)
    assert MARK in shown or "None of" in shown
    for hidden in ("\u202e", "\u200b", "\x1b"):
        assert hidden not in page_of(kind)


def test_the_verdict_comes_first_and_names_floor_and_interval(page_of):
    text = page_of("average").partition("<section>")[0]
    assert "chooses one of 4 labels and is right on" in text
    assert "95 % interval" in text
    assert "most frequent answer" in text


def test_without_test_texts_it_says_so(run_of):
    page = to_html(material_of(run_of("ngram", test=0.0)))
    assert "No test texts were held out" in page


def test_without_its_data_it_says_why_and_shows_the_rest(run_of, tmp_path):
    page = to_html(material_of(run_of("ngram"), tmp_path / "gone.jsonl"))
    assert "The texts of the run cannot be read: " in page
    assert "gone.jsonl" in page
    assert re.findall(r"<h2[^>]*>([^<]*)</h2>", page) == list(TITLES)
    assert Seen(page).text.count(visible(HOSTILE[0])) >= 2


def test_other_texts_are_not_taken_for_those_of_the_run(run_of, tmp_path):
    changed = tmp_path / "changed.jsonl"
    own = run_of("ngram").folder.parent / "ngram0.25.jsonl"
    changed.write_text(own.read_text("utf-8").replace("thing", "mouse"), "utf-8")
    material = material_of(run_of("ngram"), changed)
    assert material.texts == {}
    assert (
        material.gone == "The texts of train and dev and test are not those of the run."
    )
    assert "mouse" not in to_html(material)


def test_the_run_stays_what_it_was(run_of):
    run = run_of("average")
    before = {
        path: path.read_bytes() for path in run.folder.rglob("*") if path.is_file()
    }
    to_html(material_of(run))
    after = {
        path: path.read_bytes() for path in run.folder.rglob("*") if path.is_file()
    }
    assert after == before


# Wrong on purpose: what the run has learnt to be one label is asked to be another.
SUITE = {
    "suite": "colours",
    "language": "en",
    "labels": {"red": [HOSTILE[0]], "blue": [HOSTILE[1]]},
    "tests": [
        {
            "name": f"test {number}",
            "capability": "<i>order</i>",
            "checks": "Red is not blue.",
            "kind": "minimum",
            "texts": ["red warm thing", "blue cold thing <u>"],
            "label": ["red", "blue"][number],
            "max_failure_rate": 0.0,
        }
        for number in range(2)
    ],
}


def test_behaviour_is_part_of_page_and_card(run_of):
    run = run_of("average")
    result = run_suite(SUITE, Predictor.load(run.bundle).predict)
    assert result.failed
    page, card = to_html(material_of(run), result), to_card(material_of(run), result)
    seen = Seen(page)
    assert "<i>order</i>" in seen.text
    assert not {"i", "u"} & seen.tags
    assert "fail" in seen.text
    assert "Behavioural tests: colours" in card
    assert re.search(r"order.*: \d of 2 tests fail", card)
    assert "--suite NAME|FILE adds" in to_html(material_of(run))
