"""Every shipped configuration is valid, names no path, and trains."""

from pathlib import Path

import pytest

from textclf.config.load import load_config
from textclf.config.schema import Config
from textclf.data.named import Places, open_sources, with_columns
from textclf.data.sources import Sources
from textclf.run import Run
from textclf.study.blueprint import Blueprint
from textclf.study.reading import read_study

SHIPPED = sorted((Path(__file__).parent.parent / "configs").glob("*.yaml"))
STUDIES = [path for path in SHIPPED if path.stem.startswith("study_")]
CONFIGS = [path for path in SHIPPED if path not in STUDIES]
PROMISED = {"quickstart", "sst2", "trec", "mr", "imdb"}
PROMISED |= {"banking77", "go_emotions", "chnsenticorp"}
ROWS = 600


def test_the_promised_configurations_are_there():
    assert {path.stem for path in CONFIGS} >= PROMISED


@pytest.mark.parametrize("path", CONFIGS, ids=lambda path: path.stem)
def test_it_is_valid_and_names_no_path(path):
    data = load_config(path).config.data
    assert data.dataset is not None
    assert (data.train, data.dev, data.test) == (None, None, None)


def sources(config: Config, folder: Path) -> Sources:
    places = Places(folders=(), data_dir=folder, environ={})
    return open_sources(config.data, places)


def part_of(tables: Sources) -> Sources:
    """Rows from all over each table whose labels the training part knows."""
    step = max(len(tables.train) // ROWS, 1)
    train = tables.train.take(range(0, len(tables.train), step))
    known = set(train.labels or ())
    parts = {}
    for name in ("dev", "test"):
        table = getattr(tables, name)
        if table is not None:
            rows = [i for i, cell in enumerate(table.labels) if cell in known]
            parts[name] = table.take(rows[:: max(len(rows) // 200, 1)])
    return Sources(train, **parts)


@pytest.mark.parametrize("path", CONFIGS, ids=lambda path: path.stem)
def test_it_trains_on_a_part_of_its_data(path, shared, tmp_path):
    from textclf import backend

    backend.start()
    from textclf.training.prepare import prepare
    from textclf.training.train import train

    config = load_config(path, ["training.epochs=1"]).resolved()
    config = config.model_copy(update={"data": with_columns(config.data)})
    tables = part_of(sources(config, shared / "data"))
    run = Run.create(tmp_path / "run", config="")
    trained = train(prepare(config, tables), run=run)
    assert trained.dev.n > 0 and 0 <= trained.dev.scores.accuracy <= 1


def test_the_promised_studies_are_there():
    assert {path.stem for path in STUDIES} >= {"study_quick", "study_dim_dropout"}


@pytest.mark.parametrize("path", STUDIES, ids=lambda path: path.stem)
def test_every_cell_of_a_shipped_study_is_valid(path):
    design = Blueprint.of(read_study(path))
    configs = [design.config(cell, design.points[0]) for cell in design.cells]
    assert len(configs) >= 4
    assert all(config.data.dataset is not None for config in configs)
