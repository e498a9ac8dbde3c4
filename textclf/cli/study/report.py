"""`textclf study report`."""

import argparse
import json
from pathlib import Path

from textclf.cli.console import Console
from textclf.cli.study.pip import losses_of
from textclf.study.analysis.cells import cell_table
from textclf.study.board import write_board
from textclf.study.folder import REPORT
from textclf.study.report.content import content_of
from textclf.study.report.markdown import to_markdown
from textclf.study.report.text import summary
from textclf.study.report.write import csv_of, write_report
from textclf.study.results import Results
from textclf.study.saved import results_of


def run(options: argparse.Namespace) -> None:
    """Prints what a study found, or writes it with its pictures."""
    folder = Path(options.study)
    results = results_of(folder)
    if options.format:
        print(_FORMS[options.format](results), end="")
        return
    target = Path(options.output) if options.output else folder / REPORT
    bands = _bands(options) if options.pip else None
    if options.tensorboard:
        write_board(results, Path(options.tensorboard))
    for path in write_report(results, target, html=options.html, bands=bands):
        print(path)
    if options.tensorboard:
        print(options.tensorboard)


def _bands(options: argparse.Namespace) -> dict[str, tuple[int, int]]:
    """Returns the widest band of each matrix, from the texts of a configuration."""
    _, losses = losses_of(Path(options.pip), options.data_dir, Console())
    bands: dict[str, tuple[int, int]] = {}
    for loss in losses:
        low, high = loss.band
        known = bands.get(loss.matrix, (low, high))
        bands[loss.matrix] = (min(known[0], low), max(known[1], high))
    return bands


def _json(results: Results) -> str:
    return json.dumps(summary(results), ensure_ascii=False) + "\n"


def _markdown(results: Results) -> str:
    return to_markdown(content_of(results), ())


def _csv(results: Results) -> str:
    return csv_of(cell_table(results))


_FORMS = {"md": _markdown, "json": _json, "csv": _csv}
