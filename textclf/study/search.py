"""Searches for the best cell: Optuna proposes, the store of the study remembers.

A search goes where scores are high, so its trials tell nothing of effects. It proposes
a few cells at a time and hears their scores before the next; the same proposals come
again when a study goes on, and what is done is not done again.
"""

from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from textclf.errors import ConfigError
from textclf.study.blueprint import Blueprint
from textclf.study.design import Cell, Factor
from textclf.study.factors import Range
from textclf.study.runner import Runner
from textclf.study.spec import LOWER_IS_BETTER, SEARCHES
from textclf.study.tuning import Point

if TYPE_CHECKING:
    import optuna

_AT_ONCE = 4
_SEARCHING = 0.6
"""Of a budget, for proposals; the rest is for more seeds of the cells that lead."""
_THIRD, _LEAST = 3, 3
"""Cells are cut to a third, and to no fewer than so many."""
_PATIENCE = 20
"""Proposals, per cell that is wanted, after which a space counts as used up."""


def search(runner: Runner) -> dict[Cell, Point]:
    """Trains what a sampler proposes; returns the nuisance settings of each cell.

    Where `replication.max` asks for more seeds than `min`, the cells that lead get
    them, a third of the cells at a time (successive halving, Jamieson and Talwalkar
    2016, with seeds for the resource); a part of the budget is kept for that.
    """
    chosen: dict[Cell, Point] = {}
    if not runner.blueprint.spec.replication.widens:
        _propose(runner, chosen)
        return chosen
    with runner.pressed(_SEARCHING):
        _propose(runner, chosen)
    _race(runner, chosen)
    return chosen


def first_cell(blueprint: Blueprint) -> Cell | None:
    """Returns the cell of `reference`, which is proposed first; None: none is named."""
    named, spans = blueprint.spec.reference, blueprint.ranges
    if not named or not spans.keys() <= named.keys():
        return None
    return Cell.of(
        {
            factor.name: _level(spans[factor.name], named[factor.name])
            if factor.name in spans
            else factor.reference
            for factor in blueprint.factors
        }
    )


def _propose(runner: Runner, chosen: dict[Cell, Point]) -> None:
    """Asks for cells and trains them, until there are as many as are wanted."""
    spec = runner.blueprint.spec
    wanted = spec.sampler.cells or 1
    study = _study(spec.sampler.kind, seed=spec.seed, metric=spec.metric)
    _enqueue(study, runner.blueprint)
    for _ in range(_PATIENCE * wanted):
        if len(chosen) >= wanted:
            break
        asked = _proposals(study, runner, min(_AT_ONCE, wanted - len(chosen)))
        new = [cell for _, cell in asked if cell is not None and cell not in chosen]
        cells = list(dict.fromkeys(new))
        chosen |= runner.tune(cells)
        first = len(chosen) - len(cells) + 1
        runner.compare(
            cells,
            chosen,
            range(spec.replication.min),
            name=f"settings {first} to {len(chosen)}",
        )
        for trial, cell in asked:
            score = None if cell is None else runner.mean(cell, spec.replication.min)
            _tell(study, trial, score)


def _race(runner: Runner, chosen: Mapping[Cell, Point]) -> None:
    """Gives three times the seeds to the better third, again and again."""
    spec, first = runner.blueprint.spec, first_cell(runner.blueprint)
    seeds, left = spec.replication.min, list(chosen)
    while seeds < spec.replication.most:
        left = _better(runner, left, seeds)
        seeds = min(_THIRD * seeds, spec.replication.most)
        kept = [first] if first in chosen and first not in left else []
        cells = [*left, *filter(None, kept)]
        runner.compare(
            cells, chosen, range(seeds), name=f"{len(cells)} of them by {seeds} folds"
        )


def _better(runner: Runner, cells: Sequence[Cell], seeds: int) -> list[Cell]:
    """Returns the third with the best means, the best first."""
    means = {cell: runner.mean(cell, seeds) for cell in cells}
    sign = 1.0 if runner.blueprint.spec.metric in LOWER_IS_BETTER else -1.0
    scored = [(sign * mean, cell) for cell, mean in means.items() if mean is not None]
    ranked = [cell for _, cell in sorted(scored, key=lambda pair: pair[0])]
    return ranked[: max(-(-len(ranked) // _THIRD), _LEAST)]


def _enqueue(study: "optuna.Study", blueprint: Blueprint) -> None:
    """Lets the cell of `reference` come first."""
    first = first_cell(blueprint)
    if first is not None:
        drawn = {name: blueprint.spec.reference[name] for name in blueprint.ranges}
        study.enqueue_trial(first.mapping() | drawn)


def check_installed(kind: str) -> None:
    """Refuses a sampler whose packages are not there, before anything is begun.

    Raises:
        ConfigError: What is missing, and how to have it.
    """
    if kind in SEARCHES and find_spec("optuna") is None:
        raise ConfigError(
            f"sampler {kind} needs Optuna, which is not installed",
            where="sampler.kind",
            fix="pip install 'textclf[search]'",
        )
    if kind == "gp" and find_spec("torch") is None:
        raise ConfigError(
            "sampler gp needs PyTorch, which is not installed",
            where="sampler.kind",
            fix="pip install torch, or set sampler.kind to tpe",
        )


def _study(kind: str, *, seed: int, metric: str) -> "optuna.Study":
    import optuna

    optuna.logging.set_verbosity(optuna.logging.ERROR)
    samplers: dict[str, Any] = {
        "tpe": lambda: optuna.samplers.TPESampler(seed=seed),
        "gp": lambda: optuna.samplers.GPSampler(seed=seed),
    }
    directions = optuna.study.StudyDirection
    falling = metric in LOWER_IS_BETTER
    return optuna.create_study(
        direction=directions.MINIMIZE if falling else directions.MAXIMIZE,
        sampler=samplers[kind](),
    )


def _proposals(
    study: "optuna.Study", runner: Runner, count: int
) -> list[tuple["optuna.trial.Trial", Cell | None]]:
    """Asks for cells; None for one that constraints or its settings forbid."""
    blueprint, asked = runner.blueprint, []
    for _ in range(count):
        trial = study.ask()
        levels = {
            factor.name: _suggested(trial, factor, blueprint.ranges.get(factor.name))
            for factor in blueprint.factors
        }
        cell = Cell.of(levels)
        asked.append((trial, cell if _is_possible(blueprint, cell) else None))
    return asked


def _is_possible(blueprint: Blueprint, cell: Cell) -> bool:
    if not blueprint.obeys(cell):
        return False
    try:
        blueprint.config(cell, blueprint.points[0])
    except ConfigError:
        return False
    return True


def _suggested(trial: "optuna.trial.Trial", factor: Factor, span: Range | None) -> str:
    if span is None:
        return str(trial.suggest_categorical(factor.name, list(factor.levels)))
    if span.whole:
        low, high = int(span.low), int(span.high)
        return _level(span, trial.suggest_int(factor.name, low, high, log=span.log))
    drawn = trial.suggest_float(factor.name, span.low, span.high, log=span.log)
    return _level(span, drawn)


def _level(span: Range, value: float) -> str:
    return str(int(value)) if span.whole else f"{value:.6g}"


def _tell(
    study: "optuna.Study", trial: "optuna.trial.Trial", score: float | None
) -> None:
    import optuna

    if score is None:
        study.tell(trial, state=optuna.trial.TrialState.FAIL)
    else:
        study.tell(trial, score)
