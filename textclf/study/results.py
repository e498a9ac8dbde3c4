"""What a study has found so far, as one table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from textclf.study.design import Factor
from textclf.study.records import Record

SCORES = (
    "accuracy",
    "macro_f1",
    "log_loss",
    "brier",
    "ece",
    "dev_accuracy",
    "dev_loss",
    "train_accuracy",
)


COLUMNS = (
    "cell",
    "seed",
    "status",
    "error",
    "log",
    *SCORES,
    "epochs_trained",
    "parameters",
    "megabytes",
    "latency_p50_ms",
    "latency_p95_ms",
    "cpu_seconds",
    "wall_seconds",
    "peak_mb",
    "curve",
)
"""Of `frame_of`, beside the factors."""


@dataclass(frozen=True, eq=False)
class Results:
    """The trials of a study and what it is that was studied.

    Attributes:
        name: Of the study.
        factors: What was varied.
        frame: One row a trial; see `frame_of`.
        metric: What cells are compared by.
        rope: Differences within ± this count as none: points, or units of a loss.
        overlap: Judged texts per text trained on, where seeds share texts; else 0.
        spec: The study as resolved.
        environment: Versions and machine.
        command: What reproduces it.
        winner: The best cell on fresh seeds, if it was trained: `cell`, `seeds`,
            `mean`, `low`, `high`, `test_mean`, `test_n`.
        nuisance: For each cell the settings that were chosen, and `at_edge`.
        floor: The score of a linear baseline on the same folds, if known.
        data: Name, number of texts and labels.
        planned: The trials that are compared in the end, at least.
    """

    name: str
    factors: tuple[Factor, ...]
    frame: pd.DataFrame
    metric: str
    rope: float
    overlap: float
    spec: Mapping[str, Any] = field(default_factory=dict)
    environment: Mapping[str, Any] = field(default_factory=dict)
    command: str = ""
    winner: Mapping[str, Any] | None = None
    nuisance: Mapping[str, Any] = field(default_factory=dict)
    floor: float | None = None
    data: Mapping[str, Any] = field(default_factory=dict)
    planned: int = 0


def frame_of(records: Sequence[Record], factors: Sequence[Factor]) -> pd.DataFrame:
    """Returns one row a trial, in the order of cells and seeds.

    Columns: `cell`, one for each factor, `seed`, `status`, `error`, `log`, the scores
    (NaN where a trial failed), `epochs_trained`, `parameters`, `megabytes`,
    `latency_p50_ms`, `latency_p95_ms`, `cpu_seconds`, `wall_seconds`, `peak_mb`,
    `curve`.
    """
    rows = [_row(record) for record in records]
    names = [factor.name for factor in factors]
    columns = ["cell", *names, *COLUMNS[1:]]
    frame = pd.DataFrame(rows, columns=columns)
    order = {f.name: {n: i for i, n in enumerate(f.levels)} for f in factors}
    ranks = [frame[name].map(order[name]).to_numpy() for name in names]
    return frame.iloc[np.lexsort([frame["seed"], *ranks[::-1]])].reset_index(drop=True)


def _row(record: Record) -> dict[str, Any]:
    trial, parameters = record.trial, record.parameters
    return {
        "cell": str(trial.cell),
        **trial.cell.mapping(),
        "seed": trial.seed,
        "status": record.status,
        "error": record.error,
        "log": record.log,
        **{name: record.scores.get(name, np.nan) for name in SCORES},
        "epochs_trained": len(record.curve),
        "parameters": parameters,
        "megabytes": None if parameters is None else 4e-6 * parameters,
        "latency_p50_ms": record.latency_ms.get("p50", np.nan),
        "latency_p95_ms": record.latency_ms.get("p95", np.nan),
        "cpu_seconds": record.cpu_seconds,
        "wall_seconds": record.wall_seconds,
        "peak_mb": record.peak_mb,
        "curve": list(record.curve),
    }
