"""Suites are checked before anything runs, and every mistake names its line."""

import json
from pathlib import Path

import jsonschema
import pytest

import textclf.behave
from tests.behave.planted import SUITE
from textclf.behave.json_schema import json_schema
from textclf.behave.reading import open_suite, read_suite, ready_suites
from textclf.config.yaml12 import read_yaml_file
from textclf.errors import ConfigError

SHIPPED = Path(textclf.behave.__file__).with_name("schema.json")
HEAD = "suite: s\nlabels: {up: pos}\nwords: {thing: [film, book], one: [x]}\ntests:\n"


def item(kind="minimum", **more):
    """A test as YAML of one line."""
    base = {"name": "t", "kind": kind, "capability": "c", "checks": "c."}
    return f"- {json.dumps(base | more)}\n"


def minimum(**more):
    return item(**{"label": "up", "texts": ["a"]} | more)


def same(**more):
    return item("invariance", **more)


@pytest.mark.parametrize(
    ("tests", "told"),
    [
        (minimum(lable="up"), r"s.yaml:5: tests.0.lable: unknown.*mean `label`"),
        (minimum(label="upp"), r"s.yaml:5: .*got the label 'upp'.*mean `up`"),
        (minimum(label=3), r"tests.0.label: got 3"),
        (minimum(label=[]), "got 0 items, expected at least 1"),
        (minimum(texts=[]), "got no texts, expected texts or templates"),
        (minimum(texts=[""]), r"tests.0.texts.0: got \"\", expected some text"),
        (minimum(texts=["\t "]), "expected some text"),
        (minimum(templates=["  "]), "templates.0: got .*expected some text"),
        (minimum(templates=["a {thing"]), "single {, write {{"),
        (minimum(templates=["{ting}"]), r"slot {ting}.*mean {thing}"),
        (minimum(templates=["{zzz}"]), r"slot {zzz}.*add it under `words`"),
        (minimum(templates=["a", "b"], sample=1), "one for each of 2 templates"),
        (minimum(words={"one": []}), "got 0 items, expected at least 1"),
        (minimum(sample=100_000), "less than or equal to 10000"),
        (minimum(max_failure_rate=1.5), "less than or equal to 1"),
        (minimum(kind="minimal"), r"s.yaml:5: tests.0.kind: got .*mean `minimum`"),
        (item(kind=None), "tests.0.kind: got null, expected one of minimum"),
        ("- {name: t}\n", "got no kind, expected one of minimum, invariance"),
        ("- hello\n", "expected keys with values"),
        ("- {kind: minimum, label: up, texts: [a], checks: c, capability: c}\n",
         "missing, expected a value for `name`"),
        ("  []\n", "got 0 items"),
        (minimum() + minimum(), r"s.yaml:6: tests.1.name: got the name 't' twice"),
        (same(texts=["a"], changes=["typo_swop"]), r"changes.0: .*mean `typo_swap`"),
        (same(texts=["a"]), "got texts and no changes to make"),
        (same(dev_texts=3), "got texts and no changes to make"),
        (same(), "got no texts, expected texts, templates, pairs"),
        (same(changes=["lower_case"], pairs=[["a", "b"]]), "nothing to change"),
        (same(pairs=[["a"]]), "pairs.0: got 1 items, expected at least 2"),
        (same(pairs=[["a", "b", "c"]]), "pairs.0: got 3 items, expected at most 2"),
        (same(templates=["{thing}"], vary="tking"), r"no slot {tking}"),
        (same(templates=["{one}"], vary="one"), "one word for {one}"),
        (same(pairs=[["a", "b"]], vary="thing"), "vary: got 'thing' and no templates"),
        (same(templates=["{thing}"], vary="thing", changes=["lower_case"]),
         "changes and vary"),
        (same(template_pairs=[["a", "{ting}"]]), "template_pairs.0.1: got the slot"),
        (same(pairs=[["a", "b"]], label="up"), "label: unknown key"),
        (same(pairs=[["a", "b"]], margin=2), "less than or equal to 1"),
        (item("direction", label="up", expect="up", pairs=[["a", "b"]]),
         "expected one of rise, fall"),
        (item("direction", label="dwn", expect="fall", pairs=[["a", "b"]]),
         "got the label 'dwn'"),
        (minimum() + "seed: x\n", r"s.yaml:6: seed: got \"x\", expected"),
        (minimum() + "optional_labels: [down]\n", "got the label 'down'"),
        (minimum() + "sede: 1\n", "unknown key.*mean `seed`"),
        (minimum() + "suite: t\n", r"key \"suite\" twice \(lines 1 and 6\)"),
        (minimum() + "lexicon: {place: [a, b]}\n", "mean `places`"),
        (minimum() + "lexicon: {places: [a]}\n", "at least 2"),
        (minimum() + "language: german\n", "language"),
        (minimum() + "labels2: {}\n", "unknown key"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_line_and_key(tmp_path, tests, told):
    path = tmp_path / "s.yaml"
    path.write_text(HEAD + tests)
    with pytest.raises(ConfigError, match=told) as fault:
        read_suite(path)
    assert fault.value.exit_code == 2 and "s.yaml" in str(fault.value)


def test_several_mistakes_are_told_at_once_and_bounded():
    tests = [
        {**SUITE["tests"][0], "label": f"x{n}", "name": f"t{n}"} for n in range(14)
    ]
    with pytest.raises(ConfigError) as fault:
        open_suite({**SUITE, "tests": tests})
    lines = str(fault.value).splitlines()
    assert len(lines) == 11 and lines[-1] == "and 4 more mistakes"
    assert lines[0].startswith("tests.0.label: got the label")


def test_a_label_may_not_stand_for_two_keys():
    with pytest.raises(ConfigError, match="labels: got 'pos' for two keys"):
        open_suite({**SUITE, "labels": {"good": "pos", "bad": ["neg", "pos"]}})


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("negation_added", "rules of English, the suite's language is de"),
        ("names_changed", "lexicon.female_names and lexicon.male_names"),
        ("typo_swap", None),
    ],
)
def test_rules_of_english_are_refused_for_other_languages(change, told):
    test = {"name": "t", "kind": "invariance", "capability": "c", "checks": "c",
            "texts": ["Das ist gut."], "changes": [change]}  # fmt: skip
    suite = {"suite": "s", "language": "de", "tests": [test]}
    if told is None:
        assert open_suite(suite).spec.tests
    else:
        with pytest.raises(ConfigError, match=told):
            open_suite(suite)


def test_own_lists_make_a_change_fit_another_language():
    test = {"name": "t", "kind": "invariance", "capability": "c", "checks": "c",
            "texts": ["Köln ist gut."], "changes": ["places_changed"]}  # fmt: skip
    lexicon = {"places": ["Köln", "Wien"]}
    suite = {"suite": "s", "language": "de", "lexicon": lexicon, "tests": [test]}
    assert open_suite(suite).spec.lexicon.places == ["Köln", "Wien"]


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("sentimnt", "did you mean sentiment"),
        ("x.yaml", "x.yaml: cannot be read"),
        ("nowhere", "ready are invariance, sentiment"),
    ],
)
def test_a_suite_that_is_not_there_is_told(name, told, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ConfigError, match=told):
        open_suite(name)


