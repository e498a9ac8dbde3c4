"""The setting `training.refit`."""

import pytest

from textclf.config.load import config_from_mapping
from textclf.errors import ConfigError


def config(**training):
    return config_from_mapping({"data": {"train": "a.csv"}, "training": training})


def test_is_off_unless_asked_for():
    assert config().training.refit is False


def test_a_rate_that_follows_dev_scores_is_refused():
    with pytest.raises(ConfigError, match="refit: .* set schedule to constant"):
        config(refit=True, schedule="plateau")
    assert config(refit=True, schedule="cosine").training.refit
