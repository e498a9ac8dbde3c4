"""Studies that never ran: frames of trials made up from known effects."""

import itertools
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from textclf.study.design import Cell, Factor
from textclf.study.factors import read_space
from textclf.study.records import Record, Trial
from textclf.study.results import Results, frame_of

DIMS = Factor(
    "dim",
    ("2", "10", "100"),
    (2.0, 10.0, 100.0),
    "2",
    {level: {"embedding.dim": int(level)} for level in ("2", "10", "100")},
)
DROPOUTS = read_space(
    {"dropout": {"none": {}, "word": {"regularisation.word_dropout": 0.3}}},
    reference={},
).factors[0]
Score = Callable[[Mapping[str, str], int, np.random.Generator], float]


def record(
    levels: Mapping[str, str], seed: int, accuracy: float | None, **facts: Any
) -> Record:
    """A trial that came to its end, or failed where there is no accuracy."""
    trial = Trial("trial", Cell.of(levels), seed, {}, f"{sorted(levels.items())}{seed}")
    if accuracy is None:
        return Record(trial, "raised", error=facts.get("error", "boom"), log="logs/x")
    scores = {
        "accuracy": accuracy,
        "macro_f1": accuracy,
        "log_loss": 1 - accuracy,
        "brier": (1 - accuracy) / 2,
        "ece": 0.05,
        "dev_accuracy": accuracy,
        "dev_loss": 1 - accuracy,
        "train_accuracy": min(accuracy + 0.1, 1.0),
    }
    point = {"train_loss": 0.5, "train_accuracy": accuracy, "dev_loss": 0.6}
    curve = tuple(
        {"epoch": n, **point, "dev_accuracy": accuracy, "dev_macro_f1": accuracy}
        for n in (1, 2, 3)
    )
    dim = float(levels.get("dim", "10"))
    return Record(
        trial,
        "done",
        scores=scores,
        curve=curve,
        parameters=int(1000 * dim),
        latency_ms={"p50": 0.2 + dim / 1000, "p95": 0.4 + dim / 1000},
        cpu_seconds=1.0,
        wall_seconds=1.0,
        peak_mb=500.0,
    )


def results(
    score: Score,
    *,
    factors: Sequence[Factor] = (DIMS, DROPOUTS),
    seeds: int = 10,
    lost: Sequence[tuple[str, int]] = (),
    **facts: Any,
) -> Results:
    """A study whose accuracies `score` gives; `lost` trials failed."""
    rng = np.random.default_rng(5)
    names = [factor.name for factor in factors]
    records = []
    for levels in itertools.product(*(factor.levels for factor in factors)):
        cell = dict(zip(names, levels, strict=True))
        for seed in range(seeds):
            failed = (str(Cell.of(cell)), seed) in lost
            accuracy = None if failed else score(cell, seed, rng)
            records.append(record(cell, seed, accuracy))
    plain: dict[str, Any] = {
        "name": "made-up",
        "metric": "accuracy",
        "rope": 0.5,
        "overlap": 0.0,
        "spec": {"sampler": {"kind": "grid"}, "fixed": {"data": {"dataset": "mr"}}},
        "environment": {"python": "3"},
        "command": "python -m textclf study run --config s.yaml",
        "data": {"name": "mr", "texts": 100, "labels": ["a", "b"], "test_texts": 0},
    }
    return Results(
        factors=tuple(factors), frame=frame_of(records, factors), **(plain | facts)
    )


def noisy(effect: Mapping[str, float], *, sd: float = 0.004) -> Score:
    """Accuracy 0.75, a seed's own luck, what levels add, and noise."""

    def score(cell: Mapping[str, str], seed: int, rng: np.random.Generator) -> float:
        luck = 0.01 * np.sin(seed)
        added = sum(effect.get(f"{name}={level}", 0.0) for name, level in cell.items())
        return float(0.75 + luck + added + sd * rng.standard_normal())

    return score


def frame_without(frame: pd.DataFrame, rows: np.ndarray) -> pd.DataFrame:
    """The frame without some rows, and the others in another order."""
    kept = frame.drop(index=rows)
    return kept.sample(frac=1, random_state=1).reset_index(drop=True)
