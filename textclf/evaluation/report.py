"""The report: scores, their intervals, and the floor, for people and programs."""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from textclf.errors import ArtefactError, DataError, printable
from textclf.evaluation.intervals import Interval, bootstrap
from textclf.evaluation.metrics import LabelScore, Scores, score
from textclf.evaluation.predictions import MULTILABEL, Predictions

_MEASURES = {
    "accuracy": "accuracy",
    "macro_f1": "macro F1",
    "micro_f1": "micro F1",
    "weighted_f1": "weighted F1",
}
_STANDINGS = {
    "above": "The model is above the floor, which lies under the 95 % interval.",
    "within": "The model is not above the floor, which lies within the 95 % interval.",
    "below": "The model is below the floor, which lies over the 95 % interval.",
}
_WORST, _BEST = 10, 5  # labels of a long table that are shown
_CONFUSIONS = 15  # most frequent confusions that are shown
_TABLE_LABELS = 12  # most labels of a confusion table
_NAME_LIMIT = 40  # characters of a label
_LEAST_NAME = 8  # columns of a terminal that a label gets at least
_GAP = 2  # columns of a terminal between two columns of a table
_MARKDOWN_SIGNS = re.compile(r"([!#$&*:<>@\[\\\]_`|~]|(?<=www)\.)", re.IGNORECASE)

_Named = tuple[str, LabelScore]
_Rows = list[list[str]]
_Shown = Callable[[str], str]


@dataclass(frozen=True)
class Report:
    """How well a model did on one part of the data, beside the floor.

    `intervals` are named as the scores are, `floor` is what `Floor.score` returned, or
    None where no floor was trained. `notes` are remarks for people.
    """

    name: str
    split: str
    scores: Scores
    intervals: Mapping[str, Interval]
    floor: Mapping[str, Any] | None = None
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for measure in ("accuracy", "macro_f1", self.headline):
            if measure not in self.intervals:
                raise DataError(f"got no interval of {measure}, expected one")
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
        intervals = bootstrap(predictions, targets, seed=seed)
        return cls(name, split, scores, intervals, floor, notes)

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
        """Where the model is to the better baseline: above, within, below, or None."""
        if self.floor is None:
            return None
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
            f"{_MEASURES[measure]} {_percent(value)} {_range(interval)} "
            f"on {self.n:,} {plural}"
        )
        if self.floor is None or self.standing is None:
            return f"{told}; no floor to compare with."
        return (
            f"{told}; {_floor_told(self.floor, measure)}. {_STANDINGS[self.standing]}"
        )

    def to_json(self) -> dict[str, Any]:
        """Returns the report as what JSON can hold."""
        values = {"name": self.name, "split": self.split} | self.scores.to_json()
        for measure, interval in self.intervals.items():
            values[f"{measure}_ci95"] = [interval.low, interval.high]
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
                measure: Interval(*values[f"{measure}_ci95"])
                for measure in _MEASURES
                if f"{measure}_ci95" in values
            }
            scores = Scores.from_json(values)
            named = (values["name"], values["split"], scores, intervals)
            return cls(*named, values["floor"], tuple(values["notes"]))
        except (KeyError, TypeError, ValueError, AttributeError, DataError) as fault:
            problem = f"got a report that cannot be read ({fault!r})"
            raise ArtefactError(problem, fix="evaluate the run again") from fault

    def to_markdown(self) -> str:
        """Returns the report as Markdown, with every label in its tables."""
        rows = list(zip(self.scores.labels, self.scores.per_label, strict=True))
        parts = [
            [f"# {_escaped(self.name)}: {_escaped(self.split)}", "", self.verdict()],
            _markdown_table(self._summary()),
            ["## Labels", "", *_markdown_table(_label_rows(rows, _escaped))],
            ["## Confusion", "", *self._confusion_markdown()],
        ]
        if self.notes:
            notes = [f"- {_escaped(note, limit=None)}" for note in self.notes]
            parts.append(["## Notes", "", *notes])
        return "\n\n".join("\n".join(part) for part in parts) + "\n"

    def _summary(self) -> list[list[str]]:
        """Returns the measures in rows, with a header: ours, interval, baselines."""
        floor = self.floor or {}
        rows = [["", "score", "95 % interval", *floor]]
        for measure, name in _MEASURES.items():
            value = getattr(self.scores, measure)
            if value is None:
                continue
            interval = self.intervals.get(measure)
            others = [
                _percent(baseline[measure]) if measure in baseline else ""
                for baseline in floor.values()
            ]
            told = _range(interval) if interval else ""
            rows.append([name, _percent(value), told, *others])
        loss = f"{self.scores.log_loss:.3f}"
        rows.append(["log loss", loss, "", *([""] * len(floor))])
        return rows

    def _confusion_markdown(self) -> list[str]:
        if self.scores.task == MULTILABEL:
            return _markdown_table(_multilabel_rows(self.scores, _escaped))
        if len(self.scores.labels) <= _TABLE_LABELS:
            lines = ["Rows are the truth, columns the prediction.", ""]
            return lines + _markdown_table(_confusion_rows(self.scores, _escaped))
        rows = _confusions(self.scores, _escaped)
        return _markdown_table(rows) if len(rows) > 1 else ["None."]

    def to_lines(self, width: int = 80) -> list[str]:
        """Returns the report as plain text for a terminal of `width` columns.

        Long tables are cut to the worst and best labels, wide ones lose columns at the
        right; no line is wider than `width`, from 30 columns on.
        """
        k, task = len(self.scores.labels), self.scores.task
        title = f"{self.name}, {self.split}: {self.n:,} texts, {task}, {k} labels"
        lines = [*_wrapped(title, width), *_wrapped(self.verdict(), width), ""]
        lines += [*_text_table(self._summary(), width), ""]
        lines += [*_label_lines(self.scores, width), ""]
        lines += _confusion_lines(self.scores, width)
        for note in self.notes:
            lines += _wrapped(f"note: {note}", width)
        return lines


