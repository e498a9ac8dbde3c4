"""A classifier as a notebook shows it."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from textclf.evaluation.answers_display import clipped
from textclf.page.document import fragment
from textclf.page.parts import definitions, details, heading, paragraph, table, tiles

if TYPE_CHECKING:
    from markupsafe import Markup

    from textclf.predictor import Predictor

_NAMES = 8  # labels that are named
_VALUE = 80  # characters of a setting


def unfitted_html(name: str, changed: Mapping[str, Any]) -> str:
    """Returns a classifier that has not learnt: its settings."""
    return fragment(
        heading(name),
        paragraph("Has not learnt yet: call fit(texts, labels).", tone="soft"),
        *_settings(changed),
    )


def fitted_html(
    name: str,
    changed: Mapping[str, Any],
    predictor: "Predictor",
    history: Sequence[Mapping[str, Any]],
    notes: Sequence[str],
) -> str:
    """Returns a classifier that has learnt: what it knows, how it went.

    Args:
        name: Of the class.
        changed: Settings that are no defaults.
        predictor: What answers.
        history: One mapping an epoch; may be empty.
        notes: Remarks on the data.
    """
    labels = predictor.labels.names
    named = ", ".join(clipped(label, 40) for label in labels[:_NAMES])
    more = " …" if len(labels) > _NAMES else ""
    facts = [
        ("labels", f"{len(labels):,}", named + more),
        ("vocabulary", f"{len(predictor.encoder.vocabulary):,}", "units"),
        *_progress(history),
    ]
    return fragment(
        heading(name),
        tiles(facts),
        *(paragraph(note, tone="soft") for note in notes),
        *_settings(changed),
        *_epochs(history),
    )


def _settings(changed: Mapping[str, Any]) -> "list[Markup]":
    if not changed:
        return [paragraph("All settings are defaults.", tone="soft")]
    pairs = [(key, clipped(repr(value), _VALUE)) for key, value in changed.items()]
    return [details("settings that are no defaults", definitions(pairs), opened=True)]


def _progress(
    history: Sequence[Mapping[str, Any]],
) -> list[tuple[str, str, str]]:
    best = [epoch for epoch in history if epoch["best"]]
    if not best:
        return []
    accuracy = f"{100 * best[-1]['dev_accuracy']:.1f} %"
    told = f"epoch {best[-1]['epoch']} of {len(history)}"
    seconds = sum(epoch["seconds"] for epoch in history)
    return [("dev accuracy", accuracy, told), ("epochs took", f"{seconds:.1f} s", "")]


def _epochs(history: Sequence[Mapping[str, Any]]) -> "list[Markup]":
    if not history:
        return []
    names = ("train_loss", "train_accuracy", "dev_loss", "dev_accuracy")
    rows = [
        [
            str(epoch["epoch"]),
            *(f"{epoch[name]:.4f}" for name in names),
            "best" if epoch["best"] else "",
        ]
        for epoch in history
    ]
    head = ["epoch", *(name.replace("_", " ") for name in names), ""]
    return [details("epochs", table(head, rows, numeric=(0, 1, 2, 3, 4)))]
