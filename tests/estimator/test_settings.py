"""Constructor parameters are the settings of the configuration, all and only those."""

import inspect
from pathlib import Path
from typing import Any, Literal, get_args, get_origin, get_type_hints

import numpy as np
import pytest

from textclf import TextClassifier
from textclf.config.schema import FOLLOWING, Config
from textclf.config.settings import all_keys, model_kinds, sections
from textclf.errors import ConfigError
from textclf.estimator.settings import (
    ABSENT,
    DEFAULTS,
    FIELDS,
    PLACES,
    Settings,
    config_of,
    parameters_of,
)

KEYS = {key for key in all_keys() if key not in sections() and key != "model"}


def test_every_setting_is_a_parameter_or_says_why_not():
    assert set(PLACES.values()) | set(ABSENT) == KEYS
    assert not set(PLACES.values()) & set(ABSENT)
    assert all(ABSENT.values())


def test_no_two_settings_have_one_name():
    assert len(PLACES) == len(FIELDS)


def test_the_names_for_type_checkers_are_the_parameters():
    assert list(get_type_hints(Settings)) == list(PLACES)


def choices(hint: Any) -> set[Any]:
    inner = [hint] if get_origin(hint) is Literal else get_args(hint)
    return {
        word for part in inner if get_origin(part) is Literal for word in get_args(part)
    }


@pytest.mark.parametrize("name", [n for n in PLACES if n != "kind"])
def test_the_types_for_type_checkers_are_those_of_the_configuration(name):
    hint, field = get_type_hints(Settings)[name], FIELDS[PLACES[name]]
    assert choices(hint) == choices(field.annotation)
    optional = {type(None)} & set(get_args(hint))
    follows = PLACES[name] in FOLLOWING
    assert bool(optional) == follows or bool(optional) == (
        type(None) in get_args(field.annotation)
    )


def test_the_kinds_are_those_of_the_configuration():
    assert set(get_args(get_type_hints(Settings)["kind"])) == set(model_kinds())


def test_defaults_are_those_of_the_configuration():
    config = Config.model_validate({"data": {"train": "-"}})
    written = parameters_of(config)
    assert {n: v for n, v in written.items() if n != "distinct"} == {
        n: v for n, v in DEFAULTS.items() if n != "distinct"
    }
    assert TextClassifier().get_params() == DEFAULTS | {"verbose": 0}


def test_the_signature_shows_real_defaults():
    shown = inspect.signature(TextClassifier).parameters
    assert list(shown) == [*PLACES, "verbose"]
    assert shown["dim"].default == 100
    assert shown["widths"].default == (3, 4, 5)


def test_every_setting_is_explained():
    for name, key in PLACES.items():
        assert f"{name} (`{key}`): {FIELDS[key].description}" in TextClassifier.__doc__


def test_an_unknown_setting_is_refused_with_the_nearest_name():
    with pytest.raises(TypeError, match="'epoch'; did you mean 'epochs'"):
        TextClassifier(epoch=3)


def test_parameters_become_the_configuration_and_back():
    given = DEFAULTS | {
        "kind": "cnn",
        "widths": np.array([2, 3]),
        "filters": np.int64(7),
        "learning_rate": np.float32(0.5),
        "class_weight": {0: 1.0, 1: np.float64(3.0)},
        "seed": 5,
        "dev_fraction": 0.2,
    }
    config = config_of(given)
    assert (config.model.widths, config.model.filters) == ([2, 3], 7)
    assert config.training.class_weight == {"0": 1.0, "1": 3.0}
    assert (config.seed, config.data.dev_fraction) == (5, 0.2)
    again = config_of(parameters_of(config))
    assert again == config


@pytest.mark.parametrize(("kind", "distinct"), [("ngram", True), ("average", False)])
def test_a_default_that_follows_from_the_kind_follows(kind, distinct):
    assert config_of(DEFAULTS | {"kind": kind}).text.distinct is distinct
    chosen = config_of(DEFAULTS | {"kind": kind, "distinct": not distinct})
    assert chosen.text.distinct is not distinct


def test_a_path_may_be_a_path():
    given = {"init": "vectors", "vectors": Path("some.vec")}
    config = config_of(DEFAULTS | given)
    assert config.embedding.vectors == str(Path.cwd() / "some.vec")


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"epochs": 0}, "training.epochs: got 0"),
        ({"kind": "rnn"}, "model.kind"),
        ({"filters": 7}, "filters: got 7, but models of kind average have no such"),
        ({"kind": "cnn", "ngrams": 2}, "text.ngrams"),
        ({"unit": 3}, "text.unit"),
    ],
)
def test_what_cannot_be_asked_for_is_refused(given, told):
    with pytest.raises(ConfigError, match=told):
        config_of(DEFAULTS | given)