def _percent(value: float) -> str:
    return f"{100 * value:.1f} %"


def _range(interval: Interval) -> str:
    return f"[{100 * interval.low:.1f}, {100 * interval.high:.1f}]"


def _floor_told(floor: Mapping[str, Any], measure: str) -> str:
    majority, linear = floor["majority"], floor["linear"]
    common = _percent(majority[measure])
    if linear["features"] == "none":
        return f"the floor is the majority class with {common} ({linear['note']})"
    return (
        f"the floor reaches {_percent(linear[measure])} (linear TF-IDF, "
        f"{linear['features']}), majority class {common}"
    )


def _label_rows(rows: Sequence[_Named], shown: _Shown) -> _Rows:
    table = [["label", "precision", "recall", "F1", "texts", "predicted"]]
    for name, row in rows:
        shares = [f"{100 * value:.1f}" for value in (row.precision, row.recall, row.f1)]
        table.append([shown(name), *shares, f"{row.support:,}", f"{row.predicted:,}"])
    return table


def _confusion_rows(scores: Scores, shown: _Shown) -> _Rows:
    rows = [
        [shown(name), *(f"{count:,}" for count in counts)]
        for name, counts in zip(scores.labels, scores.confusion, strict=True)
    ]
    return [["", *map(shown, scores.labels)], *rows]


def _confusions(scores: Scores, shown: _Shown) -> _Rows:
    """Returns truth, prediction and number of the most frequent confusions."""
    counts = scores.counts()
    np.fill_diagonal(counts, 0)
    order = np.argsort(-counts, axis=None, kind="stable")[:_CONFUSIONS]
    rows = [["truth", "prediction", "texts"]]
    for place in order[counts.ravel()[order] > 0]:
        truth, chosen = divmod(int(place), len(scores.labels))
        names = [shown(scores.labels[truth]), shown(scores.labels[chosen])]
        rows.append([*names, f"{counts[truth, chosen]:,}"])
    return rows


def _multilabel_rows(scores: Scores, shown: _Shown) -> _Rows:
    """Returns how often a label was found, missed and wrongly set; worst if many."""
    counts = scores.counts()
    order = np.arange(len(counts))
    if len(counts) > _TABLE_LABELS:
        wrong = counts[:, 0, 1] + counts[:, 1, 0]
        order = np.argsort(-wrong, kind="stable")[:_CONFUSIONS]
    rows = [["label", "found", "missed", "wrongly set"]]
    for place in order:
        (_, wrong), (missed, found) = counts[place]
        cells = [f"{count:,}" for count in (found, missed, wrong)]
        rows.append([shown(scores.labels[place]), *cells])
    return rows


def _plain(text: str) -> str:
    return printable(text, limit=_NAME_LIMIT)


def _escaped(text: str, limit: int | None = _NAME_LIMIT) -> str:
    """Returns text that Markdown shows as it is, and as text only."""
    return _MARKDOWN_SIGNS.sub(r"\\\1", printable(text, limit=limit))


