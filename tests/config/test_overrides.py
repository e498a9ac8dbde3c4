"""What `--set` does to the settings of a file."""

import pytest

from textclf.config.overrides import Draft, Override
from textclf.config.yaml12 import read_yaml
from textclf.errors import ConfigError

FILE = """\
data: {dataset: sample}
model:
  kind: cnn
  filters: 9
training:
  class_weight:
    pos: 2
"""


def draft(text: str = FILE) -> Draft:
    return Draft.of(read_yaml(text, where="c.yaml"), file="c.yaml")


def applied(*texts: str, text: str = FILE) -> tuple[dict, tuple[str, ...]]:
    made = draft(text)
    notes = made.apply([Override.parse(text) for text in texts])
    return made.mapping, notes


@pytest.mark.parametrize(
    ("text", "path", "value"),
    [
        ("a.b=1e-3", ("a", "b"), 0.001),
        ("a.b=[1, 2]", ("a", "b"), [1, 2]),
        ("a.b=null", ("a", "b"), None),
        ("a.b=", ("a", "b"), None),
        ("a.b=no", ("a", "b"), "no"),
        ("a.b=x=y", ("a", "b"), "x=y"),
        (" a . b = 1", ("a", "b"), 1),
        ('a="1"', ("a",), "1"),
        ("data.label_separator=|", ("data", "label_separator"), "|"),
        ("a={x: no}", ("a",), {"x": "no"}),
    ],
)
def test_values_are_read_by_the_rules_of_the_file(text, path, value):
    override = Override.parse(text)
    assert (override.path, override.value) == (path, value)


@pytest.mark.parametrize(
    "text",
    [
        "training.epochs",
        "=3",
        "a..b=1",
        ".a=1",
        "a=[1",
        "a=!!int 1",
        "a=*x",
        "a=x\x00",
        "",
    ],
)
def test_bad_overrides_are_refused_by_name(text):
    with pytest.raises(ConfigError) as caught:
        Override.parse(text)
    assert str(caught.value).startswith(f"--set {text}".replace("\x00", "\\x00"))


def test_settings_are_replaced_added_and_created_in_order():
    settings, _ = applied(
        "model.filters=3", "seed=1", "embedding.dim=2", "seed=5", "data={train: x}"
    )
    assert settings["model"] == {"kind": "cnn", "filters": 3}
    assert settings["seed"] == 5
    assert settings["embedding"] == {"dim": 2}
    assert settings["data"] == {"train": "x"}


def test_labels_of_a_mapping_can_be_set_one_by_one():
    settings, _ = applied("training.class_weight.neg=1")
    assert settings["training"]["class_weight"] == {"pos": 2, "neg": 1}


def test_a_value_is_no_section():
    with pytest.raises(ConfigError, match="model.filters as a section") as caught:
        applied("model.filters.x=1")
    assert caught.value.where == "--set model.filters.x=1"


def test_places_follow_who_decided():
    made = draft()
    made.apply(
        [Override.parse("training={epochs: 1}"), Override.parse("embedding.di=2")]
    )
    assert made.place(("model", "filters")) == "c.yaml:4"
    assert made.place(("model", "widths")) == "c.yaml:2"
    assert made.place(("training", "epochs")) == "--set training={epochs: 1}"
    assert made.place(("embedding",)) == "--set embedding.di=2"
    assert made.place(("seed",)) == "c.yaml"
    assert made.place(()) == "c.yaml"
    assert ("training", "class_weight", "pos") not in made.lines


def test_a_new_kind_leaves_out_the_keys_of_the_old_one_and_says_so():
    settings, notes = applied("model.kind=average")
    assert settings["model"] == {"kind": "average"}
    assert len(notes) == 1
    assert "model.filters" in notes[0]
    assert "--set model.kind=average" in notes[0]


def test_the_same_kind_leaves_out_nothing():
    settings, notes = applied("model.kind=cnn")
    assert settings["model"] == {"kind": "cnn", "filters": 9}
    assert notes == ()


def test_keys_that_are_given_or_misspelt_are_not_left_out():
    text = FILE.replace("filters: 9", "filtres: 9")
    settings, notes = applied("model.kind=average", "model.widths=[1]", text=text)
    assert settings["model"] == {"kind": "average", "filtres": 9, "widths": [1]}
    assert notes == ()


@pytest.mark.parametrize("value", ["avg", "[1]", "null", "3"])
def test_an_unknown_kind_changes_nothing_else(value):
    settings, notes = applied(f"model.kind={value}")
    assert settings["model"]["filters"] == 9
    assert notes == ()
