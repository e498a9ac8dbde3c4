"""Slices: how well a model does on parts of the texts, and which are clearly worse."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from textclf.errors import printable
from textclf.evaluation.coverage import rightness
from textclf.evaluation.intervals import Interval, drawn_times
from textclf.evaluation.measures import shown, shown_range
from textclf.evaluation.predictions import MULTILABEL, Floats, Predictions
from textclf.evaluation.tables import escaped, markdown_table, text_table, wrapped

BUILT_IN = ("length", "unknown", "truncated", "label")
_MOST_VALUES = 20  # of a column; rarer ones are taken together
_FEW = 20  # texts from which on a slice may be called worse
_SURE = 0.05
_MUCH = 0.1  # share of unknown words

Members = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Group:
    """Some of the texts.

    Attributes:
        name: What they are grouped by.
        value: What they have in common.
        members: bool[n], which they are.
    """

    name: str
    value: str
    members: Members


@dataclass(frozen=True)
class Slice:
    """How well a model does on some of the texts.

    Attributes:
        name: What they are grouped by.
        value: What they have in common.
        n: How many they are.
        score: Their accuracy, or micro F1 of a multi-label task.
        interval: Of the score; None where too few texts give one.
        rest: The score of all others; None where there are none.
        worse: Whether the score is clearly below that of the others: the difference is
            tested by its resamples, and corrected for the number of slices (Holm 1979).
    """

    name: str
    value: str
    n: int
    score: float
    interval: Interval | None
    rest: float | None
    worse: bool

    def to_json(self) -> dict[str, Any]:
        """Returns the slice as a mapping."""
        ends = (
            None if self.interval is None else [self.interval.low, self.interval.high]
        )
        return {
            "slice": self.name,
            "value": self.value,
            "n": self.n,
            "score": self.score,
            "ci95": ends,
            "rest": self.rest,
            "worse": self.worse,
        }


def built_in_groups(
    name: str,
    predictions: Predictions,
    truth: npt.NDArray[Any],
    texts: Sequence[str],
) -> list[Group]:
    """Returns the groups of one of `BUILT_IN`; empty ones are left out."""
    found: Iterator[tuple[str, Members]]
    if name == "length":
        found = _quarters(np.fromiter(map(len, texts), np.int64, len(texts)))
    elif name == "unknown":
        found = _by_unknown(predictions.unknown)
    elif name == "truncated":
        found = iter(
            [
                ("read whole", ~predictions.truncated),
                ("read in part", predictions.truncated),
            ]
        )
    else:
        found = _by_label(predictions, truth)
    return [Group(name, value, own) for value, own in found if own.any()]


def column_groups(
    name: str, cells: Sequence[str], *, value: str | None = None
) -> list[Group]:
    """Returns the groups of a column: of its most frequent values, or of one value."""
    column = np.array(cells, dtype=object)
    if value is not None:
        own = column == value
        return [Group(name, value, own)] if own.any() else []
    values, counts = np.unique(column.astype(str), return_counts=True)
    order = np.argsort(-counts, kind="stable")
    groups = [
        Group(name, str(values[at]) or "(empty)", column == values[at])
        for at in order[:_MOST_VALUES]
    ]
    if len(order) > _MOST_VALUES:
        others = np.isin(column.astype(str), values[order[_MOST_VALUES:]])
        rest = len(order) - _MOST_VALUES
        groups.append(Group(name, f"({rest:,} rarer values)", others))
    return groups


def slices_of(
    predictions: Predictions,
    truth: npt.NDArray[Any],
    groups: Sequence[Group],
    *,
    seed: int,
) -> list[Slice]:
    """Scores groups of n texts by accuracy, or micro F1 of a multi-label task.

    Args:
        predictions: Of the texts.
        truth: Their targets, as `checked_targets` returns them.
        groups: Which texts each slice has.
        seed: Draws the resamples.
    """
    if not groups:
        return []
    shares, whole = _parts(predictions, truth)
    members = np.stack([group.members for group in groups]).astype(np.float64)
    once = np.ones((len(shares), 1))
    scores, rest = (part[:, 0] for part in _scored(members, shares, whole, once))
    drawn = [
        _scored(members, shares, whole, times)
        for times in drawn_times(len(shares), seed=seed, k=len(groups))
    ]
    own, others = (np.concatenate(side, axis=1) for side in zip(*drawn, strict=True))
    sizes = members.sum(axis=1).astype(int)
    worse = _clearly_worse(scores - rest, own - others, sizes, len(shares))
    return [
        Slice(
            group.name,
            group.value,
            int(sizes[at]),
            float(np.nan_to_num(scores[at])),
            Interval.of_share(own[at], int(sizes[at])),
            None if np.isnan(rest[at]) else float(rest[at]),
            bool(worse[at]),
        )
        for at, group in enumerate(groups)
    ]


def slice_lines(slices: Sequence[Slice], task: str, width: int) -> list[str]:
    """Returns the slices as plain text for a terminal."""
    rows = [_head(task), *(_row(part, task, printable) for part in slices)]
    return ["slices", *text_table(rows, width), *wrapped(_told(slices), width)]


def slice_markdown(slices: Sequence[Slice], task: str) -> list[str]:
    """Returns the slices as Markdown."""
    rows = [_head(task), *(_row(part, task, escaped) for part in slices)]
    return ["## Slices", "", *markdown_table(rows), "", _told(slices)]


def _measure(task: str) -> str:
    return "micro_f1" if task == MULTILABEL else "accuracy"


def _head(task: str) -> list[str]:
    name = "micro F1" if task == MULTILABEL else "accuracy"
    return ["slice", "texts", name, "95 %", "others", ""]


def _row(part: Slice, task: str, written: Any) -> list[str]:
    measure = _measure(task)
    return [
        written(f"{part.name}: {part.value}", limit=60),
        f"{part.n:,}",
        shown(measure, part.score),
        shown_range(measure, part.interval) if part.interval else "",
        "" if part.rest is None else shown(measure, part.rest),
        "worse" if part.worse else "",
    ]


def _told(slices: Sequence[Slice]) -> str:
    number = sum(part.worse for part in slices)
    if not number:
        return "No slice is clearly worse than the other texts."
    noun = "slice is" if number == 1 else "slices are"
    return f"{number} {noun} clearly worse than the other texts."


def _parts(predictions: Predictions, truth: npt.NDArray[Any]) -> tuple[Floats, Floats]:
    """Returns two numbers a text; a score is the sum of the one over the other's."""
    if predictions.task != MULTILABEL:
        right = rightness(predictions, truth)
        return right.astype(np.float64), np.ones(len(right))
    chosen, own = predictions.chosen(), truth > 0
    both = 2.0 * (chosen & own).sum(axis=1)
    return both, (chosen.sum(axis=1) + own.sum(axis=1)).astype(np.float64)


