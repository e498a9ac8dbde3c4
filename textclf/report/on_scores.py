"""What a page says of the scores."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from textclf.evaluation.canvas import drawn
from textclf.evaluation.metrics import Scores
from textclf.evaluation.plots import scores_plot
from textclf.evaluation.predictions import MULTILABEL
from textclf.evaluation.report import Report
from textclf.evaluation.tables import confusions
from textclf.page.parts import (
    Piece,
    details,
    figure,
    heading,
    joined,
    paragraph,
    table,
    tiles,
)
from textclf.report.material import Material
from textclf.report.wording import MEASURES, between, percent

if TYPE_CHECKING:
    from markupsafe import Markup

_READ = 12  # labels up to which a matrix is read at a glance
_FOLDED = 40  # labels above which their table is opened by a click


def headline(material: Material) -> "Markup":
    """Returns the few figures that matter most."""
    report, facts = material.report, material.data["splits"]
    items: list[tuple[str, Piece, str]] = [_tile(report, report.headline)]
    items.append(_tile(report, "macro_f1"))
    for name, baseline in (report.floor or {}).items():
        if baseline.get("features") != "none":
            what = {"majority": "most frequent answer", "linear": "linear model"}
            items.append((what.get(name, name), percent(baseline[report.headline]), ""))
    items.append(("training texts", f"{facts['train']['texts']:,}", ""))
    size = material.bundle.spec.bytes() / 1e6
    items.append(("model", f"{size:,.1f} MB", material.bundle.spec.model.kind))
    return tiles(items)


def _tile(report: Report, measure: str) -> tuple[str, Piece, str]:
    interval = report.intervals[measure]
    told = f"95 % interval {between(interval.low, interval.high)}"
    return MEASURES[measure], percent(getattr(report.scores, measure)), told


def scores_section(material: Material) -> "Markup":
    """Returns the scores of every split beside the floor."""
    parts: list[Piece] = []
    for split in reversed(list(material.reports)):
        report = material.reports[split]
        rows = list(score_rows(report))
        floors = list(report.floor or {})
        head = [f"{split}, {report.n:,} texts", "score", "95 % interval", *floors]
        parts.append(table(head, rows, numeric=range(1, len(head))))
    told = (
        "Intervals: how far a score would move with other texts of the same kind "
        "(bootstrap over texts). Majority: the most frequent answer for every text. "
        "Linear: a support vector machine on TF-IDF counts of words, trained on the "
        "same texts."
    )
    return joined(*parts, paragraph(told, tone="soft"))


def score_rows(report: Report) -> Iterator[list[str]]:
    """Yields name, value, interval and baselines of each measure."""
    floor = report.floor or {}
    for measure, name in MEASURES.items():
        value = getattr(report.scores, measure)
        if value is None:
            continue
        interval = report.intervals.get(measure)
        others = [
            percent(baseline[measure]) if measure in baseline else ""
            for baseline in floor.values()
        ]
        told = between(interval.low, interval.high) if interval else ""
        yield [name, percent(value), told, *others]
    loss = f"{report.scores.log_loss:.3f}"
    yield ["log loss", loss, "", *([""] * len(floor))]


def labels_section(material: Material) -> "Markup":
    """Returns the scores of each label, and what is taken for what."""
    scores = material.report.scores
    head = ["label", "precision", "recall", "F1", "texts", "predicted"]
    rows = [
        [name, *map(percent, (row.precision, row.recall, row.f1))]
        + [f"{row.support:,}", f"{row.predicted:,}"]
        for name, row in zip(scores.labels, scores.per_label, strict=True)
    ]
    listed = table(head, rows, numeric=range(1, 6))
    folded = len(rows) > _FOLDED
    image = drawn(lambda path: scores_plot(scores, path))
    title = "F1 of each label" if material.many else "Confusion"
    told = "" if material.many else "Rows are the truth, columns the answer."
    return joined(
        details(f"All {len(rows):,} labels", listed) if folded else listed,
        heading(title),
        *_frequent(scores),
        figure(image, alt=title, caption=told),
    )


def _frequent(scores: Scores) -> list[Piece]:
    """Returns the most frequent confusions, where the matrix is too large to read."""
    if scores.task == MULTILABEL or len(scores.labels) <= _READ:
        return []
    head, *rows = confusions(scores, str)
    return [table(head, rows, numeric={2}, caption="The most frequent confusions.")]
