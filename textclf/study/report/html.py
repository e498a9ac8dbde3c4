"""A report as one page that needs nothing else."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from textclf.page.document import fragment, page
from textclf.page.parts import (
    Tone,
    bullets,
    callout,
    code,
    definitions,
    details,
    figure,
    heading,
    joined,
    table,
    tinted,
)
from textclf.study.report.content import Content, Table
from textclf.study.report.pictures import Picture

if TYPE_CHECKING:
    from markupsafe import Markup

_TONES: dict[str, Tone] = {"better": "good", "worse": "bad", "equivalent": "soft"}
_EFFECTS = (
    "Every level against the reference of its factor, paired by seed. More seeds: what "
    "may decide an undecided one."
)
_ANOVA = "Analysis of variance: factors, pairs of factors, and seeds."
_CELLS = (
    "Means over seeds. Gap: points of accuracy, training − dev. ECE: expected "
    "calibration error. ms: one text, from string to answer. Front: no cell is better "
    "in score, size and latency."
)
_TUNED = "Chosen in each cell by dev texts of seeds that nothing else uses."


def findings_html(content: Content) -> str:
    """Returns sentences and effects alone, for a cell of a notebook."""
    return fragment(
        heading(content.title), bullets(content.conclusions), _table(content.effects)
    )


def to_html(content: Content, pictures: Sequence[Picture], folder: Path) -> str:
    """Returns the page; pictures are inside it, and it loads and runs nothing.

    Args:
        content: What it says.
        pictures: What it shows.
        folder: Where their files are.
    """
    sections = {
        "What was asked": definitions(content.asked),
        "Effects": joined(
            _table(content.effects, _EFFECTS),
            *([_table(content.anova, _ANOVA)] if content.anova else []),
        ),
        "Pictures": joined(*(_picture(picture, folder) for picture in pictures)),
        "Every cell": _table(content.cells, _CELLS),
        "What was tuned": _table(content.nuisance, _TUNED),
        "Failed trials": _table(content.failed, "They count for nothing above."),
        "How to read this": bullets(content.method),
        "How to do it again": joined(
            code(content.command),
            details("Environment", definitions(content.environment)),
        ),
    }
    return page(
        content.title,
        callout(bullets(content.conclusions)),
        kind="a study",
        lead=content.question or "",
        sections={name: part for name, part in sections.items() if part},
    )


def _table(part: Table | None, caption: str = "") -> "Markup":
    if part is None:
        return joined()
    rows = [
        [tinted(cell, _TONES[cell]) if cell in _TONES else cell for cell in row]
        for row in part.rows
    ]
    return table(part.head, rows, numeric=part.numeric, caption=caption)


def _picture(picture: Picture, folder: Path) -> "Markup":
    told = f"{picture.title}: {picture.told}"
    return figure((folder / picture.file).read_bytes(), alt=told, caption=told)
