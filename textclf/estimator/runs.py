"""`textclf.train` and `textclf.load`: whole runs, from Python."""

import os
import shutil
import tempfile
import weakref
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from textclf.config.load import LoadedConfig, load_config, mapped_config
from textclf.config.overrides import Override
from textclf.config.schema import Config
from textclf.data.named import Places
from textclf.errors import ConfigError, nearest
from textclf.estimator.classifier import TextClassifier
from textclf.estimator.settings import PLACES, plain
from textclf.estimator.talk import listener
from textclf.evaluation.canvas import Plot
from textclf.evaluation.projection import Method
from textclf.explain.word_map import WordMap, frequent
from textclf.explain.words import LearntWords
from textclf.run import check_free
from textclf.training.start import train_config
from textclf.training.trained import Trained

_SECTION = "__"


@dataclass(frozen=True, eq=False, repr=False)
class TrainedRun(Trained):
    """A finished run: its folder, its reports, and the classifier it made.

    Attributes:
        run: The folder, with configuration, history, reports and bundle.
        seconds: Wall time from the tables to the last report.
        dev: The report on the dev texts.
        test: The report on the held-out test texts, if there are such.
        classifier: What predicts.
    """

    classifier: TextClassifier

    @cached_property
    def words(self) -> LearntWords:
        """The vectors of its words, before and after training.

        Raises:
            ConfigError: The model has no vectors of words.
        """
        return LearntWords.of_run(self.run)

    def plot_words(self, *, n: int = 250, method: Method = "pca") -> Plot:
        """Draws the `n` most frequent words, before and after training.

        The colour is what the model says of a word alone; see `LearntWords.lean`.

        Args:
            n: How many words.
            method: `pca` (two axes of the numbers) or `tsne` (neighbourhoods).

        Raises:
            ConfigError: The model has no vectors of words.
        """
        rows = frequent(self.words.after, n)
        return WordMap.of_model(self.words, rows, method=method, seed=0).plot()


def train(
    config: str | Path | Mapping[str, Any] | Config,
    *,
    run_dir: str | Path | None = None,
    data_dir: str | Path | None = None,
    verbose: int = 0,
    **overrides: Any,
) -> TrainedRun:
    """Trains what a configuration says, as the command `train` does.

    Args:
        config: A YAML file, the same as nested mappings, or a `Config`. Relative paths
            begin beside the file, then in the working directory.
        run_dir: A new or empty folder; None: a temporary one, which goes when the
            result does.
        data_dir: A folder of data sets that is asked before all others.
        verbose: 1 tells what happens, a line an epoch; 0 nothing.
        overrides: Settings laid over the configuration, by the names that
            `TextClassifier` knows (`epochs=3`) or with their section
            (`data__test_fraction=0.2`).

    Returns:
        The run, its reports, and the classifier.

    Raises:
        ConfigError: A setting is unknown, out of its range, or does not fit the data;
            or the folder holds something.
        DataError: Texts or labels cannot be used.
        ArtefactError: A vector file or a download cannot be used.
        DivergedError: The loss became huge or not a number.
        ResourceError: Memory, disk or network is missing.
    """
    loaded = _loaded(config, [_override(*item) for item in overrides.items()])
    near = [loaded.path.parent.absolute()] if loaded.path else []
    places = Places(
        (*near, Path.cwd()), Path(data_dir) if data_dir else None, os.environ
    )
    parent = None if run_dir else tempfile.mkdtemp(prefix="textclf-")
    folder = Path(run_dir or f"{parent}/run")
    try:
        check_free(folder)
        progress = listener(verbose)
        trained = train_config(loaded, folder=folder, places=places, progress=progress)
        finished = TrainedRun(
            trained.run,
            trained.seconds,
            trained.dev,
            trained.test,
            TextClassifier.load(folder),
        )
    except BaseException:
        if parent:
            shutil.rmtree(parent, ignore_errors=True)
        raise
    if parent:
        weakref.finalize(finished, _remove, parent, os.getpid())
    return finished


def load(folder: str | Path) -> TextClassifier:
    """Returns the classifier of a folder, ready to predict.

    Args:
        folder: A run, a bundle, or what `TextClassifier.save` wrote.

    Raises:
        ArtefactError: It is none of them, is damaged, or gives other answers here than
            where it was made.
    """
    return TextClassifier.load(folder)


def _loaded(
    config: str | Path | Mapping[str, Any] | Config, overrides: list[Override]
) -> LoadedConfig:
    if isinstance(config, Config):
        config = config.model_dump(exclude_unset=True)
    if isinstance(config, Mapping):
        return mapped_config(config, overrides)
    return load_config(Path(config), overrides)


def _override(name: str, value: Any) -> Override:
    """Returns a keyword as a setting.

    Raises:
        ConfigError: No setting has that name.
    """
    key = name.replace(_SECTION, ".") if _SECTION in name else PLACES.get(name)
    if key is None:
        near = nearest(name, PLACES)
        raise ConfigError(
            f"got the setting {name!r}, which no section has",
            where="train",
            fix=f"did you mean {near}?" if near else "write it as section__key",
        )
    return Override(tuple(key.split(".")), plain(value), f"{name}={value!r}")


def _remove(folder: str, process: int) -> None:
    """Removes a temporary run, where it was made: not in a forked copy."""
    if os.getpid() == process:
        shutil.rmtree(folder, ignore_errors=True)
