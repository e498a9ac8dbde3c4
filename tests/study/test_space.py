"""What a search varies: values that are known, that are written, and the own one."""

import pytest

from textclf.config.load import config_from_mapping
from textclf.config.settings import model_kinds
from textclf.errors import ConfigError
from textclf.study.space import _VALUES, space_of, value_at


def config(**sections):
    return config_from_mapping({"data": {"dataset": "sample"}, **sections})


def check(values, key):
    """Makes sure that the schema takes the values of a key."""
    section, name = key.split(".")
    kinds = {"pooling": "average", "hidden": "average", "filters": "cnn"}
    for value in values["linear"] if isinstance(values, dict) else values:
        laid = {section: {name: value}}
        if section == "model":
            laid = {"model": {"kind": kinds.get(name, "cnn"), name: value}}
        if value == "two_stage" or value == "frozen":
            continue  # they need vectors
        config(**laid)


@pytest.mark.parametrize("key", _VALUES)
def test_known_values_are_values_of_their_key(key):
    check(_VALUES[key], key)


@pytest.mark.parametrize("kind", model_kinds())
def test_every_kind_has_keys_worth_trying_and_begins_with_its_own_values(kind):
    unit = {"unit": "character"} if kind == "charcnn" else {}
    chosen = config(model={"kind": kind}, text=unit)
    space = space_of(chosen)
    assert "training.learning_rate" in space
    for key, values in space.items():
        own = value_at(chosen, key)
        if isinstance(values, list):
            assert own in values and len(values) > 1
        else:
            ((low, high),) = values.values()
            assert low <= own <= high


def test_values_that_are_written_count_and_the_own_one_joins_them():
    space = space_of(
        config(embedding={"dim": 7}),
        ["embedding.dim=[2, 300]", "training.learning_rate={log: [0.1, 1.0]}"],
    )
    assert space["embedding.dim"] == [7, 2, 300]
    rate = config().training.learning_rate
    assert space["training.learning_rate"] == {"log": [rate, 1.0]}


def test_vectors_keep_their_width():
    chosen = config(embedding={"init": "vectors", "vectors": "glove.txt"})
    space = space_of(chosen)
    assert "embedding.dim" not in space and "embedding.train" in space


def test_unknown_keys_and_keys_without_values_are_refused():
    with pytest.raises(ConfigError, match="did you mean embedding.dim"):
        space_of(config(), ["embedding.dims"])
    with pytest.raises(ConfigError, match="without values"):
        space_of(config(), ["training.epochs"])
    with pytest.raises(ConfigError, match="search"):
        space_of(config(), ["embedding.dim=[1, "])
