"""What a study will cost, before it is run."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from textclf.errors import DivergedError
from textclf.study.blueprint import Blueprint
from textclf.study.design import Cell, grid_size
from textclf.study.folds import Folds
from textclf.study.fractional import effects_matrix, fractional, lost
from textclf.study.records import Record
from textclf.study.spec import SEARCHES
from textclf.text.encoder import TextEncoder
from textclf.training.prepare import spec_of

_TRIED = 3


@dataclass(frozen=True)
class Plan:
    """The size of a study and what it will take.

    Attributes:
        cells: How many cells.
        grid: How many the whole grid has.
        seeds: Least and most seeds of a cell.
        tuning: Trials that tune nuisance settings.
        trials: Least and most trials that are compared.
        after: Trials of the winner.
        texts: Texts of the training table.
        parameters: Of the smallest and the largest cell.
        trial_seconds: A trial of the cheapest and the dearest cell, compiled.
        minutes: Least and most wall time.
        memory_mb: Of all workers together.
        workers: How many.
        smaller: What a fractional design would take and lose, in plain lines.
    """

    cells: int
    grid: int
    seeds: tuple[int, int]
    tuning: int
    trials: tuple[int, int]
    after: int
    texts: int
    parameters: tuple[int, int]
    trial_seconds: tuple[float, float]
    minutes: tuple[float, float]
    memory_mb: float
    workers: int
    smaller: tuple[str, ...]

    @classmethod
    def of(
        cls,
        blueprint: Blueprint,
        sizes: Mapping[Cell, int],
        records: Sequence[Record],
        *,
        workers: int,
        texts: int,
    ) -> "Plan":
        """Reckons from trials of a few cells; cost follows the number of parameters.

        Args:
            blueprint: The design.
            sizes: Parameters of each cell.
            records: Two trials of each cell that was tried, the first one compiling.
            workers: Processes that will train.
            texts: Texts of the training table.

        Raises:
            DivergedError: None of the trials came to its end.
        """
        spec = blueprint.spec
        first, later = _seconds(records, sizes)
        replication, count = spec.replication, spec.sampler.cells
        cells = len(blueprint.cells) or int(count or 1)
        nuisance = spec.nuisance
        tuning = cells * len(blueprint.points) * nuisance.seeds if nuisance else 0
        after = 2 * spec.winner.seeds
        mean, start = (
            float(np.mean(list(later.values()))),
            float(np.mean(list(first.values()))),
        )
        compiling = cells * max(start - mean, 0.0)
        trials = (cells * replication.min, cells * replication.most)
        minutes = [
            (compiling + mean * (n + tuning + after)) / workers / 60 for n in trials
        ]
        return cls(
            cells=cells,
            grid=grid_size(blueprint.factors),
            seeds=(replication.min, replication.most),
            tuning=tuning,
            trials=trials,
            after=after,
            texts=texts,
            parameters=(min(sizes.values()), max(sizes.values())),
            trial_seconds=(min(later.values()), max(later.values())),
            minutes=(minutes[0], minutes[1]),
            memory_mb=workers * max(r.peak_mb or 0.0 for r in records),
            workers=workers,
            smaller=_smaller(blueprint),
        )

    def to_lines(self) -> list[str]:
        """Says it for people."""
        low, high = self.trials
        most = f" to {high:,}" if high > low else ""
        fast, slow = self.trial_seconds
        lines = [
            f"cells       {self.cells:,} of a grid of {self.grid:,}",
            f"trials      {low:,}{most} ({_span(*self.seeds)} seeds a cell)"
            + (f", {self.tuning:,} to tune before" if self.tuning else "")
            + (f", {self.after} of the winner after" if self.after else ""),
            f"data        {self.texts:,} texts",
            f"parameters  {_span(*self.parameters)}",
            f"a trial     {fast:.1f} to {slow:.1f} s",
            f"time        about {self.minutes[0]:.1f}"
            + (f" to {self.minutes[1]:.1f}" if high > low else "")
            + f" minutes with {self.workers} worker{'s' * (self.workers > 1)}",
            f"memory      about {self.memory_mb:,.0f} MB",
        ]
        return lines + [f"smaller     {line}" for line in self.smaller]

    def to_json(self) -> dict[str, Any]:
        """Returns the plan as a mapping."""
        from dataclasses import asdict

        return asdict(self)


def sizes_of(
    blueprint: Blueprint, cells: Sequence[Cell], folds: Folds
) -> dict[Cell, int]:
    """Returns the parameters of each cell, without building its model."""
    train, encoders, sizes = folds.of(0).splits.train, {}, {}
    for cell in cells:
        config = blueprint.config(cell, blueprint.points[0])
        key = config.text.model_dump_json()
        if key not in encoders:
            encoders[key] = TextEncoder.fit(train.texts, config.text)
        sizes[cell] = spec_of(config, encoders[key], folds.labels).parameters()
    return sizes


def spread(cells: Sequence[Cell], sizes: Mapping[Cell, int]) -> list[Cell]:
    """Returns the smallest cell, a middle one, and the largest."""
    ordered = sorted(cells, key=lambda cell: sizes[cell])
    places = np.linspace(0, len(ordered) - 1, min(_TRIED, len(ordered)))
    return [ordered[round(place)] for place in places]


def _seconds(
    records: Sequence[Record], sizes: Mapping[Cell, int]
) -> tuple[dict[Cell, float], dict[Cell, float]]:
    """Returns seconds of a trial of every cell: compiling first, and compiled."""
    both = []
    for wanted in (0, 1):
        timed = {
            sizes[r.trial.cell]: float(r.wall_seconds or 0.0)
            for r in records
            if r.done and r.trial.seed == wanted
        }
        if not timed:
            failed = next(iter(records))
            raise DivergedError(
                f"none of the cells that were tried came to its end: {failed.error}",
                where=f"cell {failed.trial.cell}",
            )
        known = sorted(timed)
        seconds = [timed[size] for size in known]
        both.append({c: float(np.interp(n, known, seconds)) for c, n in sizes.items()})
    return both[0], both[1]


def _smaller(blueprint: Blueprint) -> tuple[str, ...]:
    """Says what a fractional design would save and lose, if it were smaller."""
    spec, cells = blueprint.spec, blueprint.cells
    if spec.sampler.kind in SEARCHES or len(blueprint.factors) < 2 or not cells:
        return ()
    if spec.sampler.kind == "fractional":
        return tuple(lost(blueprint.factors, cells, grid_size(blueprint.factors)))
    rank = np.linalg.matrix_rank(effects_matrix(blueprint.factors, cells))
    if spec.sampler.kind != "grid" or 1.25 * rank >= len(cells):
        return ()
    rng = np.random.default_rng(spec.seed)
    part = fractional(blueprint.factors, cells, cells=None, rng=rng)
    first, *others = lost(blueprint.factors, part, len(cells))
    return (f"sampler: fractional would train {first}", *others)


def _span(low: float, high: float) -> str:
    return f"{low:,}" if low == high else f"{low:,} to {high:,}"