def _scored(
    members: Floats, shares: Floats, whole: Floats, times: Floats
) -> tuple[Floats, Floats]:
    """Returns the score of each group and that of the others: [groups, samples]."""
    parts, wholes = times * shares[:, None], times * whole[:, None]
    own, size = members @ parts, members @ wholes
    others, left = parts.sum(axis=0) - own, wholes.sum(axis=0) - size
    return _ratio(own, size), _ratio(others, left)


def _ratio(part: Floats, whole: Floats) -> Floats:
    # Sums of the others are differences, which may miss zero by rounding.
    known = whole > 1e-9
    return np.where(known, np.clip(part / np.where(known, whole, 1.0), 0, 1), np.nan)


def _clearly_worse(
    difference: Floats, drawn: Floats, sizes: npt.NDArray[np.int64], n: int
) -> Members:
    """Tests each difference against 0, and corrects for their number."""
    from scipy.stats import norm

    tested = (np.minimum(sizes, n - sizes) >= _FEW) & ~np.isnan(difference)
    worse = np.zeros(len(difference), dtype=bool)
    rows = np.flatnonzero(tested)
    if not len(rows):
        return worse
    spread = np.maximum(np.nanstd(drawn[rows], axis=1), 1e-12)
    p_values = 2.0 * norm.sf(np.abs(difference[rows]) / spread)
    order = np.argsort(p_values, kind="stable")
    steps = p_values[order] * np.arange(len(rows), 0, -1)
    sure = rows[order[np.maximum.accumulate(steps) < _SURE]]
    worse[sure] = difference[sure] < 0
    return worse


def _quarters(lengths: npt.NDArray[np.int64]) -> Iterator[tuple[str, Members]]:
    """Yields four parts by length; fewer where many texts are equally long."""
    edges = np.unique(np.quantile(lengths, [0.25, 0.5, 0.75], method="lower"))
    low = -1
    for high in [*edges.tolist(), int(lengths.max())]:
        if high > low:
            first = max(low + 1, int(lengths.min()))
            span = f"{first:,} to {high:,}" if first < high else f"{high:,}"
            yield f"{span} characters", (lengths > low) & (lengths <= high)
            low = high


def _by_unknown(unknown: Floats) -> Iterator[tuple[str, Members]]:
    yield "no unknown words", unknown == 0
    yield "up to 10 % unknown", (unknown > 0) & (unknown <= _MUCH)
    yield "more than 10 % unknown", unknown > _MUCH


def _by_label(
    predictions: Predictions, truth: npt.NDArray[Any]
) -> Iterator[tuple[str, Members]]:
    for place, name in enumerate(predictions.labels):
        yield name, truth[:, place] > 0 if truth.ndim == 2 else truth == place
