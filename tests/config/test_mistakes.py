"""Every mistake in a configuration is named: key, value, limits, nearest name."""

import copy
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from textclf.config.load import config_from_mapping, load_config
from textclf.config.mistakes import closest, shown
from textclf.config.settings import model_kinds, resolve, root, sections
from textclf.errors import ConfigError

DATA = {"dataset": "sample"}
NUMBERS = ("integer", "number")


KINDS = ", ".join(model_kinds())


def message(settings: Any) -> str:
    with pytest.raises(ConfigError) as caught:
        config_from_mapping(settings)
    assert caught.value.exit_code == 2
    return str(caught.value)


def whole(kind: str) -> dict[str, Any]:
    """Returns a configuration in which every key is written out."""
    given = {"data": DATA, "model": {"kind": kind}}
    if kind == "charcnn":
        given["text"] = {"unit": "character"}
    return config_from_mapping(given).model_dump()


def places() -> list[tuple[str, str | None, str]]:
    """Lists kind, section and name of every key of the configuration.

    What does not belong to the model is the same with every kind.
    """
    first, found = "average", []
    for kind in model_kinds():
        settings = whole(kind)
        found += [(kind, None, name) for name in settings if kind == first]
        for section, values in settings.items():
            if isinstance(values, dict) and (section == "model" or kind == first):
                found += [(kind, section, name) for name in values]
    return found


def misspelt(name: str) -> set[str]:
    """Returns `name` with one letter replaced, left out or doubled."""
    spots = range(len(name))
    return (
        {name[:i] + "q" + name[i + 1 :] for i in spots}
        | {name[:i] + name[i + 1 :] for i in spots}
        | {name[:i] + name[i] + name[i:] for i in spots}
    )


# Fault 1.
@pytest.mark.parametrize(("kind", "section", "name"), places())
def test_each_misspelt_key_is_refused_and_the_true_key_named(kind, section, name):
    settings = whole(kind)
    names = set(settings if section is None else settings[section])
    for wrong in sorted(misspelt(name) - names):
        changed = copy.deepcopy(settings)
        target = changed if section is None else changed[section]
        target[wrong] = target.pop(name)
        told = message(changed)
        key = wrong if section is None else f"{section}.{wrong}"
        assert told.startswith(f"{key}: unknown key")
        listed = told.split("; fix:")[0]
        assert name in listed.replace(",", "").split()
        if wrong not in ("tet", "teqt"):  # as near to text as to test
            assert f"did you mean `{name}`?" in told


