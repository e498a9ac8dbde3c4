"""A study from Python: run it, go on with it, look at what it found."""

import os
import shlex
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from textclf import machine
from textclf.config.schema import DataConfig
from textclf.data.named import Places, open_sources
from textclf.errors import ConfigError
from textclf.files import locked, remove_orphans
from textclf.progress import SILENT, Progress
from textclf.study.blueprint import SEARCHES, Blueprint
from textclf.study.design import Cell, matching
from textclf.study.folder import LOCK, StudyFolder
from textclf.study.folds import Folds
from textclf.study.identity import code_version
from textclf.study.plan import Plan, sizes_of, spread
from textclf.study.pool import Facts, Pool
from textclf.study.reading import WrittenStudy, read_study, study_from_mapping
from textclf.study.recent import Recent
from textclf.study.results import Results
from textclf.study.runner import FRESH_SEEDS, BudgetSpent, Runner, best_cell
from textclf.study.saved import factors_of, results_of
from textclf.study.search import search
from textclf.study.stopping import is_precise
from textclf.study.store import Store
from textclf.study.tuning import Point

_UNITS = {"s": 1, "m": 60, "h": 3600}
STUDIES = Path("studies")


@dataclass(frozen=True, eq=False)
class Study:
    """A study that can be run, here and in any later process.

    Args:
        written: What it is told.
        places: Where data sets are looked for; None: as for `train`.
    """

    written: WrittenStudy
    places: Places = field(default_factory=lambda: Places((Path(),), None, os.environ))

    @classmethod
    def read(cls, path: str | Path) -> "Study":
        """Reads a study file.

        Raises:
            ConfigError: It cannot be read, or a setting is unknown or out of its range.
        """
        path = Path(path)
        places = Places((path.absolute().parent, Path()), None, os.environ)
        return cls(read_study(path), places)

    @classmethod
    def of(cls, spec: Mapping[str, Any]) -> "Study":
        """Takes the same as nested mappings.

        Raises:
            ConfigError: A setting is unknown or out of its range.
        """
        return cls(study_from_mapping(spec))

    @classmethod
    def open(cls, folder: str | Path) -> "Study":
        """Takes up the study that lives in a folder.

        Raises:
            ArtefactError: The folder holds no study.
        """
        facts = StudyFolder(Path(folder)).facts()
        path = Path(facts["file"]) if facts["file"] else None
        spec = study_from_mapping(facts["spec"]).spec
        near = (path.parent,) if path else ()
        return cls(
            WrittenStudy(spec, path, {}), Places((*near, Path()), None, os.environ)
        )

    def run(
        self,
        folder: str | Path | None = None,
        *,
        workers: int | None = None,
        budget: str | None = None,
        progress: Progress = SILENT,
    ) -> Results:
        """Trains what is missing and returns what is known then.

        Args:
            folder: Where the study lives; None: `studies/NAME`.
            workers: Processes; None: `limits.workers`.
            budget: Time after which no trial begins, e.g. `20m`; None: `limits.budget`.
            progress: Who listens.

        Raises:
            ConfigError: A cell cannot be built, or another study is in the folder.
            ResourceError: Another process runs this study, or the disk is full.
            TextclfError: Three different cells failed alike.
        """
        spec = self.written.spec
        path = Path(folder) if folder else STUDIES / spec.study
        began = time.monotonic()
        lead = Lead(self, path, workers or spec.limits.workers, progress)
        limit = seconds_of(budget or spec.limits.budget)
        lead.run(deadline=None if limit is None else began + limit)
        return results_of(path)

    def forget(self, folder: str | Path, cell: str | None = None) -> int:
        """Lets trials be trained again; returns how many.

        Args:
            folder: The study.
            cell: Levels that their cells have, e.g. `dim=50`; None: all that failed.

        Raises:
            ConfigError: A factor or a level is unknown.
            ResourceError: Another process runs the study.
        """
        path = Path(folder)
        with locked(path / LOCK):
            store, facts = Store.open(path), StudyFolder(path).facts()
            trials = [record for record in store if record.trial.kind != "test"]
            wanted = matching(cell, factors_of(facts, trials)) if cell else {}
            chosen = [
                record.trial
                for record in trials
                if wanted.items() <= record.trial.cell.mapping().items()
                and (cell or not record.done)
            ]
            for trial in chosen:
                store.forget(trial)
        return len(chosen)

    def plan(self, *, workers: int | None = None, progress: Progress = SILENT) -> Plan:
        """Works out what is to be trained and, by trying a few cells, what it costs.

        Raises:
            ConfigError: A cell cannot be built.
        """
        spec = self.written.spec
        with tempfile.TemporaryDirectory(prefix="textclf-plan-") as folder:
            lead = Lead(self, Path(folder), workers or spec.limits.workers, progress)
            return lead.plan()


