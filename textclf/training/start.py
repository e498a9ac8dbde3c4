"""A run from its configuration: reads, prepares, makes the folder, trains."""

import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from textclf import backend
from textclf.background import Background
from textclf.config.duration import seconds_of
from textclf.config.load import LoadedConfig, dump_config
from textclf.data.dataset import Splits
from textclf.data.named import Places, open_sources, with_columns
from textclf.data.sources import read_unlabelled
from textclf.errors import ConfigError
from textclf.files import staged_folder, write_json
from textclf.progress import SILENT, Progress
from textclf.run import Run
from textclf.training.ladder import Ladder, Rung
from textclf.training.prepare import Prepared, prepare
from textclf.vectors.named import with_named_vectors

_FEW_A_LABEL, _FEW_DEV = 20, 50
LADDER = "ladder.json"
"""In a run: what `training.budget` tried before it."""

if TYPE_CHECKING:
    from textclf.training.rate_finder import RateCurve
    from textclf.training.trained import Trained


def train_config(
    loaded: LoadedConfig,
    *,
    folder: Path,
    places: Places,
    progress: Progress = SILENT,
) -> "Trained":
    """Trains what a configuration says.

    Args:
        loaded: The settings, and where relative paths in them begin.
        folder: A new or empty folder for the run.
        places: Where data are looked for.
        progress: Who listens.

    Raises:
        ConfigError: Settings do not fit the data, or the folder holds something.
        DataError: Texts or labels cannot be used.
        ArtefactError: A vector file or a download cannot be used.
        DivergedError: The loss became huge or not a number.
        ResourceError: Memory, disk or network is missing.
    """
    began, rungs = time.monotonic(), list[Rung]()
    if (budget := loaded.config.training.budget) is not None:
        ladder = Ladder(partial(_ready, places), seconds_of(budget), progress)
        loaded, rungs = ladder.climb(loaded)
    prepared, ready, config = _prepared(loaded, places, progress)
    if told := _little_told(prepared.splits):
        progress.warn(told)
    ready()
    from textclf.training.train import train

    # Not before the backend is there: who stops the wait for it leaves nothing behind.
    record = Run.create(folder, config=config)
    if rungs:
        record.write_json(LADDER, [rung.to_json() for rung in rungs])
        prepared = replace(prepared, started=began)
    return train(prepared, run=record, progress=progress)


def _little_told(splits: Splits) -> str | None:
    """Says which texts are so few that chance decides; None: none."""
    counts, dev = splits.train.counts(), len(splits.dev)
    few = sum(count < _FEW_A_LABEL for count in counts.values())
    told = []
    if few:
        told.append(
            f"{few:,} of {len(counts):,} labels have fewer than {_FEW_A_LABEL} "
            "training texts"
        )
    if dev < _FEW_DEV:
        told.append(f"{dev:,} dev texts, fewer than {_FEW_DEV}, decide when to stop")
    if not told:
        return None
    return f"little data, so chance decides much: {' and '.join(told)}"


def _ready(places: Places, loaded: LoadedConfig) -> tuple[Prepared, float]:
    """Returns what is learnt from, and the seconds that the backend let wait."""
    prepared, ready, _ = _prepared(loaded, places, SILENT)
    began = time.monotonic()
    ready()
    return prepared, time.monotonic() - began


def find_learning_rate(
    loaded: LoadedConfig,
    *,
    folder: Path,
    places: Places,
    progress: Progress = SILENT,
) -> "RateCurve":
    """Tries rates on what a configuration says; writes the curve as JSON and PNG.

    Args:
        loaded: The settings, and where relative paths in them begin.
        folder: A new or empty folder for the curve.
        places: Where data are looked for.
        progress: Who listens.

    Raises:
        ConfigError: The model begins with Naive Bayes.
        TextclfError: As `train_config` raises.
    """
    if loaded.config.embedding.init == "naive_bayes":
        raise ConfigError(
            "got a model that begins with naive_bayes: it knows the labels of the "
            "training texts before the first step, so their loss tells no rate",
            where="embedding.init",
            fix="let `textclf tune --search training.learning_rate` judge rates by "
            "held-out texts, or begin at random",
        )
    prepared, ready, _ = _prepared(loaded, places, progress)
    ready()
    from textclf.evaluation.rate_plot import rate_plot
    from textclf.training.learn import begin
    from textclf.training.rate_finder import find_rate

    with staged_folder(folder) as stage:
        begun = begin(prepared, vectors=stage / "vectors.bin", progress=progress)
        curve = find_rate(begun, progress=progress)
        write_json(stage / "learning_rate.json", curve.to_json())
        picture = stage / "learning_rate.png"
        rate_plot(curve.rates, curve.losses, picture, suggestion=curve.suggestion)
    return curve


def _prepared(
    loaded: LoadedConfig, places: Places, progress: Progress
) -> tuple[Prepared, Callable[[], None], str]:
    """Reads and encodes the data while the backend starts.

    Returns:
        What is learnt from; what waits for the backend; the resolved configuration.
    """
    backend.prepare()
    starting = Background(backend.start)  # takes seconds, as reading the data does
    config = with_named_vectors(loaded.resolved(), loaded.config)
    config = config.model_copy(update={"data": with_columns(config.data)})
    # No name is given to the tables: they may be large, and are needed no longer.
    prepared = prepare(
        config,
        open_sources(config.data, places, progress=progress),
        unlabelled=read_unlabelled(
            config.data, folders=places.folders, progress=progress
        ),
        progress=progress,
    )
    return prepared, starting.result, dump_config(config)
