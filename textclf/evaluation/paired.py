"""Two models on the same texts: who is better, and where they disagree."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from textclf.errors import DataError, one_of, printable
from textclf.evaluation.coverage import rightness
from textclf.evaluation.intervals import Interval, resample
from textclf.evaluation.mcnemar import Mcnemar, mcnemar
from textclf.evaluation.measures import LOWER_IS_BETTER, NAMES, shown, shown_p
from textclf.evaluation.metrics import checked_targets, score
from textclf.evaluation.mistakes import names_of, told, wrong_confidence
from textclf.evaluation.predictions import MULTILABEL, Predictions
from textclf.evaluation.tables import fitted, text_table, wrapped

_SURE = 0.05
_SHOWN = 400  # characters of a text
_NUMBERS = ("mcc", "log_loss", "brier")


@dataclass(frozen=True)
class Difference:
    """One measure of both models; `interval` is that of B − A, None if undefined."""

    a: float
    b: float
    interval: Interval | None

    @property
    def value(self) -> float:
        """B − A."""
        return self.b - self.a

    def to_json(self) -> dict[str, Any]:
        """Returns both values, their difference and its interval."""
        between = self.interval
        ends = None if between is None else [between.low, between.high]
        return {"a": self.a, "b": self.b, "difference": self.value, "ci95": ends}


@dataclass(frozen=True)
class Disagreement:
    """A text that one model answers rightly and the other wrongly.

    Attributes:
        row: Its place among the texts, from 0.
        place: Where it stands: `file:line`.
        text: What it says.
        truth: The labels it has.
        a: The labels that A gives it.
        b: Those that B gives it.
        right: Which model is right, `A` or `B`.
        confidence: How sure the other one is.
    """

    row: int
    place: str
    text: str
    truth: tuple[str, ...]
    a: tuple[str, ...]
    b: tuple[str, ...]
    right: str
    confidence: float


@dataclass(frozen=True)
class Paired:
    """Model A beside model B.

    Attributes:
        names: What they are called.
        n: The number of texts.
        task: What is asked of labels.
        measures: Every measure that both have, by name.
        texts: Texts that only one of them answers rightly.
        disagreements: Some of those texts, first those the wrong model is surest of.
    """

    names: tuple[str, str]
    n: int
    task: str
    measures: Mapping[str, Difference]
    texts: Mcnemar
    disagreements: tuple[Disagreement, ...]

    @classmethod
    def of(
        cls,
        names: tuple[str, str],
        a: Predictions,
        b: Predictions,
        targets: npt.ArrayLike,
        *,
        texts: Sequence[str],
        place: Callable[[int], str],
        seed: int,
        most: int,
    ) -> Self:
        """Compares predictions of the same texts, row for row.

        Args:
            names: What A and B are called.
            a: The predictions of A.
            b: The predictions of B.
            targets: The label ids int[n], or a {0, 1}[n, k] multi-hot.
            texts: The texts.
            place: Says where a text stands.
            seed: Draws the resamples, which are the same for both.
            most: How many disagreements are listed.

        Raises:
            DataError: The two know different labels, or of different numbers of texts.
        """
        _check_alike(a, b)
        truth = checked_targets(targets, n=len(a), k=len(a.labels), task=a.task)
        right = [rightness(one, truth) for one in (a, b)]
        return cls(
            names,
            len(a),
            a.task,
            _differences(a, b, truth, seed=seed),
            mcnemar(right[0], right[1]),
            tuple(_disagreements(a, b, truth, texts, place, most=most)),
        )

    @property
    def headline(self) -> str:
        """The measure that the verdict is about: accuracy, or micro F1."""
        return "micro_f1" if self.task == MULTILABEL else "accuracy"

    @property
    def better(self) -> str | None:
        """`A` or `B` where the difference is clear, else None.

        It is clear where its interval has no 0 in it and, for accuracy, McNemar's test
        agrees.
        """
        found = self.measures[self.headline]
        if found.interval is None or found.interval.low <= 0 <= found.interval.high:
            return None
        if self.headline == "accuracy" and self.texts.p_value >= _SURE:
            return None
        return "B" if found.value > 0 else "A"

    def verdict(self) -> str:
        """Returns one sentence that says who is better, and by how much."""
        measure = self.headline
        found = self.measures[measure]
        values = f"{shown(measure, found.a)} and {shown(measure, found.b)}"
        by = f"B − A {_signed(measure, found.value)} {_range(measure, found)}"
        numbers = f"{NAMES[measure]} {values} on {self.n:,} texts, {by}"
        if self.better is None:
            return f"No clear difference: {numbers}."
        return f"{self.better} is better: {numbers}."

    def to_json(self) -> dict[str, Any]:
        """Returns the comparison as what JSON can hold."""
        return {
            "a": self.names[0],
            "b": self.names[1],
            "n": self.n,
            "task": self.task,
            "better": self.better,
            "verdict": self.verdict(),
            "measures": {
                name: {
                    "a": found.a,
                    "b": found.b,
                    "difference": found.value,
                    "ci95": found.interval
                    and [found.interval.low, found.interval.high],
                }
                for name, found in self.measures.items()
            },
            "mcnemar": asdict(self.texts),
            "disagreements": [asdict(one) for one in self.disagreements],
        }

    def to_lines(self, width: int = 80) -> list[str]:
        """Returns the comparison as plain text for a terminal of `width` columns."""
        rows = [["", "A", "B", "B − A", "95 % interval", ""]]
        for name, found in self.measures.items():
            cells = [shown(name, found.a), shown(name, found.b)]
            cells += [_signed(name, found.value), _range(name, found)]
            rows.append([NAMES[name], *cells, _winner(name, found)])
        texts = self.texts
        lines = [
            line
            for k, n in zip("AB", self.names, strict=True)
            for line in wrapped(f"{k}  {n}", width)
        ]
        lines += [*wrapped(self.verdict(), width), "", *text_table(rows, width), ""]
        lines += wrapped(
            f"only A right {texts.only_a:,}, only B right {texts.only_b:,}, "
            f"McNemar p {shown_p(texts.p_value)}",
            width,
        )
        return [*lines, *self._disagreement_lines(width)]

    def _disagreement_lines(self, width: int) -> list[str]:
        if not self.disagreements:
            return []
        told_first = "disagreements, first those the wrong model is surest of"
        lines = ["", *wrapped(told_first, width)]
        for one in self.disagreements:
            head = f"{one.confidence:.3f}  truth {told(one.truth)}; A {told(one.a)}"
            lines += wrapped(f"{head}; B {told(one.b)}  {one.place}", width)
            text = printable(" ".join(one.text.split()), limit=_SHOWN) or "(empty)"
            lines.append(fitted(f"       {text}", width, left=True))
        return [line.rstrip() for line in lines]


def _check_alike(a: Predictions, b: Predictions) -> None:
    if a.labels != b.labels or a.task != b.task:
        odd = sorted(set(a.labels) ^ set(b.labels))
        what = f"only one knows {one_of(odd)}" if odd else f"{a.task} and {b.task}"
        raise DataError(f"got models of different labels: {what}")
    if len(a) != len(b):
        raise DataError(f"got predictions of {len(a)} and of {len(b)} texts")


def _differences(
    a: Predictions, b: Predictions, truth: npt.NDArray[Any], *, seed: int
) -> dict[str, Difference]:
    scores = [score(one, truth) for one in (a, b)]
    drawn = [resample(one, truth, seed=seed).measures for one in (a, b)]
    found = {}
    for name in NAMES:
        first, second = (getattr(one, name) for one in scores)
        if first is None or second is None:
            continue
        both = all(name in one for one in drawn)
        interval = Interval.of(drawn[1][name] - drawn[0][name]) if both else None
        found[name] = Difference(first, second, interval)
    return found


def _disagreements(
    a: Predictions,
    b: Predictions,
    truth: npt.NDArray[Any],
    texts: Sequence[str],
    place: Callable[[int], str],
    *,
    most: int,
) -> list[Disagreement]:
    right = [rightness(one, truth) for one in (a, b)]
    sure = [wrong_confidence(one, truth) for one in (a, b)]
    differ = right[0] != right[1]
    wrong = np.where(right[0], sure[1], sure[0])
    order = np.argsort(np.where(differ, -wrong, 1.0), kind="stable")
    chosen, names = [one.chosen() for one in (a, b)], a.labels
    return [
        Disagreement(
            row,
            place(row),
            texts[row],
            names_of(names, truth[row]),
            names_of(names, chosen[0][row]),
            names_of(names, chosen[1][row]),
            "A" if right[0][row] else "B",
            float(wrong[row]),
        )
        for row in order[: min(most, int(differ.sum()))].tolist()
    ]


def _signed(measure: str, value: float) -> str:
    return f"{value:+.3f}" if measure in _NUMBERS else f"{100 * value:+.1f}"


def _range(measure: str, found: Difference) -> str:
    if found.interval is None:
        return ""
    ends = (found.interval.low, found.interval.high)
    return f"[{', '.join(_signed(measure, end) for end in ends)}]"


def _winner(measure: str, found: Difference) -> str:
    if found.interval is None or found.interval.low <= 0 <= found.interval.high:
        return ""
    return "B" if (found.value > 0) != (measure in LOWER_IS_BETTER) else "A"
