"""Reports and predictions as a notebook shows them: small, escaped, in its theme."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from textclf.evaluation.metrics import Scores
from textclf.evaluation.predictions import MULTILABEL
from textclf.page.document import fragment
from textclf.page.parts import Piece, Tone, callout, details, joined, paragraph, table

if TYPE_CHECKING:
    from markupsafe import Markup

SHOWN = 20
"""Rows of a table of texts."""

_TONES: dict[str | None, Tone] = {"above": "good", "below": "bad"}
_LONGEST = 200  # characters of a text that are shown
_NAME = 40  # characters of a label
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
        standing: Where the model is to the floor: above, within, below, or None.
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


def predictions_html(
    records: Iterable[Mapping[str, Any]], *, n: int, texts: Sequence[str] = ()
) -> str:
    """Returns the first answers as a table.

    Args:
        records: What `Predictions.records` yields.
        n: How many there are.
        texts: What was asked, if it is known.
    """
    shown = [record for record, _ in zip(records, range(SHOWN), strict=False)]
    head = ["label", "probability", *(["text"] if texts else []), "remarks"]
    rows: list[list[Piece]] = []
    for row, record in enumerate(shown):
        told = [clipped(texts[row])] if texts else []
        rows.append([*_answer(record), *told, remarks(record["flags"])])
    wide = (2,) if texts else ()
    left = f"{n - len(shown):,} more of {n:,}" if n > len(shown) else ""
    caption = f"not shown: {left}" if left else ""
    return fragment(table(head, rows, numeric=(1,), wrapped=wide, caption=caption))


def clipped(text: str, most: int = _LONGEST) -> str:
    """Returns the beginning of a text in one line."""
    line = " ".join(text[: most + 1].split())
    return line if len(text) <= most else f"{line[: most - 1]}…"


def remarks(flags: Mapping[str, Any]) -> str:
    """Says what of a text the model could not see."""
    told = [name for name in ("empty", "truncated") if flags[name]]
    if flags["unknown"] > 0:
        told.append(f"{flags['unknown']:.0%} unknown words")
    return ", ".join(told)


def _answer(record: Mapping[str, Any]) -> tuple[str, str]:
    label, probability = record["label"], record["probability"]
    if not isinstance(label, list):
        return clipped(label, _NAME), f"{probability:.3f}"
    names = ", ".join(clipped(name, _NAME) for name in label)
    return names or "(no label)", ", ".join(f"{p:.3f}" for p in probability)


def _labels(scores: Scores) -> "Markup":
    named = sorted(
        zip(scores.labels, scores.per_label, strict=True), key=lambda pair: pair[1].f1
    )
    rows = [
        [
            clipped(name, _NAME),
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
    names = [clipped(name, _NAME) for name in scores.labels]
    counts = np.asarray(scores.confusion)
    rows = [
        [name, *(f"{count:,}" for count in row)]
        for name, row in zip(names, counts.tolist(), strict=True)
    ]
    columns = range(1, len(names) + 1)
    return table(
        ["", *names], rows, numeric=columns, caption="truth in rows, answers in columns"
    )
