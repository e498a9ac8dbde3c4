"""The settings that vectors are learnt with, and what a configuration says of them."""

import pytest

from textclf.config.load import config_from_mapping
from textclf.config.word_vectors import VectorTraining
from textclf.errors import ConfigError


def embedding(vectors, **others):
    return {
        "data": {"train": "a.csv", **others.pop("data", {})},
        "embedding": {"init": "vectors", "vectors": vectors},
        **others,
    }


def test_each_method_has_its_own_window_and_passes():
    assert (VectorTraining().reach, VectorTraining().passes) == (5, 5)
    glove = VectorTraining(method="glove")
    assert (glove.reach, glove.passes) == (10, 25)
    given = VectorTraining(method="glove", window=3, epochs=2)
    assert (given.reach, given.passes) == (3, 2)


@pytest.mark.parametrize(
    ("name", "value", "flag"), [("dim", 0, "--dim"), ("min_count", -1, "--min-count")]
)
def test_a_flag_out_of_range_is_named(name, value, flag):
    with pytest.raises(ConfigError) as caught:
        VectorTraining.of_flags({name: value, "window": None})
    assert caught.value.where == flag
    assert f"got {value}, expected a value greater than" in str(caught.value)


def test_a_method_may_stand_for_a_file():
    config = config_from_mapping(embedding("train:cbow"))
    assert config.embedding.learnt == "cbow"
    assert config_from_mapping(embedding("training.vec")).embedding.learnt is None


@pytest.mark.parametrize(
    ("mapping", "told"),
    [
        (embedding("train:elmo"), "train:skipgram, train:cbow"),
        (embedding("train:"), "train:skipgram"),
        (embedding("train:glove", text={"unit": "subword"}), "text.unit"),
        (embedding("a.vec", data={"unlabelled": "b.csv"}), "data.unlabelled"),
    ],
)
def test_what_does_not_fit_is_refused(mapping, told):
    with pytest.raises(ConfigError, match=told):
        config_from_mapping(mapping)
