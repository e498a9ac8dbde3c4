"""Searches for the best cell: Optuna proposes, the store of the study remembers.

A search goes where scores are high, so its trials tell nothing of effects. It proposes
a few cells at a time and hears their scores before the next; the same proposals come
again when a study goes on, and what is done is not done again.
"""

from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from textclf.errors import ConfigError
from textclf.study.design import Cell, Factor
from textclf.study.factors import Range
from textclf.study.leading import best_cell
from textclf.study.runner import Runner
from textclf.study.spec import LOWER_IS_BETTER, SEARCHES
from textclf.study.tuning import Point

if TYPE_CHECKING:
    import optuna

_AT_ONCE = 4
_PATIENCE = 20
"""Proposals, per cell that is wanted, after which a space counts as used up."""


def search(runner: Runner) -> dict[Cell, Point]:
    """Trains what a sampler proposes; returns the nuisance settings of each cell."""
    spec = runner.blueprint.spec
    wanted = spec.sampler.cells or 1
    study = _study(spec.sampler.kind, seed=spec.seed, metric=spec.metric)
    chosen: dict[Cell, Point] = {}
    for _ in range(_PATIENCE * wanted):
        if len(chosen) >= wanted:
            break
        asked = _proposals(study, runner, min(_AT_ONCE, wanted - len(chosen)))
        new = [cell for _, cell in asked if cell is not None and cell not in chosen]
        cells = list(dict.fromkeys(new))
        chosen |= runner.tune(cells)
        runner.compare(cells, chosen, range(spec.replication.min))
        for trial, cell in asked:
            _tell(study, trial, None if cell is None else _mean(runner, cell))
    return chosen


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
    """Asks for cells; None for one that constraints forbid."""
    blueprint, asked = runner.blueprint, []
    for _ in range(count):
        trial = study.ask()
        levels = {
            factor.name: _suggested(trial, factor, blueprint.ranges.get(factor.name))
            for factor in blueprint.factors
        }
        cell = Cell.of(levels)
        asked.append((trial, cell if blueprint.obeys(cell) else None))
    return asked


def _suggested(trial: "optuna.trial.Trial", factor: Factor, span: Range | None) -> str:
    if span is None:
        return str(trial.suggest_categorical(factor.name, list(factor.levels)))
    if span.whole:
        low, high = int(span.low), int(span.high)
        return str(trial.suggest_int(factor.name, low, high, log=span.log))
    value = trial.suggest_float(factor.name, span.low, span.high, log=span.log)
    return f"{value:.6g}"


def _mean(runner: Runner, cell: Cell) -> float | None:
    seeds = range(runner.blueprint.spec.replication.min)
    records = (r for r in runner.compared if r.trial.seed in seeds)
    own = [record for record in records if record.trial.cell == cell]
    found = best_cell(own, runner.blueprint.spec.metric)
    return None if found is None else found[1]


def _tell(
    study: "optuna.Study", trial: "optuna.trial.Trial", score: float | None
) -> None:
    import optuna

    if score is None:
        study.tell(trial, state=optuna.trial.TrialState.FAIL)
    else:
        study.tell(trial, score)
