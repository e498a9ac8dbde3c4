"""The answers a run kept of its dev and test texts."""

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from textclf.errors import ArtefactError
from textclf.run import Run

_LEAST = 1e-15  # a probability of 0 surprises no more than this one


@dataclass(frozen=True)
class Answer:
    """What the model said of one text.

    Attributes:
        row: The text's place in its split, from 0.
        truth: The labels it has; one, unless the task is multi-label.
        said: The labels the model chose.
        probabilities: Of every label, by name.
        truncated: Whether a part of the text was not read.
        empty: Whether nothing of it was.
        unknown: The share of its units that the vocabulary lacks.
    """

    row: int
    truth: tuple[str, ...]
    said: tuple[str, ...]
    probabilities: dict[str, float]
    truncated: bool
    empty: bool
    unknown: float

    @property
    def right(self) -> bool:
        """Whether the whole answer is the truth."""
        return set(self.truth) == set(self.said)

    @property
    def likeliest(self) -> tuple[str, ...]:
        """The labels the model chose, the one it is surest of first."""
        return tuple(sorted(self.said, key=lambda label: -self.probabilities[label]))

    def surprise(self, *, many: bool) -> float:
        """Returns how little the truth was expected, in nats.

        The negative log-likelihood of the true label; of a multi-label text (`many`)
        the sum over all labels, given or not.
        """
        given = self.probabilities
        if not many:
            return -sum(_log(given[label]) for label in self.truth)
        true = set(self.truth)
        return -sum(_log(p if name in true else 1 - p) for name, p in given.items())


def read_answers(run: Run, split: str, *, separator: str | None) -> tuple[Answer, ...]:
    """Reads the answers to a split; none where the run kept none.

    Args:
        run: A finished run.
        split: `dev` or `test`.
        separator: What stands between the true labels of a multi-label text.

    Raises:
        ArtefactError: The file holds something else.
    """
    path = run.folder / f"predictions-{split}.jsonl"
    if not path.is_file():
        return ()
    with path.open(encoding="utf-8") as lines:
        try:
            return tuple(_answer(json.loads(line), separator) for line in lines)
        except (ValueError, KeyError, TypeError, AttributeError) as fault:
            raise ArtefactError("got no answers", where=str(path)) from fault


def worst(answers: Sequence[Answer], *, many: bool, most: int) -> list[Answer]:
    """Returns wrong answers, those first whose truth was expected least."""
    wrong = [answer for answer in answers if not answer.right]
    return sorted(wrong, key=lambda one: -one.surprise(many=many))[:most]


def _answer(line: dict[str, Any], separator: str | None) -> Answer:
    flags = line["flags"]
    return Answer(
        int(line["row"]),
        _true(line["truth"], separator),
        _said(line["label"]),
        {str(name): float(p) for name, p in line["probabilities"].items()},
        bool(flags["truncated"]),
        bool(flags["empty"]),
        float(flags["unknown"]),
    )


def _true(cell: str, separator: str | None) -> tuple[str, ...]:
    if separator is None:
        return (cell,)
    return tuple(cell.split(separator)) if cell else ()


def _said(labels: str | list[str]) -> tuple[str, ...]:
    return (labels,) if isinstance(labels, str) else tuple(map(str, labels))


def _log(probability: float) -> float:
    return math.log(max(probability, _LEAST))
