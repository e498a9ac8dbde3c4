"""What an audit found, and its JSON form."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from textclf.audit.finding import WEIGHTS, Finding
from textclf.audit.on_signs import KINDS as DEBRIS
from textclf.audit.seen import View

VERSION = 1
"""Of the JSON form; it grows when a name of it changes or goes."""

SHOWN = 2
"""Examples of a finding, unless more or fewer are asked for."""

KINDS = (
    "label_blank",
    "label_unknown",
    "label_look_alike",
    "label_form",
    "label_rare",
    "label_drift",
    "label_not_judged",
    "imbalance",
    "leak",
    "near_leak",
    "duplicate",
    "near_duplicate",
    "conflict",
    "near_conflict",
    "wrong_label",
    "not_learnable",
    "empty",
    "no_word",
    "far_too_long",
    "same_beginning",
    *DEBRIS,
    "script_mix",
    "language_mix",
    "truncation",
    "unknown_words",
)
"""The kinds of findings; a test holds that there are no others."""


@dataclass(frozen=True)
class Found:
    """What was found in labelled texts.

    Attributes:
        source: What was looked at.
        folder: What holds all of its files; empty where there is none.
        rows: The rows of each split.
        labels: For each split, the rows of each label.
        view: What the text settings leave of each split.
        findings: What was found, the most serious first.
    """

    source: str
    folder: str
    rows: Mapping[str, int]
    labels: Mapping[str, Mapping[str, int]]
    view: View
    findings: tuple[Finding, ...]

    def weighing(self, weight: str) -> tuple[Finding, ...]:
        """Returns the findings of a weight: serious, notable or note."""
        return tuple(one for one in self.findings if one.weight == weight)

    def of(self, kind: str, split: str | None = None) -> tuple[Finding, ...]:
        """Returns the findings of a kind, of one split or of all.

        Args:
            kind: Such as `leak`.
            split: train, dev or test; None: any.
        """
        return tuple(
            one
            for one in self.findings
            if one.kind == kind and split in (None, one.split)
        )

    def to_json(self, *, examples: int = SHOWN) -> dict[str, Any]:
        """Returns the audit as JSON, with so many examples a finding."""
        return {
            "version": VERSION,
            "source": self.source,
            "folder": self.folder,
            "rows": dict(self.rows),
            "labels": {split: dict(names) for split, names in self.labels.items()},
            "seen": [asdict(one) for one in self.view.splits],
            "weights": {weight: len(self.weighing(weight)) for weight in WEIGHTS},
            "findings": [one.to_json(examples=examples) for one in self.findings],
        }
