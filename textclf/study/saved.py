"""A study read back from its folder, without its data."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from textclf.config.yaml12 import read_value
from textclf.study.design import Cell, Factor
from textclf.study.factors import drawn_factor
from textclf.study.folder import StudyFolder
from textclf.study.leading import best_cell, contenders
from textclf.study.records import Record
from textclf.study.results import Results, frame_of
from textclf.study.store import Store
from textclf.study.tuning import at_edge


def results_of(folder: Path) -> Results:
    """Returns what a study has found so far.

    Records of code that has changed since do not count: they are trained again when the
    study goes on.

    Raises:
        ArtefactError: The folder holds no study, or its store is damaged.
    """
    facts, records = StudyFolder(folder).facts(), records_of(folder)
    trials = [record for record in records if record.trial.kind == "trial"]
    factors = tuple(_trained(f, trials) for f in factors_of(facts, trials))
    spec = facts["spec"]
    return Results(
        name=spec["study"],
        factors=factors,
        frame=frame_of(trials, factors),
        metric=spec["metric"],
        rope=spec["rope"],
        overlap=facts["overlap"],
        spec=spec,
        environment=facts["environment"],
        command=facts["command"],
        winner=_winner(records, spec["metric"]),
        nuisance=_nuisance(trials, facts["points"]),
        floor=StudyFolder(folder).floor(),
        data=facts["data"],
        planned=_planned(facts),
    )


def _planned(facts: Mapping[str, Any]) -> int:
    spec = facts["spec"]
    cells = len(facts["cells"]) or spec["sampler"]["cells"]
    return int(cells * spec["replication"]["min"])


def records_of(folder: Path) -> list[Record]:
    """Returns the records that count: of this code, the last of each cell and seed."""
    code = StudyFolder(folder).facts()["environment"]["code"]
    counting = {}
    for record in Store.open(folder):
        if record.code == code:
            trial = record.trial
            point = str(trial.nuisance) if trial.kind == "tuning" else ""
            counting[trial.kind, trial.cell, trial.seed, point] = record
    return list(counting.values())


def factors_of(
    facts: Mapping[str, Any], trials: Sequence[Record]
) -> tuple[Factor, ...]:
    """Returns the factors; those of a range have the levels that were drawn."""
    factors = []
    for value in facts["factors"]:
        factor = Factor.from_json(value)
        if not factor.levels:
            drawn = {record.trial.cell[factor.name] for record in trials}
            numbers = sorted(read_value(level, where=factor.name) for level in drawn)
            if drawn:
                form = factor.drawn
                factor = drawn_factor(factor.name, factor.name, numbers, form=form)
        factors.append(factor)
    return tuple(factors)


def _trained(factor: Factor, trials: Sequence[Record]) -> Factor:
    """Leaves out the levels that no trial has, e.g. because of constraints."""
    levels = {record.trial.cell[factor.name] for record in trials}
    return factor.only(levels) if levels else factor


def _nuisance(
    trials: Sequence[Record], points: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    chosen = {str(r.trial.cell): r.trial.nuisance for r in trials if r.trial.nuisance}
    return {
        cell: {**point, "at_edge": at_edge(point, points)}
        for cell, point in chosen.items()
    }


def _winner(records: Sequence[Record], metric: str) -> dict[str, Any] | None:
    """Summarises the best cell's fresh seeds, and its test score, if taken."""
    best = best_cell(contenders(records), metric)
    if best is None:
        return None
    cell = best[0]
    fresh = [r for r in records if r.trial.kind == "winner" and r.done]
    values = [r.scores[metric] for r in fresh if r.trial.cell == cell]
    if not values:
        return None
    tested = [r for r in records if r.trial.kind == "test" and r.done]
    found: dict[str, Any] = {
        "cell": str(cell),
        "seeds": len(values),
        "mean": sum(values) / len(values),
        "low": min(values),
        "high": max(values),
    }
    return found | _tested(tested, cell, metric)


def _tested(records: Sequence[Record], cell: Cell, metric: str) -> dict[str, Any]:
    scores = [r.scores[metric] for r in records if r.trial.cell == cell]
    if not scores:
        return {"test_mean": None, "test_n": None}
    return {"test_mean": sum(scores) / len(scores), "test_n": len(scores)}
