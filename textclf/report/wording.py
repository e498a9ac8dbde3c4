"""How numbers are written, and the sentences that both documents begin with."""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from textclf.assessment import LAST_WAS_BEST
from textclf.errors import plural
from textclf.evaluation.measures import shown_range
from textclf.evaluation.mistakes import NAMED, more_than
from textclf.evaluation.report import Report, linear_told
from textclf.report.material import Material

_FEW = 20  # texts of a label below which its scores say little
_MUCH = 0.05  # share of texts, or of their words, that is worth a warning
_GAP = 0.10  # accuracy of training texts above that of dev texts
_SHARE = re.compile(r"[\d.e-]+ of ")  # as `Dataset` writes it
_STANDINGS = {
    "above": "That is clearly better than {}.",
    "within": "That is not clearly different from {}.",
    "below": "That is clearly worse than {}: use that instead, or find out why.",
    "few": "So few texts cannot tell whether that is better than {}.",
}


def file_of(source: str) -> str:
    """Names the file that a split is from, without the folders of one machine."""
    found = _SHARE.match(source)
    share = found[0] if found else ""
    return share + Path(source.removeprefix(share)).name


def percent(value: float) -> str:
    """Writes a share with one decimal; no line ends inside it."""
    return f"{100 * value:.1f}\u00a0%"


def unbroken(text: str) -> str:
    """Returns a short text in which no line ends before a sign or inside brackets."""
    return text.replace(" %", "\u00a0%").replace(", ", ",\u00a0")


def named(labels: Sequence[str]) -> str:
    """Writes a label, or a set of them, of which the first few are named."""
    return (" + ".join(labels[:NAMED]) or "no label") + more_than(len(labels))


def opening(material: Material) -> str:
    """Returns what the model does, and how often it is right, in plain words."""
    report, labels = material.report, material.bundle.labels.names
    value = getattr(report.scores, report.headline)
    interval = report.intervals[report.headline]
    if material.many:
        what = (
            f"The model gives a text any of {len(labels):,} labels and reaches a micro "
            f"F1 of {percent(value)}"
        )
    else:
        what = (
            f"The model chooses one of {len(labels):,} labels and is right on "
            f"{percent(value)} of {_texts_of(material)}"
        )
    where = f" on {_texts_of(material)}" if material.many else ""
    span = unbroken(shown_range(report.headline, interval))
    return f"{what}{where} (95 % interval {span})."


def comparison(report: Report) -> str:
    """Returns in plain words whether the model beats what is cheaper."""
    if report.floor is None or report.standing is None:
        return "There is no baseline to compare it with."
    measure = report.headline
    majority = report.floor["majority"][measure]
    linear = report.floor["linear"][measure]
    common = f"{_always(report.floor['majority'])} reaches {percent(majority)}"
    if linear > majority:
        named = linear_told(report.floor["linear"])
        best = f"the floor ({named}), which reaches {percent(linear)}"
        told = _STANDINGS[report.standing].format(best)
        return f"{told} For scale: {common}."
    return _STANDINGS[report.standing].format(f"chance: {common}")


def baselines_told(report: Report) -> str:
    """Says what the columns of the floor are; empty where there is none."""
    if report.floor is None:
        return ""
    majority, linear = _majority_told(report.floor), report.floor["linear"]
    if linear["features"] == "none":
        return f"Majority: {majority}; linear: the same, as {linear['note']}."
    told = f"linear: {linear_told(linear)}, trained on the same texts"
    return f"Majority: {majority}; {told}."


def _majority_told(floor: Mapping[str, Any]) -> str:
    if isinstance(floor["majority"]["label"], str):
        return "the most frequent answer for every text"
    told = _always(floor["majority"])
    return f"{told}, the constant answer with the best micro F1 on the training texts"


def _always(majority: Mapping[str, Any]) -> str:
    label = majority["label"]
    if isinstance(label, str):
        return "always giving the most frequent answer"
    return f"always answering {named(label)}"


def cautions(material: Material) -> Iterator[str]:
    """Yields what a reader should keep in mind."""
    if material.split == "dev":
        yield (
            "No test texts were held out: these scores are of the dev texts, which "
            "chose the best epoch, so they are somewhat too good."
        )
    yield from remarks(material)
    yield from _on_training(material)
    yield from _on_labels(material.report)
    yield from _on_texts(material)


def remarks(material: Material) -> list[str]:
    """Returns what was noticed about the data, as sentences."""
    return list(map(_sentence, material.data["notes"]))


def best_epoch(material: Material) -> Any:
    """Returns the record of the epoch that was kept; None where none was marked."""
    marked = [epoch for epoch in material.history if epoch.get("best")]
    return marked[-1] if marked else None


def undecided(material: Material) -> str:
    """Says where figures of an epoch are of other answers than those of the scores."""
    if not material.bundle.decision.thresholds:
        return ""
    return "before thresholds were chosen (0.5 for every label)"


def _sentence(note: str) -> str:
    return f"{note[:1].upper()}{note[1:]}."


def _texts_of(material: Material) -> str:
    return plural(material.report.n, f"{material.split} text")


def _on_training(material: Material) -> Iterator[str]:
    best = best_epoch(material)
    if best is None:
        return
    if best["epoch"] == material.config.training.epochs > 1:
        yield _sentence(LAST_WAS_BEST)
    train, dev = best.get("train_accuracy"), best.get("dev_accuracy")
    if train is not None and dev is not None and train - dev > _GAP:
        before = undecided(material)
        yield (
            f"At the best epoch{f', {before},' if before else ','} training texts are "
            f"labelled right {percent(train)} of the time and dev texts "
            f"{percent(dev)}: the model knows its training texts by heart in part."
        )


def _on_labels(report: Report) -> Iterator[str]:
    rows = list(zip(report.scores.labels, report.scores.per_label, strict=True))
    few = [name for name, row in rows if row.support < _FEW]
    if few:
        yield (
            f"{_listed(few)} {_have(few)} fewer than {_FEW} texts here: "
            "their scores say little."
        )
    never = [name for name, row in rows if row.support and not row.predicted]
    if never:
        yield f"Never predicted, though texts have {_them(never)}: {_listed(never)}."


def _on_texts(material: Material) -> Iterator[str]:
    if material.judged is None:
        return
    predictions = material.judged.predictions
    cut = float(predictions.truncated.mean())
    if cut > _MUCH:
        limit = material.config.text.max_length
        yield (
            f"Of {percent(cut)} of the texts only {limit:,} {_unit(material)} were "
            "read (text.max_length)."
        )
    unknown = float(predictions.unknown.mean())
    if unknown > _MUCH:
        yield (
            f"{percent(unknown)} of a text are {_unit(material)} that the model has "
            "never seen."
        )


def _unit(material: Material) -> str:
    return f"{material.config.text.unit}s"


def _listed(names: list[str], most: int = 6) -> str:
    more = f" and {len(names) - most:,} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more


def _have(names: list[str]) -> str:
    return "has" if len(names) == 1 else "have"


def _them(names: list[str]) -> str:
    return "it" if len(names) == 1 else "them"
