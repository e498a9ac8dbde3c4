"""A report on disk: Markdown, pictures, tables, and the page where wanted."""

from pathlib import Path

import pandas as pd

from textclf.errors import ResourceError
from textclf.files import write_text
from textclf.study.analysis.cells import cell_table
from textclf.study.report.content import content_of
from textclf.study.report.html import to_html
from textclf.study.report.markdown import to_markdown
from textclf.study.report.pictures import Bands, draw_pictures
from textclf.study.results import Results

PAGE, MARKDOWN, CELLS, TRIALS = "report.html", "report.md", "cells.csv", "trials.csv"


def write_report(
    results: Results, folder: Path, *, html: bool = False, bands: Bands | None = None
) -> list[Path]:
    """Writes the report of a study; returns its files, the one to read first.

    Args:
        results: The study.
        folder: Where; files of an older report are replaced.
        html: Whether to write the self-contained page too.
        bands: The range of dimensions that PIP loss names, by matrix.

    Raises:
        ResourceError: The folder or a file cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as fault:
        problem = f"cannot be made ({fault.strerror or fault})"
        raise ResourceError(problem, where=str(folder)) from fault
    content, pictures = content_of(results), draw_pictures(results, folder, bands=bands)
    write_text(folder / MARKDOWN, to_markdown(content, pictures))
    write_text(folder / CELLS, csv_of(cell_table(results)))
    write_text(folder / TRIALS, csv_of(results.frame.drop(columns="curve")))
    written = [MARKDOWN, CELLS, TRIALS, *(picture.file for picture in pictures)]
    if html:
        write_text(folder / PAGE, to_html(content, pictures, folder))
        written.insert(0, PAGE)
    return [folder / name for name in written]


def csv_of(table: pd.DataFrame) -> str:
    """Returns a table as CSV; numbers in full."""
    return str(table.to_csv(index=False, lineterminator="\n"))
