"""Which cell leads."""

from collections import defaultdict
from collections.abc import Iterable

from textclf.study.design import Cell
from textclf.study.records import Record
from textclf.study.spec import LOWER_IS_BETTER


def contenders(records: Iterable[Record]) -> list[Record]:
    """Returns the trials of the cells that have as many seeds done as any."""
    done: dict[Cell, list[Record]] = defaultdict(list)
    for record in records:
        if record.trial.kind == "trial" and record.done:
            done[record.trial.cell].append(record)
    most = max(map(len, done.values()), default=0)
    return [record for own in done.values() if len(own) == most for record in own]


def best_cell(records: Iterable[Record], metric: str) -> tuple[Cell, float] | None:
    """Returns the cell of the best mean and its mean; None: nothing is done."""
    values: dict[Cell, list[float]] = defaultdict(list)
    for record in records:
        if record.done:
            values[record.trial.cell].append(record.scores[metric])
    if not values:
        return None
    means = {cell: sum(found) / len(found) for cell, found in values.items()}
    sign = -1.0 if metric in LOWER_IS_BETTER else 1.0
    best = max(means, key=lambda cell: sign * means[cell])
    return best, means[best]
