"""The rules between settings."""

import json

import pytest

from textclf.config.load import config_from_mapping
from textclf.errors import ConfigError

DATA = {"dataset": "sample"}
NGRAM = {"kind": "ngram"}
SGD = {"optimizer": "sgd"}
HINGE = {"loss": "squared_hinge"}
SMOOTH = {"label_smoothing": 0.1}
VECTORS = {"init": "vectors", "vectors": "glove.txt"}


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
        {"data": DATA, "text": {"char_ngrams": [2, 5]}, "model": {"kind": "cnn"}},
        {"data": DATA, "text": {"distinct": True}, "model": {"kind": "cnn"}},
        {"data": DATA, "embedding": {"init": "naive_bayes"}},
        {"data": DATA, "embedding": VECTORS, "model": NGRAM},
        {"data": DATA, "embedding": {**VECTORS, "init": "naive_bayes"}, "model": NGRAM},
        {"data": DATA, "embedding": {"row_rates": "rarity"}},
        {"data": DATA, "regularisation": SMOOTH, "training": HINGE},
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
        {"data": DATA, "text": {"char_ngrams": [2, 2]}},
        {"data": DATA, "text": {"distinct": True}},
        {"data": DATA, "text": {"distinct": False}, "model": {"kind": "cnn"}},
        {"data": DATA, "text": {"ngrams": 5, "char_ngrams": [2, 8]}, "model": NGRAM},
        {"data": DATA, "embedding": {"init": "naive_bayes"}, "model": NGRAM},
        {"data": DATA, "model": {**NGRAM, "dense_dim": 100}},
        {"data": DATA, "embedding": {"row_rates": "rarity"}, "training": SGD},
        {"data": DATA, "text": {"unit": "subword", "ngrams": 2}, "model": NGRAM},
        {"data": DATA, "regularisation": {"dropout": 0}},
        {"data": DATA, "regularisation": SMOOTH},
        {"data": DATA, "regularisation": {"label_smoothing": 0}, "training": HINGE},
    ],
)
def test_settings_that_fit_together_are_taken(settings):
    config_from_mapping(settings)


UNUSED_BY_NGRAM = [
    ("embedding", "dim", 50),
    ("regularisation", "spatial_dropout", 0.2),
]
NEEDS_A_DENSE_LAYER = [
    ("regularisation", "drop_connect", 0.2),
    ("regularisation", "dropout", 0.2),
    ("regularisation", "l2", 0.1),
    ("regularisation", "max_norm", 3.0),
]
USED_BY_NGRAM = [
    ("regularisation", "word_dropout", 0.2),
    ("regularisation", "label_smoothing", 0.1),
    ("embedding", "train", "frozen"),
    ("embedding", "finetune_rate", 0.5),
]


def ngram(section, name, value, **model):
    return {"data": DATA, "model": NGRAM | model, section: {name: value}}


def default_of(section, name):
    return config_from_mapping({"data": DATA}).model_dump()[section][name]


class TestUnused:
    @pytest.mark.parametrize("setting", [*UNUSED_BY_NGRAM, *NEEDS_A_DENSE_LAYER])
    def test_what_kind_ngram_would_ignore_is_refused(self, setting):
        section, name, value = setting
        with pytest.raises(ConfigError) as caught:
            config_from_mapping(ngram(*setting))
        assert caught.value.where == f"{section}.{name}"
        default = json.dumps(default_of(section, name))
        assert caught.value.problem.startswith(
            f"got {value}, expected {default} or nothing: model.kind ngram has "
        )

    @pytest.mark.parametrize("setting", UNUSED_BY_NGRAM)
    def test_a_word_embedding_beside_it_does_not_help(self, setting):
        with pytest.raises(ConfigError):
            config_from_mapping(ngram(*setting, dense_dim=5))

    @pytest.mark.parametrize("setting", [*NEEDS_A_DENSE_LAYER, *USED_BY_NGRAM])
    def test_a_word_embedding_has_a_dense_layer(self, setting):
        config_from_mapping(ngram(*setting, dense_dim=5))

    @pytest.mark.parametrize("setting", USED_BY_NGRAM)
    def test_what_has_an_effect_is_taken(self, setting):
        config_from_mapping(ngram(*setting))

    @pytest.mark.parametrize(
        ("section", "name", "_"), [*UNUSED_BY_NGRAM, *NEEDS_A_DENSE_LAYER]
    )
    def test_the_default_may_be_written(self, section, name, _):
        config_from_mapping(ngram(section, name, default_of(section, name)))

    def test_no_dropout_is_what_it_has(self):
        config_from_mapping(ngram("regularisation", "dropout", 0.0))

    @pytest.mark.parametrize("setting", [*UNUSED_BY_NGRAM, *NEEDS_A_DENSE_LAYER])
    @pytest.mark.parametrize("kind", ["average", "cnn"])
    def test_other_kinds_use_all_of_it(self, setting, kind):
        config_from_mapping(ngram(*setting) | {"model": {"kind": kind}})


class TestDistinct:
    @pytest.mark.parametrize(
        ("sections", "expected"),
        [
            ({}, False),
            ({"model": {"kind": "average"}}, False),
            ({"model": {"kind": "average"}, "text": {"distinct": True}}, True),
            ({"model": NGRAM}, True),
            ({"model": NGRAM, "text": {"ngrams": 3}}, True),
            ({"model": NGRAM, "text": {"distinct": True}}, True),
            ({"model": NGRAM, "text": {"distinct": False}}, False),
        ],
    )
    def test_is_set_by_the_kind_unless_it_is_said(self, sections, expected):
        config = config_from_mapping({"data": DATA, **sections})
        assert config.text.distinct is expected
        again = config_from_mapping(config.model_dump())
        assert again == config

    def test_what_was_given_stays_as_it_was(self):
        given = {"data": DATA, "model": NGRAM, "text": {"ngrams": 2}}
        config_from_mapping(given)
        assert given == {"data": DATA, "model": NGRAM, "text": {"ngrams": 2}}

    @pytest.mark.parametrize("text", [None, [], "words", {"distinct": "yes"}])
    def test_a_wrong_section_is_still_refused(self, text):
        with pytest.raises(ConfigError):
            config_from_mapping({"data": DATA, "model": NGRAM, "text": text})

    @pytest.mark.parametrize("model", [None, [], {}, {"kind": None}, {"kind": ["x"]}])
    def test_so_is_a_wrong_model(self, model):
        with pytest.raises(ConfigError):
            config_from_mapping({"data": DATA, "model": model})
