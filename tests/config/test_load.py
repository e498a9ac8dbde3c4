"""A configuration file from its text to the checked settings and back."""

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from textclf.config.kinds import CnnConfig
from textclf.config.load import (
    LoadedConfig,
    config_from_mapping,
    dump_config,
    load_config,
    varied_config,
)
from textclf.config.schema import Config
from textclf.config.yaml12 import read_yaml
from textclf.errors import ConfigError

SAMPLE = "data: {dataset: sample}\n"


def write(folder: Path, text: str) -> Path:
    path = folder / "c.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_file_gives_a_config_with_the_line_of_every_key(tmp_path):
    path = write(tmp_path, SAMPLE + "model:\n  kind: cnn\n  filters: 7\n")
    loaded = load_config(path)
    assert loaded.config.model == CnnConfig(kind="cnn", filters=7)
    assert loaded.path == path
    assert loaded.lines["model.filters"] == 4
    assert loaded.place("model.filters") == f"{path}:4"
    assert loaded.place("training.epochs") == "training.epochs"
    assert loaded.notes == ()


def test_numbers_and_words_follow_yaml_1_2(tmp_path):
    text = SAMPLE + "seed: 010\ntraining:\n  learning_rate: 1e-3\n"
    config = load_config(
        write(tmp_path, text + "  class_weight: {no: 2, on: 1}\n")
    ).config
    assert config.seed == 10
    assert config.training.learning_rate == 0.001
    assert config.training.class_weight == {"no": 2.0, "on": 1.0}


def test_overrides_land_before_the_check(tmp_path):
    path = write(tmp_path, SAMPLE + "training: {epochs: 0}\n")
    loaded = load_config(path, ["training.epochs=4", "embedding.dim=8"])
    assert loaded.config.training.epochs == 4
    assert loaded.config.embedding.dim == 8
    assert loaded.place("training.epochs") == "--set training.epochs=4"
    assert "training.epochs" not in loaded.lines


def test_a_mistake_in_an_override_names_the_override(tmp_path):
    path = write(tmp_path, SAMPLE)
    with pytest.raises(ConfigError) as caught:
        load_config(path, ["training.epochs=0"])
    assert caught.value.where == "--set training.epochs=0"
    assert "training.epochs: got 0, expected a whole number from 1" in str(caught.value)


def test_a_mapping_from_python_is_checked_alike():
    assert config_from_mapping({"data": {"dataset": "sample"}}).seed == 7
    with pytest.raises(ConfigError) as caught:
        config_from_mapping({"data": {"dataset": "sample"}, "sede": 3})
    assert str(caught.value).startswith("sede: unknown key")


@pytest.mark.parametrize("value", [None, 5, [], "data", {1: 2}, {"data": {1: 2}}])
def test_what_is_no_mapping_of_settings_is_refused(value):
    with pytest.raises(ConfigError):
        config_from_mapping(value)


# The round trip of a config, and with it fault 4: a label `no` stays "no".
_text = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
_labels = _text | st.sampled_from(["no", "1e-3", "null", "01", "a: b", "x\ny", "~", ""])
_weights = st.dictionaries(_labels, st.floats(0, 1e6), max_size=4)
_models = st.fixed_dictionaries(
    {"kind": st.just("cnn")},
    optional={
        "widths": st.lists(st.integers(1, 32), min_size=1, max_size=4),
        "multichannel": st.booleans(),
    },
) | st.fixed_dictionaries(
    {"kind": st.just("average")},
    optional={"hidden": st.lists(st.integers(1, 99), max_size=3)},
)
_settings = st.fixed_dictionaries(
    {
        "name": st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,9}", fullmatch=True),
        "data": st.fixed_dictionaries(
            {
                "train": _text,
                "text": _text.filter(bool),
                "label": _labels.filter(bool),
                "label_separator": st.none()
                | st.text("|,;#no1", min_size=1, max_size=3),
            }
        ),
        "model": _models,
        "regularisation": st.fixed_dictionaries({"l2": st.floats(0, 1e3)}),
        "training": st.fixed_dictionaries(
            {
                "class_weight": st.none() | st.just("balanced") | _weights,
                "learning_rate": st.floats(0, 1e9, exclude_min=True),
                "patience": st.none() | st.integers(1, 9),
            }
        ),
    }
)


