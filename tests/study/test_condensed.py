"""Texts condensed to their frozen means train the same model."""

from pathlib import Path

import numpy as np
import pytest

import textclf
from textclf.config.load import config_from_mapping
from textclf.data.named import Places
from textclf.study import trial as trials
from textclf.study.condensed import can_condense
from textclf.study.design import Cell
from textclf.study.material import Material
from textclf.study.records import Record, Trial
from textclf.study.shelf import Shelf
from textclf.study.spec import SplitConfig
from textclf.study.traced import TracedModels

SAMPLE = Path(textclf.__file__).parent / "data" / "sample" / "reviews.csv"


def config(**sections):
    plain = {
        "data": {"train": str(SAMPLE)},
        "seed": 3,
        "embedding": {"dim": 8, "train": "frozen"},
        "model": {"kind": "average", "hidden": [5]},
        "regularisation": {"dropout": 0.3, "spatial_dropout": 0.1},
        "training": {"epochs": 3, "learning_rate": 0.01},
    }
    merged = {
        name: {**part, **sections.get(name, {})} if isinstance(part, dict) else part
        for name, part in plain.items()
    }
    return config_from_mapping(merged)


def run(folder: Path, settings) -> Record:
    material = Material(
        Places((folder,), None, {}),
        split=SplitConfig(folds=5),
        seed=7,
        shelf=Shelf(folder / "shelf"),
    )
    bench = trials.Bench(material, TracedModels(500))
    return bench.run(Trial("trial", Cell.of({"a": "b"}), 3, {}, "x"), settings)


def test_a_condensed_trial_is_the_same_as_one_of_whole_texts(tmp_path, monkeypatch):
    quick = run(tmp_path, config())
    monkeypatch.setattr(trials, "can_condense", lambda config: False)
    slow = run(tmp_path, config())
    assert quick.parameters == slow.parameters
    for name, value in slow.scores.items():
        assert quick.scores[name] == pytest.approx(value, abs=5e-3), name
    losses = [[epoch["dev_loss"] for epoch in record.curve] for record in (quick, slow)]
    assert np.allclose(*losses, atol=1e-5)


@pytest.mark.parametrize(
    "changes",
    [
        {"embedding": {"train": "finetune"}},
        {"regularisation": {"word_dropout": 0.1}},
        {"regularisation": {"type_dropout": 0.1}},
        {"model": {"pooling": "max"}},
        {"text": {"char_ngrams": [2, 3]}},
    ],
)
def test_what_reads_more_than_the_mean_is_not_condensed(changes):
    assert can_condense(config())
    settings = {**{"text": {}}, **changes}
    base = config(**{k: v for k, v in settings.items() if k != "text"})
    if settings["text"]:
        text = base.text.model_copy(update=settings["text"])
        base = base.model_copy(update={"text": text})
    assert not can_condense(base)