@pytest.mark.parametrize("name", ready_suites())
def test_ready_suites_conform_to_the_schema(name):
    suite = open_suite(name)
    jsonschema.Draft202012Validator(json_schema()).validate(
        read_yaml_file(suite.path).mapping
    )
    assert suite.name == name and suite.spec.about
    for test in suite.spec.tests:
        assert test.checks.endswith(".") and test.checks[0].isupper()


def test_the_suite_of_sentiment_covers_what_it_should():
    tests = open_suite("sentiment").spec.tests
    assert len(tests) >= 40
    wanted = {
        "vocabulary", "negation", "intensifiers", "contrast", "time", "comparison",
        "questions", "names", "typos", "casing", "numbers", "neutral", "fairness",
    }  # fmt: skip
    assert wanted <= {test.capability for test in tests}


def test_the_shipped_schema_is_the_schema():
    assert json.loads(SHIPPED.read_text("utf-8")) == json_schema(), "run make schema"
    jsonschema.Draft202012Validator.check_schema(json_schema())
    jsonschema.Draft202012Validator(json_schema()).validate(SUITE)


def test_every_setting_is_described():
    for node in [json_schema(), *json_schema()["$defs"].values()]:
        for name, value in node.get("properties", {}).items():
            described = "description" in value or name in ("tests", "lexicon")
            assert described, name