def test_a_misspelt_key_of_a_file_is_named_with_its_line(tmp_path):
    path = tmp_path / "c.yaml"
    path.write_text("data: {dataset: sample}\nmodel:\n  kind: cnn\n  filtres: 3\n")
    with pytest.raises(ConfigError) as caught:
        load_config(path)
    assert caught.value.where == f"{path}:4"
    told = str(caught.value)
    assert "model.filtres: unknown key" in told
    assert "did you mean `filters`?" in told
    assert "model.cnn" not in told


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"data": DATA, "epochs": 3}, "epochs belongs under training"),
        ({"data": {**DATA, "seed": 3}}, "seed belongs under the top level"),
        (
            {"data": DATA, "text": {"train": "x"}},
            "train belongs under data or embedding",
        ),
        (
            {"data": DATA, "model": {"kind": "average", "filters": 3}},
            "filters belongs under model (kind attention or charcnn or cnn)",
        ),
        ({"data": DATA, "kind": "cnn"}, "kind belongs under model"),
        ({"data": DATA, "text": {"epoch": 1}}, "did you mean `training.epochs`?"),
        ({"data": DATA, "learningrate": 1}, "did you mean `training.learning_rate`?"),
        ({"data": DATA, "Training": {}}, "did you mean `training`?"),
        ({"data": DATA, "training": {"batch-size": 1}}, "did you mean `batch_size`?"),
        (
            {"data": DATA, "model": {"widths": [3]}},
            f"one of {KINDS}; fix: add kind: cnn",
        ),
        (
            {"data": DATA, "model": {}},
            f"model.kind: missing, expected one of {KINDS}",
        ),
        ({"data": DATA, "model": {"knd": "cnn"}}, "did you mean `kind`?"),
        ({"data": DATA, "model": {"kind": "cn"}}, "did you mean `cnn`?"),
        (
            {"data": DATA, "model": {"kind": [1]}},
            "model.kind: got [1], expected one of",
        ),
        ({"data": DATA, "model": "cnn"}, "did you mean `kind: cnn`?"),
        ({"data": DATA, "text": {"unit": "words"}}, "did you mean `word`?"),
        ({"data": DATA, "text": {"lowercase": "yes"}}, "write true"),
        ({"data": DATA, "name": 2024}, "put the value in quotes"),
        ({"data": DATA, "seed": "7"}, "write 7 without quotes"),
        ({"data": DATA, "text": {"max_length": 1e3}}, "got 1000.0"),
        ({"data": DATA, "text": {"max_length": 1e3}}, "write 1000"),
        (
            {"data": DATA, "text": None},
            "text: got null, expected a section with the keys",
        ),
        ({}, "data: missing, expected a section with the keys dataset"),
        ({"data": {}}, "data: got neither dataset nor train"),
        (
            {"data": DATA, "embedding": {"init": "vectors"}},
            "embedding: got init: vectors",
        ),
        (
            {"data": DATA, "model": {"kind": "cnn"}, "text": {"ngrams": 2}},
            "text.ngrams: n-grams have no order",
        ),
        (
            {"data": DATA, "model": {"kind": "cnn"}, "text": {"char_ngrams": [2, 3]}},
            "text.char_ngrams: n-grams have no order, so they need model.kind average "
            "or ngram, got 'cnn'",
        ),
        (
            {"data": DATA, "model": {"kind": "cnn"}, "text": {"distinct": True}},
            "text.distinct: units that count once have no order, so they need "
            "model.kind average or ngram",
        ),
        (
            {"data": DATA, "text": {"char_ngrams": [5, 2]}},
            "text: got char_ngrams [5, 2], expected the shorter length first",
        ),
        (
            {"data": DATA, "text": {"char_ngrams": [2, 5], "unit": "subword"}},
            "text: got char_ngrams with unit 'subword', they stand inside words: set "
            "text.unit to word",
        ),
        (
            {"data": DATA, "embedding": {"init": "naive_bayes"}},
            "embedding.init: naive_bayes gives one number an output, so it needs "
            "model.kind ngram, got 'average'",
        ),
        (
            {
                "data": DATA,
                "embedding": {"init": "vectors", "vectors": "glove.txt"},
                "model": {"kind": "ngram"},
            },
            "embedding.init: vectors have a dimension, and model.kind ngram has one "
            "number an output; set model.kind to average or cnn",
        ),
        (
            {"data": DATA, "embedding": {"init": "naive_bayes", "vectors": "x"}},
            "embedding: got vectors with init: naive_bayes, set embedding.init to "
            "vectors",
        ),
        (
            {"data": DATA, "model": {"kind": "ngram", "filters": 3}},
            "filters belongs under model (kind attention or charcnn or cnn)",
        ),
        ({"data": DATA, "model": {"kind": "n-gram"}}, "did you mean `ngram`?"),
        (
            {"data": DATA, "text": {"ngram_buckets": 0}},
            "text.ngram_buckets: got 0, expected a whole number from 1 to 100000000 or "
            "null",
        ),
        (
            {"data": DATA, "training": {"class_weight": {"pos": -1}}},
            "training.class_weight.pos: got -1, expected a number from 0 to 1e6",
        ),
        (
            {"data": DATA, "training": {"class_weight": "balance"}},
            "expected balanced or a mapping of text to a number from 0 to 1e6 or null",
        ),
        (
            {"data": DATA, "training": {"class_weight": {1: 2.0}}},
            "training.class_weight.1: got the key 1, expected text",
        ),
        (
            {"data": DATA, "model": {"kind": "cnn", "widths": [3, 0]}},
            "model.widths.1: got 0, expected a whole number from 1 to 32",
        ),
        (
            {"data": DATA, "model": {"kind": "cnn", "widths": []}},
            "expected a list of 1 to 16 whole numbers from 1 to 32",
        ),
        (
            {"data": DATA, "text": {"char_ngrams": [2]}},
            "got [2], expected a list of 2 whole numbers from 2 to 8 or null",
        ),
        (
            {"data": {**DATA, "label_separator": ""}},
            'got "", expected text of 1 to 3 characters or null',
        ),
    ],
)
def test_messages_say_what_is_allowed_and_what_to_do(settings, told):
    assert told in message(settings)
    assert len(message(settings).splitlines()) == 1


