"""An audit: all that is to be known of labelled texts before a model learns them."""

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from textclf.audit import display, telling
from textclf.audit.finding import WEIGHTS, Finding
from textclf.audit.found import SHOWN, Found
from textclf.audit.on_copies import on_copies
from textclf.audit.on_labels import counts_of, on_labels
from textclf.audit.on_languages import on_languages
from textclf.audit.on_signs import on_signs
from textclf.audit.on_texts import on_texts
from textclf.audit.on_truth import on_truth
from textclf.audit.pool import Pool
from textclf.audit.seen import on_view, view
from textclf.config.schema import Config
from textclf.data.labels import Labels
from textclf.data.tables import Table
from textclf.progress import SILENT, Progress


@dataclass(frozen=True, repr=False)
class Audit(Found):
    """What was found in labelled texts, for a terminal, a program and a notebook."""

    def to_lines(self, width: int = 80, *, examples: int = SHOWN) -> list[str]:
        """Returns plain text, no line wider than `width`, with so many examples."""
        return [
            *telling.overview(self, width),
            *telling.findings(self, width, examples=examples),
        ]

    def __repr__(self) -> str:
        return f"Audit({telling.verdict(self)})"

    def _repr_html_(self) -> str:
        return display.audit_html(self)


def audit_tables(
    tables: Mapping[str, Table],
    config: Config,
    *,
    source: str,
    wrong_labels: bool = True,
    progress: Progress = SILENT,
) -> Audit:
    """Looks at the tables of a configuration; memory holds all texts.

    Args:
        tables: The table of each split; one is called `train`.
        config: What a run would do with them.
        source: What to call them.
        wrong_labels: Whether to look for them, which takes most of the time.
        progress: Hears how far it is.

    Raises:
        DataError: There are fewer than two labels, or they look like texts.
    """
    pool = Pool(tables, config.data.label_separator)
    _check_labels(pool)
    seen = view(config.data, config.text, tables, seed=config.seed)
    steps: dict[str, Callable[[], Iterator[Finding]]] = {
        "labels": lambda: on_labels(pool),
        "copies": lambda: on_copies(pool),
        "texts": lambda: on_texts(pool),
        "signs": lambda: on_signs(pool),
        "languages": lambda: on_languages(pool),
        "text settings": lambda: on_view(seen),
    }
    if wrong_labels:
        steps["wrong labels"] = lambda: on_truth(pool, progress=progress)
    found: list[Finding] = []
    with progress.task("audit", len(steps)) as task:
        for name, step in steps.items():
            found += step()
            task.advance(note=name)
    return Audit(
        source=source,
        folder=_folder(tables),
        rows={split: len(table) for split, table in tables.items()},
        labels=counts_of(pool),
        view=seen,
        findings=tuple(sorted(found, key=lambda one: WEIGHTS.index(one.weight))),
    )


def _folder(tables: Mapping[str, Table]) -> str:
    """Returns the folder of all files, or nothing where texts came from elsewhere."""
    paths = [Path(table.source) for table in tables.values()]
    if not all(path.exists() for path in paths):
        return ""
    folders = {str(path if path.is_dir() else path.parent) for path in paths}
    common = os.path.commonpath(map(os.path.abspath, folders))
    return folders.pop() if len(folders) == 1 else common


def _check_labels(pool: Pool) -> None:
    """Refuses what is no classification: mostly a wrong column."""
    table = pool.tables["train"]
    filled = [row for row in pool.rows("train").tolist() if pool.cells[row].strip()]
    Labels.fit(
        [pool.cells[row] for row in filled],
        separator=pool.separator,
        place=lambda at: table.place(filled[at]) if filled else table.source,
    )