@dataclass
class Lead:
    """One stretch of work on a study."""

    study: Study
    path: Path
    workers: int
    progress: Progress

    def __post_init__(self) -> None:
        self.spec = self.study.written.spec
        self.blueprint = Blueprint.of(self.study.written)
        self._folds: Recent[Folds] = Recent(2)

    def run(self, *, deadline: float | None) -> None:
        folder = StudyFolder(self.path)
        folder.begin(self._facts())
        with locked(self.path / LOCK), self._pool() as pool:
            remove_orphans(self.path)
            store = Store.open(self.path)
            runner = Runner(
                self.blueprint, store, pool, self._digest, deadline, self.progress
            )
            if not len(store):
                self._check(pool)
            try:
                chosen = self._compare(runner)
                self._crown(runner, chosen)
            except BudgetSpent:
                self.progress.say("the budget is spent; run it again to go on")

    def plan(self) -> Plan:
        """Trains the smallest, a middle and the largest cell, and reckons from them."""
        cells = self.blueprint.cells or (self.blueprint.example,)
        point = self.blueprint.points[0]
        config = self.blueprint.config(cells[0], point)
        folds = self._folded(config.data)
        sizes = sizes_of(self.blueprint, cells, folds)
        with self._pool() as pool:
            store = Store.open(self.path)
            runner = Runner(
                self.blueprint, store, pool, self._digest, progress=self.progress
            )
            tried = [runner.trial("trial", c, 0, point) for c in spread(cells, sizes)]
            # Each twice: a cell is compiled once and then trained with many seeds.
            again = [runner.trial("trial", t.cell, 1, point) for t in tried]
            for trial in (*tried, *again):
                runner.run([trial], name="trying cells")
        return Plan.of(
            self.blueprint, sizes, list(store), workers=self.workers, texts=len(folds)
        )

    def _compare(self, runner: Runner) -> Mapping[Cell, Point]:
        """Trains all cells until there are seeds enough."""
        if self.spec.sampler.kind in SEARCHES:
            return search(runner)
        cells, replication = self.blueprint.cells, self.spec.replication
        chosen = runner.tune(cells)
        runner.compare(cells, chosen, range(replication.min))
        for seed in range(replication.min, replication.most):
            if replication.stop_when and is_precise(
                results_of(self.path), replication.stop_when.half_width
            ):
                break
            runner.compare(cells, chosen, range(seed + 1))
        return chosen

    def _crown(self, runner: Runner, chosen: Mapping[Cell, Point]) -> None:
        """Trains the best cell on fresh seeds, and judges it by the test texts once."""
        records = [r for r in runner.store if r.trial.kind == "trial"]
        best = best_cell(records, self.spec.metric)
        if best is None or not self.spec.winner.seeds:
            return
        cell = best[0]
        seeds = range(FRESH_SEEDS, FRESH_SEEDS + self.spec.winner.seeds)
        runner.run(
            [runner.trial("winner", cell, seed, chosen[cell]) for seed in seeds],
            name="winner",
        )
        judged = {r.trial.cell for r in runner.store if r.trial.kind == "test"}
        if judged - {cell}:
            self.progress.warn(
                f"another cell than {cell} was judged by the test texts before, and "
                "they decide once"
            )
            return
        config = self.blueprint.config(cell, chosen[cell])
        if self._folded(config.data).test is not None:
            runner.run(
                [runner.trial("test", cell, seed, chosen[cell]) for seed in seeds],
                name="test",
            )

    def _check(self, pool: Pool) -> None:
        """Builds the model of every cell once, before hours are spent."""
        cells, points = self.blueprint.cells, self.blueprint.points
        if not cells:
            return
        self.progress.say(f"building the models of {len(cells):,} cells once")
        configs = [
            self.blueprint.config(cell, points[0]).model_dump(mode="json")
            for cell in cells
        ]
        fault = pool.check(configs)
        if fault is not None:
            raise ConfigError(f"a cell cannot be built: {fault}", where="scientific")

    def _pool(self) -> Pool:
        limits, written = self.spec.limits, self.study.places
        return Pool(
            Facts(
                folder=self.path.absolute(),
                folders=tuple(folder.absolute() for folder in written.folders),
                data_dir=written.data_dir,
                split=self.spec.split.model_dump(mode="json"),
                seed=self.spec.seed,
                memory_mb=limits.memory_mb,
                minutes=limits.trial_minutes,
            ),
            self.workers,
        )

    def _folded(self, data: DataConfig) -> Folds:
        make = partial(self._divided, data)
        return self._folds.of(data.model_dump_json(), make)

    def _divided(self, data: DataConfig) -> Folds:
        tables = open_sources(data, self.study.places)
        return Folds(data, tables, split=self.spec.split, seed=self.spec.seed)

    def _digest(self, data: DataConfig) -> str:
        return self._folded(data).digest

    def _facts(self) -> dict[str, Any]:
        blueprint, path = self.blueprint, self.study.written.path
        first = blueprint.config(blueprint.example, blueprint.points[0]).data
        folds = self._folded(first)
        return {
            "spec": self.spec.model_dump(mode="json"),
            "file": str(path.absolute()) if path else None,
            "factors": [factor.to_json() for factor in blueprint.factors],
            "cells": [cell.mapping() for cell in blueprint.cells],
            "points": [dict(point) for point in blueprint.points],
            "overlap": folds.overlap,
            "data": {
                "name": first.dataset or Path(str(first.train)).name,
                "sha256": folds.digest,
                "labels": list(folds.labels.names),
                "texts": len(folds),
                "test_texts": len(folds.test) if folds.test else 0,
            },
            "environment": machine.environment() | {"code": code_version()},
            "command": self._command(),
        }

    def _command(self) -> str:
        file = self.study.written.path
        if file is None:
            return "Study.of(spec).run()"
        return f"python -m textclf study run --config {shlex.quote(str(file))}"


def seconds_of(budget: str | None) -> float | None:
    """Returns the seconds of `90s`, `20m` or `2h`.

    Raises:
        ConfigError: It is something else.
    """
    if budget is None:
        return None
    number, unit = budget[:-1], budget[-1:]
    try:
        return float(number) * _UNITS[unit]
    except (KeyError, ValueError) as fault:
        raise ConfigError(
            f"got {budget!r}, expected a number with s, m or h, e.g. 20m",
            where="--budget",
        ) from fault
