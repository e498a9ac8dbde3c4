"""The report: scores, their intervals, and the floor, for people and programs."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import numpy.typing as npt

from textclf.errors import ArtefactError, DataError
from textclf.evaluation.decision import NEUTRAL, Decision
from textclf.evaluation.intervals import Interval, resample
from textclf.evaluation.measures import NAMES, shown, shown_range
from textclf.evaluation.metrics import Scores, score
from textclf.evaluation.predictions import MULTILABEL, Predictions
from textclf.evaluation.tables import (
    confusion_lines,
    confusion_markdown,
    escaped,
    label_lines,
    label_markdown,
    markdown_table,
    text_table,
    wrapped,
)

if TYPE_CHECKING:
    from markupsafe import Markup

    from textclf.evaluation.canvas import Plot

_ENDS = "_ci95"
_LEAST_TEXTS = 20
"""Fewer judged texts tell no model from a baseline."""
_UNREADABLE = (
    KeyError,
    TypeError,
    ValueError,
    AttributeError,
    DataError,
    ArtefactError,
)
_STANDINGS = {
    "above": "The model is better than {}, whose score lies below the 95 % interval.",
    "within": "No clear difference from {}, whose score lies inside the 95 % interval.",
    "below": "The model is worse than {}, whose score lies above the 95 % interval.",
    "few": f"Fewer than {_LEAST_TEXTS} texts are too few to compare it with {{}}.",
}


@dataclass(frozen=True, repr=False)
class Report:
    """How well a model did on one part of the data, beside the floor.

    `intervals` are named as the scores are, `floor` is what `Floor.score` returned, or
    None where no floor was trained. `notes` are remarks for people. `decision` is how
    the probabilities became answers, and `label_intervals` has those of precision,
    recall and f1 in the order of the labels; a report of an earlier version has none.
    """

    name: str
    split: str
    scores: Scores
    intervals: Mapping[str, Interval]
    floor: Mapping[str, Any] | None = None
    notes: tuple[str, ...] = ()
    decision: Decision = NEUTRAL
    label_intervals: tuple[Mapping[str, Interval], ...] = ()

    def __post_init__(self) -> None:
        for measure in ("accuracy", "macro_f1", self.headline):
            if measure not in self.intervals:
                raise DataError(f"got no interval of {measure}, expected one")
        if len(self.label_intervals) not in (0, len(self.scores.labels)):
            raise DataError("got intervals of other labels, expected one a label")
        if self.floor is not None:
            for name in ("majority", "linear"):
                if self.headline not in self.floor.get(name, {}):
                    problem = f"got no {self.headline} of the {name} baseline"
                    raise DataError(f"{problem}, expected one", where="floor")

    @classmethod
    def of(
        cls,
        predictions: Predictions,
        targets: npt.ArrayLike,
        *,
        name: str,
        split: str,
        seed: int,
        floor: Mapping[str, Any] | None = None,
        notes: tuple[str, ...] = (),
    ) -> Self:
        """Scores predictions and finds the intervals; `seed` draws the resamples.

        Raises:
            DataError: There are no texts, or the targets do not fit the predictions.
        """
        scores = score(predictions, targets)
        drawn = resample(predictions, targets, seed=seed)
        return cls(
            name,
            split,
            scores,
            drawn.intervals(),
            floor,
            notes,
            predictions.decision,
            drawn.label_intervals(),
        )

    @property
    def n(self) -> int:
        """The number of texts."""
        return self.scores.n

    @property
    def headline(self) -> str:
        """The measure that is compared with the floor: accuracy, or micro F1."""
        return "micro_f1" if self.scores.task == MULTILABEL else "accuracy"

    @property
    def standing(self) -> str | None:
        """Where the model is to the better baseline: above, within, below.

        It is `few` where texts are too few to tell, None without a baseline.
        """
        if self.floor is None:
            return None
        if self.n < _LEAST_TEXTS:
            return "few"
        best = max(baseline[self.headline] for baseline in self.floor.values())
        interval = self.intervals[self.headline]
        if best < interval.low:
            return "above"
        return "below" if best > interval.high else "within"

    def verdict(self) -> str:
        """Returns one sentence with the score and the floor, and one that compares."""
        measure = self.headline
        value, interval = getattr(self.scores, measure), self.intervals[measure]
        plural = "text" if self.n == 1 else "texts"
        told = (
            f"{NAMES[measure]} {_percent(value)} {shown_range(measure, interval)} "
            f"on {self.n:,} {plural}"
        )
        if self.floor is None or self.standing is None:
            return f"{told}; no floor to compare with."
        compared = _STANDINGS[self.standing].format(_better(self.floor, measure))
        return f"{told}; {_floor_told(self.floor, measure)}. {compared}"

    def to_json(self) -> dict[str, Any]:
        """Returns the report as what JSON can hold."""
        values = {"name": self.name, "split": self.split} | self.scores.to_json()
        for measure, interval in self.intervals.items():
            values[f"{measure}{_ENDS}"] = _ends(interval)
        if self.label_intervals:
            values[f"per_label{_ENDS}"] = {
                label: {name: _ends(interval) for name, interval in own.items()}
                for label, own in zip(
                    self.scores.labels, self.label_intervals, strict=True
                )
            }
        values["decision"] = self.decision.to_json()
        floor = None if self.floor is None else dict(self.floor)
        extra = {"floor": floor, "verdict": self.verdict(), "notes": list(self.notes)}
        return values | extra

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> Self:
        """Reads what `to_json` wrote.

        Raises:
            ArtefactError: Something is missing or of another type.
        """
        try:
            intervals = {
                measure: Interval(*values[f"{measure}{_ENDS}"])
                for measure in NAMES
                if f"{measure}{_ENDS}" in values
            }
            scores = Scores.from_json(values)
            return cls(
                values["name"],
                values["split"],
                scores,
                intervals,
                values["floor"],
                tuple(values["notes"]),
                Decision.from_json(values["decision"])
                if "decision" in values
                else NEUTRAL,
                _label_intervals(values, scores.labels),
            )
        except _UNREADABLE as fault:
            problem = f"got a report that cannot be read ({fault!r})"
            raise ArtefactError(problem, fix="evaluate the run again") from fault

    def to_markdown(self) -> str:
        """Returns the report as Markdown, with every label in its tables."""
        head = [f"# {escaped(self.name)}: {escaped(self.split)}", "", self.verdict()]
        head += [line for told in self._decided() for line in ("", escaped(told, None))]
        parts = [
            head,
            markdown_table(self.summary()),
            ["## Labels", "", *label_markdown(self.scores, self.label_intervals)],
            ["## Confusion", "", *confusion_markdown(self.scores)],
        ]
        if self.notes:
            notes = [f"- {escaped(note, limit=None)}" for note in self.notes]
            parts.append(["## Notes", "", *notes])
        return "\n\n".join("\n".join(part) for part in parts) + "\n"

    def summary(self) -> list[list[str]]:
        """Returns the measures in rows, with a header: ours, interval, baselines."""
        floor = self.floor or {}
        rows = [["", "score", "95 % interval", *floor]]
        for measure, name in NAMES.items():
            value = getattr(self.scores, measure)
            if value is None:
                continue
            interval = self.intervals.get(measure)
            others = [
                _percent(baseline[measure]) if measure in baseline else ""
                for baseline in floor.values()
            ]
            told = shown_range(measure, interval) if interval else ""
            rows.append([name, shown(measure, value), told, *others])
        return rows

    def _decided(self) -> list[str]:
        """Says in a sentence how probabilities became answers, unless plainly."""
        decision, told = self.decision, []
        if decision.temperature != 1.0:
            told.append(f"temperature {decision.temperature:.2f}")
        if cuts := decision.thresholds:
            span = f"{min(cuts):.2f}" + (
                f" to {max(cuts):.2f}" if len(cuts) > 1 else ""
            )
            told.append(f"threshold {span}")
        if decision.abstain is not None:
            told.append(f"no answer below a confidence of {decision.abstain:.2f}")
        return [f"decision, fitted on dev: {'; '.join(told)}"] if told else []

    def plot(self) -> "Plot":
        """Draws what is taken for what, or F1 by label where a text has several."""
        from textclf.evaluation.canvas import Plot
        from textclf.evaluation.plots import scores_plot

        return Plot.of(lambda path: scores_plot(self.scores, path))

    def __repr__(self) -> str:
        return f"Report({self.name!r}, {self.split!r}: {self.verdict()})"

    def __str__(self) -> str:
        return "\n".join(self.to_lines())

    def _repr_html_(self) -> str:
        from textclf.page.document import fragment
        from textclf.page.parts import heading

        return fragment(heading(f"{self.name}: {self.split}"), self.to_piece())

    def to_piece(self) -> "Markup":
        """Returns the report as a part of a page."""
        from textclf.evaluation.report_display import report_piece

        summary, notes = self.summary(), [*self._decided(), *self.notes]
        named = (self.verdict(), self.standing)
        return report_piece(*named, summary, self.scores, notes)

    def to_lines(self, width: int = 80) -> list[str]:
        """Returns the report as plain text for a terminal of `width` columns.

        Long tables are cut to the worst and best labels, wide ones lose columns at the
        right; no line is wider than `width`, from 30 columns on.
        """
        k, task = len(self.scores.labels), self.scores.task
        title = f"{self.name}, {self.split}: {self.n:,} texts, {task}, {k} labels"
        lines = [*wrapped(title, width), *wrapped(self.verdict(), width)]
        for told in self._decided():
            lines += wrapped(told, width)
        lines += ["", *text_table(self.summary(), width), ""]
        lines += [*label_lines(self.scores, width, self.label_intervals), ""]
        lines += confusion_lines(self.scores, width)
        for note in self.notes:
            lines += wrapped(f"note: {note}", width)
        return lines


def _ends(interval: Interval) -> list[float]:
    return [interval.low, interval.high]


def _label_intervals(
    values: Mapping[str, Any], labels: tuple[str, ...]
) -> tuple[Mapping[str, Interval], ...]:
    named = values.get(f"per_label{_ENDS}")
    if named is None:
        return ()
    return tuple(
        {name: Interval(*ends) for name, ends in named[label].items()}
        for label in labels
    )


def _percent(value: float) -> str:
    return f"{100 * value:.1f} %"


def _better(floor: Mapping[str, Any], measure: str) -> str:
    """Names the baseline that scores higher; the simpler one of equals."""
    majority = floor["majority"]
    if floor["linear"][measure] > majority[measure]:
        return "the linear model"
    return f"the {_constant(majority)}"


def _constant(majority: Mapping[str, Any]) -> str:
    """Names the answer that is always the same: a label, or a set of them."""
    # Not by its labels: they are anybody's, and Markdown would read their signs.
    is_class = isinstance(majority.get("label"), str)
    return "majority class" if is_class else "constant answer"


def linear_told(linear: Mapping[str, Any]) -> str:
    """Names the linear model of a floor: the same words on screen and on paper."""
    return f"linear TF-IDF, {linear['features']}"


def _floor_told(floor: Mapping[str, Any], measure: str) -> str:
    majority, linear = floor["majority"], floor["linear"]
    common = _percent(majority[measure])
    constant = _constant(majority)
    if linear["features"] == "none":
        return f"the floor is the {constant} with {common} ({linear['note']})"
    return (
        f"the floor reaches {_percent(linear[measure])} "
        f"({linear_told(linear)}), {constant} {common}"
    )
