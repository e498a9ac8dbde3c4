"""`textclf study report`."""

import argparse
import json
from pathlib import Path

from textclf.study.analysis.cells import cell_table
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
    for path in write_report(results, target, html=options.html):
        print(path)


def _json(results: Results) -> str:
    return json.dumps(summary(results), ensure_ascii=False) + "\n"


def _markdown(results: Results) -> str:
    return to_markdown(content_of(results), ())


def _csv(results: Results) -> str:
    return csv_of(cell_table(results))


_FORMS = {"md": _markdown, "json": _json, "csv": _csv}
