"""One stretch of work on a study: from its first missing trial to its winner."""

import shlex
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from textclf import machine
from textclf.assessment import fit_floor
from textclf.config.schema import DataConfig
from textclf.data.named import Places, open_sources
from textclf.errors import printable
from textclf.files import locked, remove_orphans, write_json
from textclf.progress import Progress
from textclf.study.blueprint import Blueprint
from textclf.study.design import Cell
from textclf.study.folder import FLOOR, LOCK, REPORT, SHELF, StudyFolder
from textclf.study.folds import Folds
from textclf.study.identity import code_version
from textclf.study.leading import best_cell, contenders
from textclf.study.plan import Plan, sizes_of, spread
from textclf.study.pool import Facts, Pool
from textclf.study.reading import WrittenStudy
from textclf.study.recent import Recent
from textclf.study.records import Record
from textclf.study.runner import FRESH_SEEDS, BudgetSpent, Runner
from textclf.study.saved import records_of, results_of
from textclf.study.search import check_installed, search
from textclf.study.spec import SEARCHES
from textclf.study.stopping import is_precise
from textclf.study.store import Store
from textclf.study.tuning import Point

_FLOOR_METRICS = ("accuracy", "macro_f1")
_FLOOR_SEEDS = 3


def outdated(records: Iterable[Record]) -> int:
    """Counts the trials that other code has trained, and this code not yet."""
    versions: dict[object, set[bool]] = defaultdict(set)
    for record in records:
        trial = record.trial
        versions[trial.kind, trial.cell, trial.seed].add(record.code == code_version())
    return sum(found == {False} for found in versions.values())


@dataclass
class Lead:
    """One stretch of work on a study."""

    written: WrittenStudy
    places: Places
    path: Path
    workers: int
    progress: Progress

    def __post_init__(self) -> None:
        self.spec = self.written.spec
        self.blueprint = Blueprint.of(self.written)
        self._folds: Recent[Folds] = Recent(2)

    def run(self, *, deadline: float | None) -> None:
        check_installed(self.spec.sampler.kind)
        self._tell()
        folder, facts = StudyFolder(self.path), self._facts()
        folder.check(facts)
        with locked(self.path / LOCK), self._pool() as pool:
            for place in (self.path, self.path / SHELF, self.path / REPORT):
                if place.is_dir():
                    remove_orphans(place)
            folder.write(facts)
            store = Store.open(self.path)
            runner = Runner(
                self.blueprint, store, pool, self._digest, deadline, self.progress
            )
            if stale := outdated(store):
                self.progress.say(
                    f"{stale:,} trials were trained by another version of the code or "
                    "of a package: they are trained again"
                )
            if not any(record.code == code_version() for record in store):
                self._check(pool)
            try:
                chosen = self._compare(runner)
                self._judge_floor()
                self._crown(runner, chosen)
            except BudgetSpent:
                self.progress.say("the budget is spent; run it again to go on")

    def plan(self) -> Plan:
        """Trains the smallest, a middle and the largest cell, and reckons from them."""
        self._tell()
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

    def _tell(self) -> None:
        if self.blueprint.refits:
            self.progress.say("trials train once: training.refit is left out")

    def _compare(self, runner: Runner) -> Mapping[Cell, Point]:
        """Trains all cells until there are seeds enough."""
        if self.spec.sampler.kind in SEARCHES:
            return search(runner)
        cells, replication = self.blueprint.cells, self.spec.replication
        chosen = runner.tune(cells)
        runner.compare(cells, chosen, range(replication.min))
        for seed in range(replication.min, replication.most):
            if replication.stop_when and self._is_precise(seed):
                break
            runner.compare(cells, chosen, range(seed + 1))
        return chosen

    def _is_precise(self, seeds: int) -> bool:
        """Asks the stop rule, as if no trial of later seeds were there.

        An interrupted study may have some of them, and has to stop where one without
        interruption does.
        """
        results, stop = results_of(self.path), self.spec.replication.stop_when
        frame = results.frame[results.frame["seed"] < seeds]
        return stop is not None and is_precise(
            replace(results, frame=frame), stop.half_width
        )

    def _crown(self, runner: Runner, chosen: Mapping[Cell, Point]) -> None:
        """Trains the best cell on fresh seeds, and judges it by the test texts once."""
        best = best_cell(contenders(records_of(self.path)), self.spec.metric)
        if best is None or best[0] not in chosen or not self.spec.winner.seeds:
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

    def _judge_floor(self) -> None:
        """Scores a linear model on the folds of the first seeds, once."""
        path, metric = self.path / FLOOR, self.spec.metric
        if metric not in _FLOOR_METRICS or path.exists():
            return
        config = self.blueprint.config(self.blueprint.example, self.blueprint.points[0])
        folds, scores = self._folded(config.data), []
        for seed in range(min(_FLOOR_SEEDS, self.spec.replication.min)):
            splits = folds.of(seed).splits
            floor = fit_floor(splits.train, seed=seed, progress=self.progress)
            if splits.test is not None:
                scored = floor.score(splits.test.texts, splits.test.targets)
                scores.append(scored["linear"][metric])
        write_json(path, {"seeds": len(scores), "mean": sum(scores) / len(scores)})

    def _check(self, pool: Pool) -> None:
        """Builds the model of every cell once, before hours are spent."""
        cells, points = self.blueprint.cells, self.blueprint.points
        if not cells:
            return
        with self.progress.task("building each cell once", len(cells)) as task:
            for cell in cells:
                config = self.blueprint.config(cell, points[0]).model_dump(mode="json")
                pool.check(config, where=f"cell {cell}")
                task.advance()

    def _pool(self) -> Pool:
        limits, written = self.spec.limits, self.places
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
        tables = open_sources(data, self.places)
        return Folds(data, tables, split=self.spec.split, seed=self.spec.seed)

    def _digest(self, data: DataConfig) -> str:
        return self._folded(data).digest

    def _facts(self) -> dict[str, Any]:
        blueprint, path = self.blueprint, self.written.path
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
        file = self.written.path
        if file is None:
            return "Study.of(spec).run()"
        words = ["python", "-m", "textclf", "study", "run", "--config", str(file)]
        if self.places.data_dir is not None:
            words += ["--data-dir", str(self.places.data_dir)]
        return printable(shlex.join(words))
