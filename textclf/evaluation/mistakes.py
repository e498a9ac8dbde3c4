"""Mistakes: the wrong answers that a model was surest of."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from textclf.errors import printable
from textclf.evaluation.coverage import rightness
from textclf.evaluation.predictions import MULTILABEL, Floats, Predictions
from textclf.evaluation.tables import escaped, fitted, wrapped

_SHOWN = 400  # characters of a text
NAMED = 4
"""Labels of a set that are named."""


@dataclass(frozen=True)
class WrongLabel:
    """A decision on one label of a multi-label task that was wrong.

    Attributes:
        label: The label.
        given: Whether the text got it, and does not have it; else it was missed.
        probability: What the model gave the label.
    """

    label: str
    given: bool
    probability: float

    @property
    def fault(self) -> str:
        """What went wrong, as a word behind the label."""
        return "wrongly given" if self.given else "missed"


@dataclass(frozen=True)
class Mistake:
    """A text that was answered wrongly.

    Attributes:
        row: Its place among the texts, from 0.
        place: Where it stands: `file:line`.
        text: What it says.
        truth: The labels it has.
        said: The labels it got.
        confidence: The probability of the wrong label; of a multi-label task that of
            the wrong decision the model was surest of: of a label wrongly given its
            probability, of a missed one what is left to 1.
        wrong: Of a multi-label task the labels that were decided wrongly, the surest
            first; else empty.
    """

    row: int
    place: str
    text: str
    truth: tuple[str, ...]
    said: tuple[str, ...]
    confidence: float
    wrong: tuple[WrongLabel, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Returns the mistake as a mapping; one of a label set names each part."""
        values: dict[str, Any] = {
            "row": self.row,
            "place": self.place,
            "text": self.text,
            "truth": list(self.truth),
            "said": list(self.said),
            "confidence": self.confidence,
        }
        if self.wrong:
            values["wrong"] = [asdict(part) for part in self.wrong]
        return values


class Mistakes(tuple[Mistake, ...]):
    """Wrong answers, the surest first; a notebook shows them as a table."""

    __slots__ = ()

    @classmethod
    def of(
        cls,
        predictions: Predictions,
        truth: npt.NDArray[Any],
        texts: Sequence[str],
        *,
        most: int,
    ) -> Self:
        """Takes the worst; they stand in no file, so their place is their row."""
        return cls(worst_mistakes(predictions, truth, texts, str, most=most))

    def _repr_html_(self) -> str:
        from textclf.page.document import fragment
        from textclf.page.parts import paragraph, table

        if not self:
            return fragment(paragraph("No wrong answer.", tone="good"))
        rows = [
            [
                str(one.row),
                told(one.truth),
                told(one.said),
                wrong_told(one) if one.wrong else f"{one.confidence:.3f}",
                " ".join(one.text.split())[:_SHOWN],
            ]
            for one in self
        ]
        last = "wrong, with its probability" if self[0].wrong else "probability"
        numeric = (0,) if self[0].wrong else (0, 3)
        head = ("row", "truth", "answer", last, "text")
        return fragment(table(head, rows, numeric=numeric, wrapped=(3, 4)))


def worst_mistakes(
    predictions: Predictions,
    truth: npt.NDArray[Any],
    texts: Sequence[str],
    place: Callable[[int], str],
    *,
    most: int,
) -> list[Mistake]:
    """Returns the wrong answers, the surest first; of equals the first in the file.

    Args:
        predictions: Of n texts.
        truth: Their targets, as `checked_targets` returns them.
        texts: The texts.
        place: Says where a text stands.
        most: How many are wanted.
    """
    wrong = ~rightness(predictions, truth)
    sure = np.where(wrong, wrong_confidence(predictions, truth), -1.0)
    rows = np.argsort(-sure, kind="stable")[: min(most, int(wrong.sum()))].tolist()
    chosen = predictions.chosen()
    return [
        Mistake(
            row,
            place(row),
            texts[row],
            names_of(predictions.labels, truth[row]),
            names_of(predictions.labels, chosen[row]),
            float(sure[row]),
            _wrong_labels(predictions, truth, chosen, row),
        )
        for row in rows
    ]


