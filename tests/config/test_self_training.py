"""The setting `training.self_training`."""

import pytest

from textclf.config.load import config_from_mapping
from textclf.errors import ConfigError


def config(taught, **data):
    paths = {"train": "a.csv", "unlabelled": "b.csv"}
    return config_from_mapping(
        {"data": paths | data, "training": {"self_training": taught}}
    )


def test_what_is_not_said_has_a_default():
    taught = config({"rounds": 3}).training.self_training
    assert (taught.rounds, taught.threshold, taught.weight) == (3, 0.9, 0.5)
    assert config_from_mapping({"data": {"train": "a"}}).training.self_training is None


@pytest.mark.parametrize(
    "wrong",
    [{"rounds": 0}, {"threshold": 0}, {"threshold": 1}, {"weight": 0}, {"weight": 1.5}],
    ids=str,
)
def test_what_is_out_of_range_is_refused(wrong):
    with pytest.raises(ConfigError, match=f"self_training.{[*wrong][0]}: got"):
        config(wrong)


def test_texts_without_labels_are_needed():
    with pytest.raises(ConfigError, match=r"self_training: got no texts .* data\.unl"):
        config({}, unlabelled=None)


def test_texts_with_several_labels_are_refused():
    with pytest.raises(ConfigError, match="a text cannot have several"):
        config({}, label_separator="|")


def test_texts_nobody_learns_from_are_refused():
    with pytest.raises(ConfigError, match=r"or training\.self_training"):
        config(None)
