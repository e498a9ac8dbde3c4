"""Results read well at any width and are safe wherever they are shown."""

import json
from html.parser import HTMLParser

import pytest

from tests.behave.planted import SUITE, model
from textclf.behave import run_suite
from textclf.behave.outcome import Tally
from textclf.errors import DataError
from textclf.evaluation.tables import screen_width

HOSTILE = "<script>alert(1)</script> \x1b[31m|`*_ \u202e"


@pytest.fixture(scope="module")
def found():
    return run_suite(SUITE, model("deaf_to_not"))


@pytest.mark.parametrize("width", [30, 40, 80, 120])
def test_no_line_is_wider_than_the_terminal(found, width):
    lines = found.to_lines(width)
    assert max(map(screen_width, lines)) <= width
    assert any("negated" in line and "FAIL" in line for line in lines)


def test_the_table_adds_up(found):
    total = sum(one.cases for one in found.capabilities)
    assert total == sum(test.cases for test in found.tests)
    for one in found.capabilities:
        low, high = one.interval
        assert low <= one.rate <= high


def test_the_words_say_what_is_weakest(found):
    text = "\n".join(found.to_lines(200))
    assert "12 tests" in text and "9 pass, 3 fail" in text
    assert "Weakest, by the share of cases that fail: minimum" in text
    assert "All tests pass in: invariance." in text
    assert "The film was not good." in text and "pos 0.73" in text


def test_a_model_without_fault_is_told_so():
    text = "\n".join(run_suite(SUITE, model()).to_lines())
    assert "12 pass, 0 fail" in text and "Weakest" not in text and "FAIL" not in text


def test_json_holds_everything(found):
    told = json.loads(json.dumps(found.to_json(), allow_nan=False))
    assert told["passed"] is False and told["labels"] == {"good": "pos", "bad": "neg"}
    failed = {test["name"] for test in told["tests"] if test["passed"] is False}
    assert failed == {"not_good", "not_bad", "negated"}
    worst = told["tests"][2]["worst"][0]
    assert set(worst) == {"before"} and worst["before"]["label"] == "pos"


def test_examples_can_be_left_out(found):
    assert len(found.to_lines(80, examples=0)) < len(found.to_lines(80, examples=1))
    assert "Worst cases" not in found.to_markdown(examples=0)


def tags_of(page):
    """The names of all elements."""
    seen = set()
    parser = HTMLParser()
    parser.handle_starttag = lambda tag, attrs: seen.add(tag)
    parser.feed(page)
    return seen


def test_texts_from_outside_are_inert():
    pair = [f"good {HOSTILE}", f"bad {HOSTILE}"]
    test = {"name": "t", "kind": "invariance", "capability": HOSTILE[:40]}
    test |= {"checks": HOSTILE, "pairs": [pair]}
    result = run_suite({"suite": "s", "tests": [test]}, model())
    page = result.to_html()
    assert "details" in tags_of(page) and "script" not in tags_of(page)
    assert "script" not in tags_of(result._repr_html_())
    markdown = result.to_markdown()
    assert "<script" not in markdown.replace("\\<", "")
    for shown in (page, markdown, "\n".join(result.to_lines())):
        assert "\x1b" not in shown and "\u202e" not in shown


def test_long_texts_are_cut_to_their_change():
    long = "word " * 500
    test = {"name": "t", "kind": "invariance", "capability": "c", "checks": "c",
            "pairs": [[f"{long}good {long}", f"{long}bad {long}"]]}  # fmt: skip
    lines = run_suite({"suite": "s", "tests": [test]}, model()).to_lines(80)
    text = " ".join(line.strip() for line in lines)
    assert "good word" in text and "bad word" in text and len(text) < 1500


def test_more_failures_than_cases_are_refused():
    with pytest.raises(DataError):
        Tally(3, 4)
    assert Tally(0, 0).rate == 0 and Tally(0, 0).interval == (0.0, 1.0)