def _markdown_table(rows: _Rows) -> list[str]:
    """Returns a Markdown table; the first row is the header."""
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    rule = "|---" + "|---:" * (len(rows[0]) - 1) + "|"
    return [lines[0], rule, *lines[1:]]


def _label_lines(scores: Scores, width: int) -> list[str]:
    """Returns the table of labels, without its middle where it is long."""
    rows = list(zip(scores.labels, scores.per_label, strict=True))
    if len(rows) <= _WORST + _BEST + 1:
        return _text_table(_label_rows(rows, _plain), width)
    occurring = [row for row in rows if row[1].support or row[1].predicted]
    ranked = sorted(occurring, key=lambda row: (row[1].f1, -row[1].support))
    cut = len(ranked) > _WORST + _BEST
    shown = ranked[:_WORST] + ranked[-_BEST:] if cut else ranked
    lines = _text_table(_label_rows(shown, _plain), width)
    told = f"(the {_WORST} worst and {_BEST} best by F1; " if cut else "("
    told += f"{len(rows) - len(shown)} of {len(rows)} labels left out)"
    return [*lines, *_wrapped(told, width)]


def _confusion_lines(scores: Scores, width: int) -> list[str]:
    if scores.task == MULTILABEL:
        return [*_text_table(_multilabel_rows(scores, _plain), width), ""]
    if len(scores.labels) <= _TABLE_LABELS:
        rows = _confusion_rows(scores, _plain)
        # Columns are headed by numbers, which stay short however long the labels are.
        numbers = [str(number) for number in range(1, len(rows))]
        named = [f"{n} {row[0]}" for n, row in zip(numbers, rows[1:], strict=True)]
        rows = [["truth", *numbers]] + [
            [name, *row[1:]] for name, row in zip(named, rows[1:], strict=True)
        ]
        if _columns_width(rows) <= width:
            told = "confusion: rows are the truth, columns the prediction"
            return [*_wrapped(told, width), *_text_table(rows, width), ""]
    rows = _confusions(scores, _plain)
    told = "most frequent confusions" if len(rows) > 1 else "no confusions"
    return [told, *(_text_table(rows, width, names=2) if len(rows) > 1 else []), ""]


def _columns_width(rows: _Rows, *, names: int = 1) -> int:
    """Returns the columns a table takes with names cut to the least."""
    numbers = list(zip(*rows, strict=True))[names:]
    taken = sum(max(map(_wide, column)) + _GAP for column in numbers)
    return taken + names * (_LEAST_NAME + _GAP) - _GAP


def _text_table(rows: _Rows, width: int, *, names: int = 1) -> list[str]:
    """Returns rows with the first `names` columns cut to fit and the others aligned."""
    while len(rows[0]) > names + 1 and _columns_width(rows, names=names) > width:
        rows = [row[:-1] for row in rows]
    spare = max(0, width - _columns_width(rows, names=names))
    columns = list(zip(*rows, strict=True))
    most = _LEAST_NAME + spare // names
    widths = [max(map(_wide, column)) for column in columns]
    widths[:names] = [min(most, taken) for taken in widths[:names]]
    lines = []
    for row in rows:
        cells = [
            _fitted(cell, taken, left=place < names)
            for place, (cell, taken) in enumerate(zip(row, widths, strict=True))
        ]
        lines.append((" " * _GAP).join(cells).rstrip())
    return lines


def _fitted(text: str, width: int, *, left: bool) -> str:
    """Returns text cut or padded to `width` columns of a terminal."""
    if _wide(text) > width:
        while text and _wide(text) > width - 1:
            text = text[:-1]
        text += "…"
    blanks = " " * (width - _wide(text))
    return text + blanks if left else blanks + text


def _wide(text: str) -> int:
    """Returns the columns text takes in a terminal: CJK two each, marks none."""
    if text.isascii():
        return len(text)
    wide = sum(unicodedata.east_asian_width(sign) in "WF" for sign in text)
    marks = sum(unicodedata.category(sign) in ("Mn", "Me") for sign in text)
    return len(text) + wide - marks


def _wrapped(text: str, width: int) -> list[str]:
    """Breaks text at blanks, and words that are too wide anywhere."""
    lines, line = [], ""
    for word in printable(text).split(" "):
        if line and _wide(line) + 1 + _wide(word) > width:
            lines.append(line)
            line = ""
        line = f"{line} {word}" if line else word
        while _wide(line) > width:
            fits = 1
            while _wide(line[: fits + 1]) <= width:
                fits += 1
            lines.append(line[:fits])
            line = line[fits:]
    return [*lines, line]