def wrong_confidence(predictions: Predictions, truth: npt.NDArray[Any]) -> Floats:
    """Returns float64[n]: how sure each answer is, of label sets their worst part."""
    if predictions.task != MULTILABEL:
        return predictions.confidence()
    chosen = predictions.chosen()
    return np.asarray(_sure(chosen, predictions.probabilities, truth).max(axis=1))


def _sure(chosen: Any, likely: Any, truth: Any) -> Floats:
    """Returns how sure each wrong decision on a label is, and 0 for each right one."""
    sure = np.where(chosen, likely, 1.0 - likely)
    return np.asarray(np.where(chosen == (truth > 0), 0.0, sure))


def _wrong_labels(
    predictions: Predictions,
    truth: npt.NDArray[Any],
    chosen: npt.NDArray[Any],
    row: int,
) -> tuple[WrongLabel, ...]:
    """Returns what was decided wrongly of a label set, the surest first."""
    if predictions.task != MULTILABEL:
        return ()
    picked, likely = chosen[row], predictions.probabilities[row]
    sure = _sure(picked, likely, truth[row])
    places = np.flatnonzero(picked != (truth[row] > 0))
    return tuple(
        WrongLabel(predictions.labels[at], bool(picked[at]), float(likely[at]))
        for at in places[np.argsort(-sure[places], kind="stable")]
    )


def names_of(labels: tuple[str, ...], picked: Any) -> tuple[str, ...]:
    """Returns the names of a label id, or of a label set bool[k]."""
    if np.ndim(picked) == 0:
        return (labels[int(picked)],)
    return tuple(labels[at] for at in np.flatnonzero(picked))


def told(labels: tuple[str, ...], written: Callable[..., str] = printable) -> str:
    """Writes labels in a line."""
    return ", ".join(written(label, limit=40) for label in labels) or "(no label)"


def wrong_told(
    one: Mistake,
    written: Callable[..., str] = printable,
    *,
    number: Callable[[float], str] = "{:.3f}".format,
) -> str:
    """Writes the wrong parts of a label set in a line, each with its probability."""
    parts = [
        f"{written(part.label, limit=40)} {part.fault} ({number(part.probability)})"
        for part in one.wrong[:NAMED]
    ]
    return ", ".join(parts) + more_than(len(one.wrong))


def more_than(n: int) -> str:
    """Says how many are left where `NAMED` of `n` are named; else nothing."""
    return f" and {n - NAMED:,} more" if n > NAMED else ""


def _headed(one: Mistake, written: Callable[..., str] = printable) -> str:
    """Writes how sure the answer was, the answer and the truth in a line."""
    both = f"{told(one.said, written)}, truth {told(one.truth, written)}"
    if one.wrong:
        return f"{wrong_told(one, written)}; answer {both}"
    return f"{one.confidence:.3f} {both}"


def mistake_lines(mistakes: Sequence[Mistake], width: int) -> list[str]:
    """Returns the mistakes as plain text for a terminal, the text in one line each."""
    if not mistakes:
        return ["no wrong answer"]
    beside = ", beside each wrong label its probability" if mistakes[0].wrong else ""
    lines = wrapped(f"wrong answers the model was surest of{beside}", width)
    for one in mistakes:
        lines += wrapped(f"{_headed(one)}  {one.place}", width)
        text = printable(" ".join(one.text.split()), limit=_SHOWN)
        lines.append(fitted(f"       {text or '(empty)'}", width, left=True))
    return [line.rstrip() for line in lines]


def mistake_markdown(mistakes: Sequence[Mistake]) -> list[str]:
    """Returns the mistakes as Markdown."""
    lines = ["## Wrong answers the model was surest of", ""]
    if not mistakes:
        return [*lines, "None."]
    if mistakes[0].wrong:
        lines += ["Beside each wrong label stands its probability.", ""]
    for one in mistakes:
        text = escaped(" ".join(one.text.split()), _SHOWN) or "(empty)"
        place = escaped(one.place, None)
        lines.append(f"- {_headed(one, escaped)}, {place}: {text}")
    return lines
