"""The shipped configurations reach, on whole real data, what is promised of them."""

from pathlib import Path

import pytest

from textclf.config.load import load_config
from textclf.data.named import Places, open_sources, with_columns
from textclf.data.tables import read_table
from textclf.predictor import Predictor
from textclf.run import Run

ROOT = Path(__file__).parent.parent

pytestmark = pytest.mark.slow


def trained(name, shared, folder):
    from textclf import backend

    backend.start()
    from textclf.training.prepare import prepare
    from textclf.training.train import train

    config = load_config(ROOT / "configs" / f"{name}.yaml").config
    config = config.model_copy(update={"data": with_columns(config.data)})
    places = Places(folders=(), data_dir=shared / "data", environ={})
    tables = open_sources(config.data, places)
    run = Run.create(folder / name, config="")
    return train(prepare(config, tables), run=run)


@pytest.mark.parametrize(
    ("name", "goal"),
    [
        ("quickstart", 0.75),
        ("sst2", 0.80),
        ("trec", 0.88),
        ("mr", 0.74),
        ("imdb", 0.875),
        ("banking77", 0.85),
    ],
)
def test_accuracy(name, goal, shared, tmp_path):
    assert trained(name, shared, tmp_path).test.scores.accuracy >= goal


def test_several_labels_beat_the_commonest_by_far(shared, tmp_path):
    report = trained("go_emotions", shared, tmp_path).test
    assert report.scores.macro_f1 >= 0.36
    assert report.scores.micro_f1 > 0.4 > report.floor["majority"]["micro_f1"]


def test_chinese_by_characters_on_the_texts_that_do_not_leak(shared, tmp_path):
    run = trained("chnsenticorp", shared, tmp_path).run
    predictor = Predictor.load(run.bundle)
    path = shared / "data" / "chnsenticorp" / "test_nodup.csv"
    table = read_table(path, text="text", label="label")
    truth = predictor.labels.encode(table.labels)
    assert (predictor.predict(table.texts).chosen() == truth).mean() >= 0.85
