"""An audit as a notebook shows it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textclf.audit import telling
from textclf.audit.finding import WEIGHTS, Finding, Weight
from textclf.audit.found import Found
from textclf.evaluation.answers_display import NAME, clipped
from textclf.page.document import fragment
from textclf.page.parts import (
    Tone,
    callout,
    details,
    heading,
    paragraph,
    table,
)

if TYPE_CHECKING:
    from markupsafe import Markup

_EXAMPLES = 10  # of a finding
_LABELS = 40  # of the table


def audit_html(audit: Found) -> str:
    """Returns what was found: the sentence first, each finding to be unfolded."""
    tone: Tone = "bad" if audit.weighing("serious") else "good"
    parts = [callout(telling.verdict(audit), tone=tone)]
    if audit.view.splits:
        head, *rows = telling.seen_rows(audit.view.splits)
        unit = f"lengths in {audit.view.splits[0].unit}s"
        parts.append(table(head, rows, numeric=range(1, len(head)), caption=unit))
    (head, *rows), left = telling.label_rows(audit.labels, most=_LABELS)
    more = f"{left} labels between them left out" if left else ""
    labels = table(head, rows, numeric=range(1, len(head)), caption=more)
    parts.append(details("rows of each label", labels))
    for weight in WEIGHTS:
        parts += _weighing(weight, audit.weighing(weight))
    return fragment(*parts)


def _weighing(weight: Weight, found: Sequence[Finding]) -> "list[Markup]":
    if not found:
        return []
    return [heading(telling.TITLES[weight]), *map(_finding, found)]


def _finding(one: Finding) -> "Markup":
    parts = [paragraph(f"→ {one.advice}", tone="soft")]
    if one.examples:
        rows = [
            [example.place, clipped(example.label, NAME), clipped(example.text)]
            + [clipped(example.note)]
            for example in one.examples[:_EXAMPLES]
        ]
        head = ["place", "label", "text", "remark"]
        parts.append(table(head, rows, wrapped=(0, 2, 3)))
    return details(f"{one.kind}: {one.told}", *parts)
