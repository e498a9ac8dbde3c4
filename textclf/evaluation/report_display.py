"""A report as a notebook shows it: the sentence first, tables folded."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from textclf.evaluation.answers_display import NAME, clipped
from textclf.evaluation.metrics import Scores
from textclf.evaluation.predictions import MULTILABEL
from textclf.page.parts import Tone, callout, details, joined, paragraph, table

if TYPE_CHECKING:
    from markupsafe import Markup

_TONES: dict[str | None, Tone] = {"above": "good", "below": "bad"}
_FEW = 12  # labels of which all confusions are shown
_MOST = 30  # labels of a table
_COUNTS = (1, 2, 3, 4, 5)


def report_piece(
    verdict: str,
    standing: str | None,
    summary: Sequence[Sequence[str]],
    scores: Scores,
    notes: Sequence[str],
) -> "Markup":
    """Returns what a report says, the sentence first.

    Args:
        verdict: Score and floor in a sentence or two.
        standing: Where the model is to the floor: above, within, below, few, or None.
        summary: Rows of measures, a header first.
        scores: All of them.
        notes: Remarks.
    """
    head, *rows = summary
    parts = [
        callout(verdict, tone=_TONES.get(standing, "")),
        table(head, rows, numeric=range(1, len(head))),
        details(f"{len(scores.labels)} labels", _labels(scores)),
    ]
    if scores.task != MULTILABEL and len(scores.labels) <= _FEW:
        parts.append(details("what is taken for what", _confusion(scores)))
    parts += [paragraph(note, tone="soft") for note in notes]
    return joined(*parts)


def _labels(scores: Scores) -> "Markup":
    named = sorted(
        zip(scores.labels, scores.per_label, strict=True), key=lambda pair: pair[1].f1
    )
    rows = [
        [
            clipped(name, NAME),
            *(f"{100 * v:.1f}" for v in (score.precision, score.recall, score.f1)),
            f"{score.support:,}",
            f"{score.predicted:,}",
        ]
        for name, score in named[:_MOST]
    ]
    head = ["label", "precision", "recall", "F1", "texts", "predicted"]
    more = f"the worst {_MOST}" if len(named) > _MOST else ""
    return table(head, rows, numeric=_COUNTS, caption=more)


def _confusion(scores: Scores) -> "Markup":
    names = [clipped(name, NAME) for name in scores.labels]
    counts = np.asarray(scores.confusion)
    rows = [
        [name, *(f"{count:,}" for count in row)]
        for name, row in zip(names, counts.tolist(), strict=True)
    ]
    columns = range(1, len(names) + 1)
    return table(
        ["", *names], rows, numeric=columns, caption="truth in rows, answers in columns"
    )
