"""The JSON schema for editors says what the loader says."""

import json
from pathlib import Path

import jsonschema
import pytest

import textclf.config
from textclf.config.json_schema import json_schema
from textclf.config.load import config_from_mapping, load_config
from textclf.config.settings import model_kinds, names_of, root, sections
from textclf.config.yaml12 import read_yaml_file
from textclf.errors import ConfigError

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = Path(textclf.config.__file__).with_name("schema.json")
DATA = {"dataset": "sample"}
WRITE_ANEW = (
    "write it anew: write_json(Path('textclf/config/schema.json'), json_schema())"
)


def accepts(settings: object) -> bool:
    return jsonschema.Draft202012Validator(json_schema()).is_valid(settings)


def test_the_shipped_file_is_the_schema():
    assert json.loads(SHIPPED.read_text(encoding="utf-8")) == json_schema(), WRITE_ANEW


def test_it_is_a_schema_of_draft_2020_12():
    assert json_schema()["$schema"].endswith("2020-12/schema")
    jsonschema.Draft202012Validator.check_schema(json_schema())


def test_every_setting_is_described_and_has_a_default():
    for node in [*sections().values(), *model_kinds().values()]:
        assert node["description"]
        for name in names_of(node):
            assert node["properties"][name]["description"], name
            assert "default" in node["properties"][name], name
    assert set(root()["properties"]) - set(sections()) == {"name", "seed", "model"}


@pytest.mark.parametrize(
    "settings",
    [
        {"data": DATA},
        {"data": DATA, "model": {"kind": "cnn", "filters": 3}},
        {"data": DATA, "training": {"class_weight": {"no": 1.5}}},
        {"data": DATA, "training": {"class_weight": "balanced", "patience": None}},
        {},
        {"data": DATA, "model": {"filters": 3}},
        {"data": DATA, "model": {}},
        {"data": DATA, "model": {"kind": "average", "filters": 3}},
        {"data": DATA, "model": {"kind": "rnn"}},
        {"data": DATA, "seed": -1},
        {"data": DATA, "text": {"unit": "words"}},
        {"data": DATA, "text": None},
        {"data": DATA, "sede": 1},
        {"data": DATA, "name": "a/b"},
        {"data": DATA, "training": {"class_weight": {"no": -1}}},
    ],
)
def test_it_agrees_with_the_loader(settings):
    try:
        config_from_mapping(settings)
    except ConfigError:
        assert not accepts(settings)
    else:
        assert accepts(settings)


def test_shipped_configs_conform():
    shipped = sorted((ROOT / "configs").glob("*.yaml"))
    files = [path for path in shipped if not path.stem.startswith("study_")]
    if not files:
        pytest.skip("no shipped configs yet")
    for path in files:
        load_config(path)
        jsonschema.Draft202012Validator(json_schema()).validate(
            read_yaml_file(path).mapping
        )