def test_a_misspelt_section_is_not_also_missing():
    assert message({"dta": DATA}).count("\n") == 0


def test_all_mistakes_are_told_up_to_ten():
    wrong = {"epochs": 0, "batch_size": 0, "patience": 0}
    told = message({"data": DATA, "training": wrong}).splitlines()
    assert [line.split(":")[0] for line in told] == [
        "training.epochs",
        "training.batch_size",
        "training.patience",
    ]
    many = message({"data": DATA, **{f"x{i}": 1 for i in range(5000)}}).splitlines()
    assert len(many) == 11
    assert many[-1] == "and 4990 more mistakes"


def test_each_line_of_several_mistakes_is_escaped():
    told = message({"data": DATA, "a\x1b[31m\n": 1, "seed": "\x07"})
    assert len(told.splitlines()) == 2
    assert all(line.isprintable() for line in told.splitlines())


def numeric_settings() -> list[tuple[str, str, dict[str, Any]]]:
    """Lists kind, key and schema of every setting that is a number."""
    nodes = [("", root()["properties"])]
    nodes += [(f"{name}.", node["properties"]) for name, node in sections().items()]
    found = [
        ("average", prefix + name, resolve(node))
        for prefix, properties in nodes
        for name, node in properties.items()
    ]
    for kind, section in model_kinds().items():
        found += [
            (kind, f"model.{name}", resolve(node))
            for name, node in section["properties"].items()
        ]
    return [entry for entry in found if entry[2].get("type") in NUMBERS]


def outside(node: dict[str, Any]) -> st.SearchStrategy[float]:
    """Returns numbers that a setting must refuse: NaN, infinite, below, above."""
    least = node.get("minimum", node.get("exclusiveMinimum"))
    most = node.get("maximum", node.get("exclusiveMaximum"))
    below = st.floats(max_value=least, exclude_max="minimum" in node)
    above = st.floats(min_value=most, exclude_min="maximum" in node)
    huge = st.integers(min_value=int(most) + 1) | st.just(10**400)
    return st.just(math.nan) | below | above | huge | st.integers(max_value=-1)


# Fault 6.
@pytest.mark.parametrize(("kind", "key", "node"), numeric_settings())
@given(data=st.data())
def test_numbers_out_of_range_are_refused_with_the_range(kind, key, node, data):
    value = data.draw(outside(node))
    settings = whole(kind)
    *section, name = key.split(".")
    (settings[section[0]] if section else settings)[name] = value
    told = message(settings)
    assert told.startswith(f"{key}: got ")
    assert "expected a whole number" in told or "expected a number" in told
    least = node.get("minimum", node.get("exclusiveMinimum"))
    assert f" {least:g} to " in told
    assert len(told) < 200


@pytest.mark.parametrize("written", [".nan", "-1", "1e400", "-.inf", "9" * 99])
def test_bad_numbers_of_a_file_are_refused(tmp_path, written):
    path = tmp_path / "c.yaml"
    path.write_text(f"data: {{dataset: sample}}\nregularisation: {{l2: {written}}}\n")
    with pytest.raises(ConfigError, match="c.yaml:2: .*from 0 to 1000"):
        load_config(path)


def test_values_are_shown_as_yaml_and_never_long():
    assert shown(None) == "null"
    assert shown(True) == "true"
    assert shown(math.nan) == ".nan"
    assert shown("a\n") == '"a\\n"'
    assert shown(10**400) == "a number of about 401 digits"
    for value in ("x" * 999, ["y" * 999] * 99, [10**5000], {"a": {"b": [1] * 99}}):
        assert len(shown(value)) <= 60


def test_closest_ignores_case_and_finds_the_one_neighbour_of_short_names():
    assert closest("EPOCHS", ["epochs", "seed"]) == "epochs"
    assert closest("l3", ["l1", "l2"]) is None
    assert closest("l3", ["l2", "dim"]) == "l2"
    assert closest("zzz", ["epochs"]) is None


def test_what_is_near_no_name_is_given_none():
    for name in ("foo", "bar", "zebra"):
        with pytest.raises(ConfigError) as caught:
            config_from_mapping({"data": DATA, name: {"bar": 1}})
        assert caught.value.fix is None
