"""Runs the trials of a study: what is wanted and not yet done, until nothing is."""

import re
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from textclf.errors import (
    ConfigError,
    DivergedError,
    ResourceError,
    TextclfError,
)
from textclf.progress import SILENT, Progress
from textclf.study.blueprint import Blueprint
from textclf.study.design import Cell
from textclf.study.folder import LOGS
from textclf.study.identity import code_version, identity_of
from textclf.study.leading import best_cell
from textclf.study.pool import Job, Pool
from textclf.study.records import Kind, Record, Trial
from textclf.study.store import Store
from textclf.study.tuning import Point

TUNING_SEEDS, FRESH_SEEDS = 1_000_000, 2_000_000
"""Where the seeds begin that no comparison uses."""
_ALIKE = 3
_FIX = "; fix: "
"""Between what is wrong and what to do, in the text of an error."""
_FAMILIES: Mapping[str, type[TextclfError]] = {
    "diverged": DivergedError,
    "timeout": ResourceError,
    "memory": ResourceError,
    "killed": ResourceError,
}


class BudgetSpent(Exception):
    """The time of `limits.budget` is over; the study can go on later."""


@dataclass
class Runner:
    """Leads the workers of one study.

    Attributes:
        blueprint: What is to be trained.
        store: What is done.
        pool: Who trains.
        data: The hash of the tables of a section `data`.
        deadline: Moment of the monotonic clock after which no trial begins.
        progress: Who listens.
    """

    blueprint: Blueprint
    store: Store
    pool: Pool
    data: Callable[[Any], str]
    deadline: float | None = None
    progress: Progress = SILENT
    _failed: dict[tuple[str, str], set[Cell]] = field(
        default_factory=lambda: defaultdict(set)
    )
    _retried: set[str] = field(default_factory=set)

    @property
    def compared(self) -> list[Record]:
        """The trials that count: of this code, of any cell."""
        code = code_version()
        own = (record for record in self.store if record.code == code)
        return [record for record in own if record.trial.kind == "trial"]

    def tune(self, cells: Sequence[Cell]) -> dict[Cell, Point]:
        """Chooses the nuisance settings of each cell by dev texts of separate seeds."""
        points, nuisance = self.blueprint.points, self.blueprint.spec.nuisance
        if nuisance is None:
            return dict.fromkeys(cells, {})
        seeds = range(TUNING_SEEDS, TUNING_SEEDS + nuisance.seeds)
        wanted = [
            self.trial("tuning", cell, seed, point)
            for seed in seeds
            for cell in cells
            for point in points
        ]
        self.run(wanted, name="tuning")
        rising = nuisance.select == "dev_accuracy"
        return {cell: self._best(cell, seeds, rising=rising) for cell in cells}

    def compare(
        self,
        cells: Sequence[Cell],
        chosen: Mapping[Cell, Point],
        seeds: Iterable[int],
        *,
        name: str = "trials",
    ) -> None:
        """Trains cells with seeds, round by round; `name` is shown beside the bar."""
        wanted = [
            self.trial("trial", cell, seed, chosen[cell])
            for seed in seeds
            for cell in cells
        ]
        self.run(wanted, name=name)

    def trial(self, kind: Kind, cell: Cell, seed: int, point: Point) -> Trial:
        """Returns the trial of a cell, with its identity."""
        config = self.blueprint.config(cell, point, seed=seed)
        spec = self.blueprint.spec
        split = spec.split.model_dump(mode="json") | {"study_seed": spec.seed}
        identity = identity_of(
            config, kind=kind, seed=seed, split=split, data=self.data(config.data)
        )
        return Trial(kind, cell, seed, point, identity)

    def run(self, wanted: Sequence[Trial], *, name: str) -> None:
        """Trains what is wanted and not done.

        Raises:
            BudgetSpent: The time is over; what ran has come to its end.
            TextclfError: Three different cells failed alike.
        """
        waiting = [self._job(trial) for trial in wanted if self._is_missing(trial)]
        if not waiting:
            return
        done = len(wanted) - len(waiting)
        with self.progress.task(name, len(wanted)) as task:
            task.advance(done, self._note(done, len(wanted)))
            while waiting or self.pool.busy:
                while waiting and self.pool.free and not self._is_late():
                    self.pool.give(waiting)
                if waiting and not self.pool.busy:
                    raise BudgetSpent
                for job, record in self.pool.wait():
                    if self._is_taken(job, record, waiting):
                        done += 1
                        task.advance(1, self._note(done, len(wanted)))

    def mean(self, cell: Cell, seeds: int) -> float | None:
        """Returns the mean score of the first seeds of a cell; None: one is missing."""
        metric = self.blueprint.spec.metric
        own = [r for r in self.compared if r.trial.cell == cell and r.done]
        scores = [r.scores[metric] for r in own if r.trial.seed < seeds]
        return sum(scores) / seeds if len(scores) == seeds else None

    @contextmanager
    def pressed(self, share: float) -> Iterator[None]:
        """Leaves the rest of the time to others; what is over by then just ends."""
        whole = self.deadline
        if whole is not None:
            now = time.monotonic()
            self.deadline = now + share * (whole - now)
        try:
            yield
        except BudgetSpent:
            pass
        finally:
            self.deadline = whole

    def _is_missing(self, trial: Trial) -> bool:
        record = self.store.of(trial)
        return record is None or record.status == "killed"

    def _job(self, trial: Trial) -> Job:
        config = self.blueprint.config(trial.cell, trial.nuisance, seed=trial.seed)
        log = f"{LOGS}/{trial.identity[:16]}.log"
        data = self.data(config.data)
        return Job(trial, config.model_dump(mode="json"), log, data)

    def _is_taken(self, job: Job, record: Record, waiting: list[Job]) -> bool:
        """Keeps a record; False: its process was killed, and it is tried once more."""
        again = record.status == "killed" and job.trial.identity not in self._retried
        if again:
            self._retried.add(job.trial.identity)
            waiting.insert(0, job)
            return False
        self.store.append(replace(record, code=code_version()))
        if not record.done:
            self._count_failure(record)
        return True

    def _count_failure(self, record: Record) -> None:
        self.progress.warn(f"{record.trial}: {record.status}, {record.error}")
        if record.trial.kind == "tuning":  # a rate that is too high is no surprise
            return
        alike = re.sub(r"[0-9]+(\.[0-9]+)?", "#", record.error or "")
        cells = self._failed[record.status, alike]
        cells.add(record.trial.cell)
        if len(cells) >= _ALIKE:
            problem, _, advice = (record.error or "").partition(_FIX)
            raise _FAMILIES.get(record.status, ConfigError)(
                f"{len(cells)} different cells failed alike: {problem}",
                where=f"cell {record.trial.cell}",
                fix=f"{advice}{'; ' * bool(advice)}"
                f"see {self.store.folder / (record.log or '')}; what is done is kept, "
                "and failed trials are trained again by `study rerun`",
            )

    def _is_late(self) -> bool:
        return self.deadline is not None and time.monotonic() > self.deadline

    def _note(self, done: int, total: int) -> str:
        """Says how many trials are done and failed, and which cell leads.

        What is longest comes last: a narrow terminal cuts it off.
        """
        records, parts = self.compared, [f"{done:,} of {total:,}"]
        if failed := sum(not record.done for record in records):
            parts.append(f"failed {failed}")
        if found := best_cell(records, self.blueprint.spec.metric):
            parts.append(f"best {found[1]:.3f} {found[0]}")
        return ", ".join(parts)

    def _best(self, cell: Cell, seeds: range, *, rising: bool) -> Point:
        name = "dev_accuracy" if rising else "dev_loss"
        sign = -1.0 if rising else 1.0
        scored: list[tuple[float, int, Point]] = []
        for point in self.blueprint.points:
            trials = [self.trial("tuning", cell, seed, point) for seed in seeds]
            records = [self.store.of(trial) for trial in trials]
            values = [r.scores[name] for r in records if r is not None and r.done]
            if len(values) == len(trials):
                scored.append((sign * sum(values), len(scored), point))
        if not scored:  # the trials of this cell will tell it, and others go on
            self.progress.warn(
                f"{cell}: no point of the nuisance settings came to its end"
            )
            return self.blueprint.points[0]
        return min(scored)[2]
