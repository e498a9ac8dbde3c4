"""Mistakes: the wrong answers that a model was surest of."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from textclf.errors import printable
from textclf.evaluation.coverage import rightness
from textclf.evaluation.predictions import MULTILABEL, Floats, Predictions
from textclf.evaluation.tables import escaped, fitted, wrapped

_SHOWN = 400  # characters of a text


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
            the wrong decision the model was surest of.
    """

    row: int
    place: str
    text: str
    truth: tuple[str, ...]
    said: tuple[str, ...]
    confidence: float

    def to_json(self) -> dict[str, Any]:
        """Returns the mistake as a mapping."""
        return {
            "row": self.row,
            "place": self.place,
            "text": self.text,
            "truth": list(self.truth),
            "said": list(self.said),
            "confidence": self.confidence,
        }


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
                f"{one.confidence:.3f}",
                " ".join(one.text.split())[:_SHOWN],
            ]
            for one in self
        ]
        head = ("row", "truth", "answer", "probability", "text")
        return fragment(table(head, rows, numeric=(0, 3), wrapped=(4,)))


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
        )
        for row in rows
    ]


def wrong_confidence(predictions: Predictions, truth: npt.NDArray[Any]) -> Floats:
    """Returns float64[n]: how sure each answer is, of label sets their worst part."""
    if predictions.task != MULTILABEL:
        return predictions.confidence()
    chosen, likely = predictions.chosen(), predictions.probabilities
    sure = np.where(chosen, likely, 1.0 - likely)
    return np.asarray(np.where(chosen == (truth > 0), 0.0, sure).max(axis=1))


def names_of(labels: tuple[str, ...], picked: Any) -> tuple[str, ...]:
    """Returns the names of a label id, or of a label set bool[k]."""
    if np.ndim(picked) == 0:
        return (labels[int(picked)],)
    return tuple(labels[at] for at in np.flatnonzero(picked))


def told(labels: tuple[str, ...], written: Callable[..., str] = printable) -> str:
    """Writes labels in a line."""
    return ", ".join(written(label, limit=40) for label in labels) or "(no label)"


def mistake_lines(mistakes: Sequence[Mistake], width: int) -> list[str]:
    """Returns the mistakes as plain text for a terminal, the text in one line each."""
    if not mistakes:
        return ["no wrong answer"]
    lines = wrapped("wrong answers the model was surest of", width)
    for one in mistakes:
        head = f"{one.confidence:.3f}  {told(one.said)}, truth {told(one.truth)}"
        lines += wrapped(f"{head}  {one.place}", width)
        text = printable(" ".join(one.text.split()), limit=_SHOWN)
        lines.append(fitted(f"       {text or '(empty)'}", width, left=True))
    return [line.rstrip() for line in lines]


def mistake_markdown(mistakes: Sequence[Mistake]) -> list[str]:
    """Returns the mistakes as Markdown."""
    lines = ["## Wrong answers the model was surest of", ""]
    if not mistakes:
        return [*lines, "None."]
    for one in mistakes:
        text = escaped(" ".join(one.text.split()), _SHOWN) or "(empty)"
        said, truth = told(one.said, escaped), told(one.truth, escaped)
        place = escaped(one.place, None)
        lines.append(f"- {one.confidence:.3f} {said}, truth {truth}, {place}: {text}")
    return lines
