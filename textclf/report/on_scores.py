"""What a page says of the scores."""

from typing import TYPE_CHECKING

from textclf.errors import plural
from textclf.evaluation.canvas import drawn
from textclf.evaluation.measures import NAMES, shown, shown_range
from textclf.evaluation.metrics import Scores
from textclf.evaluation.plots import scores_plot
from textclf.evaluation.predictions import MULTILABEL
from textclf.evaluation.report import Report
from textclf.evaluation.slices import Slice, built_in_groups, slices_of
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
    tinted,
)
from textclf.report.material import Material
from textclf.report.wording import baselines_told, percent, unbroken

if TYPE_CHECKING:
    from markupsafe import Markup

_READ = 12  # labels up to which a matrix is read at a glance
_FOLDED = 40  # labels above which their table is opened by a click
_TOLD = (
    "Intervals: how far a score would move with other texts of the same kind "
    "(bootstrap over texts). {} "
    "Log loss, Brier score and calibration error: less is better."
)
_SLICED = ("length", "unknown", "truncated")


def headline(material: Material) -> "Markup":
    """Returns the few figures that matter most."""
    report, facts = material.report, material.data["splits"]
    items = [_tile(report, report.headline), _tile(report, "macro_f1")]
    for name, baseline in (report.floor or {}).items():
        if baseline.get("features") != "none":
            common = "constant answer" if material.many else "most frequent answer"
            what = {"majority": common, "linear": "linear model"}
            items.append((what.get(name, name), percent(baseline[report.headline]), ""))
    items.append(("training texts", f"{facts['train']['texts']:,}", ""))
    size = material.bundle.spec.bytes() / 1e6
    items.append(("model", f"{size:,.1f} MB", material.bundle.spec.model.kind))
    return tiles(items)


def _tile(report: Report, measure: str) -> tuple[str, Piece, str]:
    told = f"95 % interval {shown_range(measure, report.intervals[measure])}"
    value = shown(measure, getattr(report.scores, measure))
    return NAMES[measure], unbroken(value), unbroken(told)


def scores_section(material: Material) -> "Markup":
    """Returns the scores of every split beside the floor, and of kinds of texts."""
    parts: list[Piece] = []
    for split in reversed(list(material.reports)):
        report = material.reports[split]
        (_, *head), *rows = report.summary()
        head = [f"{split}, {plural(report.n, 'text')}", *head]
        listed = table(head, rows, numeric=range(1, len(head)))
        apart = split != material.split
        parts.append(
            details(f"The same of the {split} texts", listed) if apart else listed
        )
    return joined(
        *parts,
        paragraph(_TOLD.format(baselines_told(material.report)), tone="soft"),
        heading("Kinds of text"),
        _kinds(material),
    )


def _kinds(material: Material) -> "Markup":
    slices = slices_told(material)
    if not slices:
        told = "The run kept no answers, or all its texts are of one kind."
        return paragraph(told, tone="soft")
    measure = material.report.headline
    rows: list[list[Piece]] = [
        [f"{part.name}: {part.value}", *figures, tinted(verdict, "bad")]
        for part, (*figures, verdict) in zip(
            slices, (slice_row(part, measure) for part in slices), strict=True
        )
    ]
    head = ["texts by", "number", NAMES[measure], "95 % interval", "others", ""]
    worse = sum(part.worse for part in slices)
    are = "is" if worse < 2 else "are"
    which = f"{plural(worse, 'kind')} of text" if worse else "No kind of text"
    told = f"{which} {are} clearly worse than the others."
    return table(head, rows, numeric=range(1, 5), caption=told)


def slices_told(material: Material) -> list[Slice]:
    """Returns the scores by length, unknown words and what was read of a text."""
    judged, held = material.judged, material.texts.get(material.split)
    if judged is None:
        return []
    names = [name for name in _SLICED if name != "length" or held is not None]
    texts = () if held is None else held.dataset.texts
    divided = (
        built_in_groups(name, judged.predictions, judged.truth, texts) for name in names
    )
    groups = [group for own in divided if len(own) > 1 for group in own]
    seed = material.config.seed
    return slices_of(judged.predictions, judged.truth, groups, seed=seed)


def slice_row(part: Slice, measure: str) -> list[str]:
    """Returns number, score, interval, score of the others, and whether it is worse."""
    return [
        f"{part.n:,}",
        shown(measure, part.score),
        "" if part.interval is None else shown_range(measure, part.interval),
        "" if part.rest is None else shown(measure, part.rest),
        "worse" if part.worse else "",
    ]


def labels_section(material: Material) -> "Markup":
    """Returns the scores of each label, and what is taken for what."""
    report, scores = material.report, material.report.scores
    head = ["label", "precision", "recall", "F1", "texts", "predicted"]
    rows = [
        [name, *map(percent, (row.precision, row.recall, row.f1))]
        + [f"{row.support:,}", f"{row.predicted:,}"]
        for name, row in zip(scores.labels, scores.per_label, strict=True)
    ]
    if report.label_intervals:
        head.append("F1, 95 %")
        for row, own in zip(rows, report.label_intervals, strict=True):
            row.append(shown_range("macro_f1", own["f1"]))
    listed = table(head, rows, numeric=range(1, len(head)))
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
