"""An audit as a notebook shows it."""

from typing import TYPE_CHECKING

from textclf.audit import telling
from textclf.audit.finding import WEIGHTS, Example, Finding, Weight
from textclf.audit.found import Found
from textclf.evaluation.answers_display import NAME, clipped
from textclf.page.document import fragment
from textclf.page.parts import (
    Tone,
    callout,
    cases,
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
        parts += _weighing(weight, audit)
    return fragment(*parts)


def _weighing(weight: Weight, audit: Found) -> "list[Markup]":
    found = audit.weighing(weight)
    if not found:
        return []
    folder = f"{audit.folder}/" if audit.folder else ""
    return [heading(telling.TITLES[weight]), *(_finding(one, folder) for one in found)]


def _finding(one: Finding, folder: str) -> "Markup":
    parts = [paragraph(f"→ {one.advice}", tone="soft")]
    if one.examples:
        parts.append(cases(_case(e, folder) for e in one.examples[:_EXAMPLES]))
    return details(f"{one.kind}: {one.told}", *parts)


def _case(one: Example, folder: str) -> tuple[str, str]:
    """Returns where a row stands and what is said of it, and its text."""
    label = f" [{clipped(one.label, NAME)}]" if one.label else ""
    place = f"{one.place} {one.note}".strip().replace(folder, "")
    return f"{place}{label}", clipped(one.text)
