"""Settings tuned: a search of a few keys by folds of the training texts.

The search is a study: it proposes by TPE (Bergstra et al. 2011), keeps every trial,
goes on where it stood, and gives the settings that lead more folds. Test texts are
apart from the first step on.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from textclf.config.load import (
    LoadedConfig,
    dump_config,
    load_config,
    varied_config,
    written_settings,
)
from textclf.config.schema import Config
from textclf.data.named import Places
from textclf.errors import ConfigError, ResourceError
from textclf.files import write_text
from textclf.progress import SILENT, Progress
from textclf.study.analysis.effects import Effect, compare_cells
from textclf.study.blueprint import Blueprint
from textclf.study.design import Cell
from textclf.study.leading import best_cell, contenders
from textclf.study.records import Record
from textclf.study.results import Results
from textclf.study.saved import records_of, results_of
from textclf.study.search import first_cell
from textclf.study.space import space_of, value_at
from textclf.study.spec import LOWER_IS_BETTER
from textclf.study.study import STUDIES, Study

TUNED = "tuned.yaml"
TRIALS, SEEDS = 40, 5
"""Settings that are tried, and folds of those that lead, unless it is said."""
_MOST = 2_000
"""Settings at most, even if a budget alone ends the search."""
_SAMPLER = "tpe"
_SCHEDULE = "training.schedule"
_PREFIX = "tune-"


@dataclass(frozen=True)
class Search:
    """What a search may do.

    Attributes:
        keys: `KEY` or `KEY=VALUES`; empty: what is worth trying for the kind of model.
        trials: How many settings are tried; None: 40, or until the budget is spent.
        seeds: Folds that the settings that lead are judged by.
        metric: What they are compared by; None: what suits the labels (`metric_for`).
        budget: Time, e.g. `10m`; None: no limit.
        workers: Processes.
    """

    keys: tuple[str, ...] = ()
    trials: int | None = None
    seeds: int = SEEDS
    metric: str | None = None
    budget: str | None = None
    workers: int = 2

    def __post_init__(self) -> None:
        for flag, value in (("--trials", self.trials), ("--seeds", self.seeds)):
            if value is not None and not 1 <= value <= _MOST:
                raise ConfigError(f"got {value}, allowed are 1 to {_MOST}", where=flag)

    @property
    def cells(self) -> int:
        """The most settings that are tried."""
        if self.trials is not None:
            return self.trials
        return _MOST if self.budget else TRIALS


@dataclass(frozen=True)
class Standing:
    """How some settings did.

    Attributes:
        settings: What they change, by dotted key.
        mean: The mean score of their folds.
        folds: How many.
    """

    settings: Mapping[str, Any]
    mean: float
    folds: int


@dataclass(frozen=True)
class Tuned:
    """What a search found.

    Attributes:
        folder: Where its trials are.
        path: The configuration with the best settings.
        metric: What settings were compared by.
        tried: How many settings were tried.
        best: The settings that lead, the best first.
        first: Those that the configuration had.
        effect: Best less first, paired by folds; None: they are the same, or the first
            ones failed.
    """

    folder: Path
    path: Path
    metric: str
    tried: int
    best: tuple[Standing, ...]
    first: Standing | None
    effect: Effect | None


def tune(
    path: Path,
    overrides: Sequence[str] = (),
    *,
    search: Search,
    folder: Path | None = None,
    places: Places | None = None,
    progress: Progress = SILENT,
) -> Tuned:
    """Searches for settings of a configuration, and writes it with the best of them.

    `training.refit` is left out of the trials and written as it was.

    Args:
        path: The configuration.
        overrides: `a.b=v` laid over it.
        search: What is searched, and for how long.
        folder: Of the search: new, or the same search's; None: `studies/tune-NAME`.
        places: Where data sets are looked for; None: as `Study`.
        progress: Who listens.

    Raises:
        ConfigError: The configuration or a key is wrong.
        ResourceError: No settings came to their end in time.
        TextclfError: As `Study.run`.
    """
    loaded = load_config(path, overrides)
    study = Study(_mapping(loaded, search), places=places)
    folder = folder or STUDIES / study.written.spec.study
    study.run(folder, workers=search.workers, budget=search.budget, progress=progress)
    found = _Found(Blueprint.of(study.written), results_of(folder), records_of(folder))
    best = found.leading()
    target = folder / TUNED
    tuned = varied_config(loaded, found.blueprint.settings(best[0]))
    write_text(target, dump_config(tuned.resolved()))
    return found.told(folder, target, best)


def metric_for(config: Config) -> str:
    """Returns what settings are compared by, unless it is said.

    Where a text has several labels, thresholds are found later: chances have to be
    good, so the log loss tells. Otherwise macro F1, where it decides in training too.
    """
    if config.data.label_separator is not None:
        return "log_loss"
    by_f1 = config.training.monitor == "dev_macro_f1"
    return "macro_f1" if by_f1 else "accuracy"


def _mapping(loaded: LoadedConfig, search: Search) -> dict[str, Any]:
    """Returns the study that a search is."""
    config = loaded.resolved()
    written = written_settings(replace(loaded, config=config))
    space = space_of(config, search.keys)
    _check_schedules(loaded, space)
    return {
        "study": f"{_PREFIX}{config.name}",
        "seed": config.seed,  # holds out the test texts that `train` holds out
        "fixed": {k: v for k, v in written.items() if k not in ("seed", "name")},
        "scientific": space,
        "reference": {k.rpartition(".")[2]: value_at(config, k) for k in space},
        "sampler": {"kind": _SAMPLER, "cells": search.cells},
        "replication": {"min": 1, "max": search.seeds},
        "metric": search.metric or metric_for(config),
        "winner": {"seeds": 0},
    }


def _check_schedules(loaded: LoadedConfig, space: Mapping[str, Any]) -> None:
    """Refuses what trials can do and, with `training.refit`, the end of a search not.

    Raises:
        ConfigError: A schedule needs dev scores in both trainings.
    """
    schedules = space.get(_SCHEDULE)
    if loaded.config.training.refit and isinstance(schedules, list):
        for schedule in schedules:
            varied_config(loaded, {_SCHEDULE: schedule})


@dataclass(frozen=True)
class _Found:
    """The trials of a search, read back."""

    blueprint: Blueprint
    results: Results
    records: Sequence[Record]

    def leading(self) -> list[Cell]:
        """Returns the cells with the most folds, the best first."""
        sign = 1.0 if self.results.metric in LOWER_IS_BETTER else -1.0
        final = contenders(self.records)
        cells = dict.fromkeys(record.trial.cell for record in final)
        if not cells:
            raise ResourceError(
                "no settings came to their end in time",
                where="--budget",
                fix="allow more time; what is done is kept",
            )
        return sorted(cells, key=lambda cell: sign * self._mean(cell))

    def told(self, folder: Path, target: Path, best: Sequence[Cell]) -> Tuned:
        first = first_cell(self.blueprint)
        judged = {r.trial.cell for r in self.records if r.done}
        known = first is not None and first in judged
        effect = None
        if known and first != best[0]:
            effect = compare_cells(self.results, str(best[0]), str(first))
        others = [cell for cell in best if cell != first]
        return Tuned(
            folder=folder,
            path=target,
            metric=self.results.metric,
            tried=len(judged),
            best=tuple(map(self._standing, others)),
            first=self._standing(first) if known and first is not None else None,
            effect=effect,
        )

    def _standing(self, cell: Cell) -> Standing:
        done = [r for r in self.records if r.trial.cell == cell and r.done]
        settings = self.blueprint.settings(cell)
        return Standing(settings, self._mean(cell), len(done))

    def _mean(self, cell: Cell) -> float:
        own = [r for r in self.records if r.trial.cell == cell]
        found = best_cell(own, self.results.metric)
        return float("nan") if found is None else found[1]
