"""What of a configuration is not as it is by default."""

import pytest

from textclf.config.changed import changed_settings
from textclf.config.load import config_from_mapping


def test_defaults_differ_in_nothing():
    config = config_from_mapping({"name": "other", "data": {"dataset": "sample"}})
    assert changed_settings(config) == []


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"seed": 8}, ("seed", 8, 7)),
        ({"training": {"epochs": 3}}, ("training.epochs", 3, 10)),
        ({"model": {"kind": "cnn", "filters": 7}}, ("model.filters", 7, 100)),
        ({"text": {"char_ngrams": [2, 4]}}, ("text.char_ngrams", [2, 4], None)),
    ],
)
def test_a_changed_setting_is_named_with_both_values(given, expected):
    config = config_from_mapping({"data": {"dataset": "sample"}, **given})
    assert expected in changed_settings(config)


def test_the_kind_of_model_is_told():
    config = config_from_mapping(
        {"data": {"dataset": "sample"}, "model": {"kind": "cnn"}}
    )
    assert ("model.kind", "cnn", "average") in changed_settings(config)
