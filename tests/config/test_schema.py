"""The rules between settings."""

import pytest

from textclf.config.load import config_from_mapping
from textclf.errors import ConfigError

DATA = {"dataset": "sample"}


def test_defaults_need_a_source_of_data_only():
    config = config_from_mapping({"data": DATA})
    assert config.model.kind == "average"
    assert config.training.epochs == 10


@pytest.mark.parametrize(
    "settings",
    [
        {"data": {"dataset": "sample", "train": "a.csv"}},
        {"data": {"dev": "a.csv"}},
        {"data": {"train": "a.csv", "test": "b.csv", "test_fraction": 0.1}},
        {"data": DATA, "embedding": {"init": "vectors"}},
        {"data": DATA, "embedding": {"vectors": "glove.txt"}},
        {"data": DATA, "text": {"ngrams": 2}, "model": {"kind": "cnn"}},
        {"data": DATA, "text": {"char_ngrams": [2, 5]}},
        {"data": DATA, "seed": True},
        {"data": DATA, "text": {"lowercase": 1}},
        {"data": DATA, "regularisation": {"dropout": "0.5"}},
    ],
)
def test_settings_that_contradict_are_refused(settings):
    with pytest.raises(ConfigError):
        config_from_mapping(settings)


@pytest.mark.parametrize(
    "settings",
    [
        {"data": {"train": "a.csv", "test": "b.csv"}},
        {"data": DATA, "embedding": {"init": "vectors", "vectors": "glove.txt"}},
        {"data": DATA, "text": {"ngrams": 2}},
        {"data": DATA, "regularisation": {"dropout": 0}},
    ],
)
def test_settings_that_fit_together_are_taken(settings):
    config_from_mapping(settings)
