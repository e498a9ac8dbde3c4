"""The answers a run kept of its dev and test texts."""

import json
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from textclf.data.labels import Labels
from textclf.errors import ArtefactError, DataError
from textclf.evaluation.decision import Decision
from textclf.evaluation.metrics import checked_targets
from textclf.evaluation.predictions import FLAGS, Predictions
from textclf.run import Run


@dataclass(frozen=True, eq=False)
class Answers:
    """What the model said of n texts, and what is true.

    Attributes:
        predictions: The answers, row for row.
        truth: int64[n] label ids, or bool[n, k] label sets.
    """

    predictions: Predictions
    truth: npt.NDArray[Any]


def read_answers(
    run: Run, split: str, *, labels: Labels, decision: Decision
) -> Answers | None:
    """Reads the answers to a split; None where the run kept none.

    Args:
        run: A finished run.
        split: `dev` or `test`.
        labels: Those of its model.
        decision: How its probabilities became answers.

    Raises:
        ArtefactError: The file holds something else.
    """
    path = run.folder / f"predictions-{split}.jsonl"
    if not path.is_file():
        return None
    with path.open(encoding="utf-8") as lines:
        try:
            return _answers([json.loads(line) for line in lines], labels, decision)
        except (ValueError, KeyError, TypeError, DataError) as fault:
            raise ArtefactError("got no answers", where=str(path)) from fault


def _answers(rows: list[dict[str, Any]], labels: Labels, decision: Decision) -> Answers:
    n, k = len(rows), len(labels)
    truth = checked_targets(
        labels.encode([row["truth"] for row in rows]), n=n, k=k, task=labels.task
    )
    likely = [[row["probabilities"][name] for name in labels.names] for row in rows]
    flags = {name: np.array([row["flags"][name] for row in rows]) for name in FLAGS}
    predictions = Predictions(
        labels.names,
        labels.task,
        np.array(likely, dtype=np.float64),
        **flags,
        decision=decision,
    )
    return Answers(predictions, truth)