@given(_settings)
def test_a_dumped_config_reads_back_identically(settings):
    config = config_from_mapping(settings)
    back = read_yaml(dump_config(config), where="dump").mapping
    assert back == config.model_dump()
    assert config_from_mapping(back) == config


def test_a_dump_can_be_loaded_as_a_file(tmp_path):
    config = config_from_mapping({"data": {"dataset": "sample"}})
    assert load_config(write(tmp_path, dump_config(config))).config == config


def test_paths_are_resolved_beside_the_file_first(tmp_path, monkeypatch):
    (tmp_path / "work").mkdir()
    (tmp_path / "configs").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    for name in ("configs/both.csv", "work/both.csv", "work/one.csv"):
        (tmp_path / name).write_text("x")
    data = "data: {train: both.csv, dev: one.csv, test: none.csv}\n"
    loaded = load_config(write(tmp_path / "configs", data))
    resolved = loaded.resolved()
    assert resolved.data.train == str(tmp_path / "configs/both.csv")
    assert resolved.data.dev == str(tmp_path / "work/one.csv")
    assert resolved.data.test == str(tmp_path / "configs/none.csv")
    train, dev, test = loaded.notes
    assert train.startswith("data.train: both.csv is ")
    assert "beside the config file" in train
    assert "in the working directory" in dev
    assert str(tmp_path / "configs/none.csv") in test
    assert str(tmp_path / "work/none.csv") in test
    assert loaded.config.data.train == "both.csv"


def test_without_a_file_paths_belong_to_the_working_directory(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    config = config_from_mapping({"data": {"train": "a.csv"}})
    resolved = LoadedConfig(config).resolved()
    assert resolved.data.train == str(tmp_path / "a.csv")
    assert isinstance(resolved, Config)


def test_reading_configs_imports_nothing_heavy():
    heavy = "numpy polars pandas tensorflow keras sklearn scipy matplotlib pyarrow"
    code = (
        "import sys, textclf.config.load, textclf.config.commented\n"
        f"print([name for name in {heavy.split()} if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_settings_are_laid_over_a_configuration_and_what_follows_from_them_follows(
    tmp_path: Path,
) -> None:
    path = tmp_path / "c.yaml"
    path.write_text("data: {dataset: sample}\nmodel: {kind: ngram}\n")
    loaded = load_config(path)
    assert loaded.config.text.distinct
    varied = varied_config(loaded, {"model.kind": "cnn", "embedding.dim": 8})
    assert varied.config.model.kind == "cnn" and varied.config.embedding.dim == 8
    assert not varied.config.text.distinct
    path.write_text("data: {dataset: sample}\ntext: {distinct: true}\n")
    with pytest.raises(ConfigError, match="distinct"):
        varied_config(load_config(path), {"model.kind": "cnn"})


def test_options_are_blamed_for_what_they_made_wrong(tmp_path):
    path = tmp_path / "c.yaml"
    path.write_text(
        "data: {dataset: sample}\n"
        "text:\n  ngrams: 2\n"
        "embedding:\n  init: naive_bayes\n"
        "model: {kind: ngram}\n"
    )
    with pytest.raises(ConfigError) as caught:
        load_config(path, ["model.kind=cnn"])
    first, second = str(caught.value).splitlines()
    assert first.startswith(f"--set model.kind=cnn, beside {path}:3: text.ngrams: ")
    assert second.startswith(f"--set model.kind=cnn, beside {path}:5: embedding.init: ")
    with pytest.raises(ConfigError) as caught:
        load_config(path, ["model.kind=cnn", "training.epochs=no"])
    assert str(caught.value).startswith("--set training.epochs=no: training.epochs")
    path.write_text(path.read_text().replace("ngrams: 2", "ngrams: many"))
    with pytest.raises(ConfigError) as caught:
        load_config(path, ["training.epochs=3"])
    assert str(caught.value).startswith(f"{path}:3: text.ngrams")
