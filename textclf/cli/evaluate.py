"""`textclf evaluate`."""

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING

from textclf.cli.console import Console, width
from textclf.cli.places import places
from textclf.config.load import load_config
from textclf.run import CONFIG, Run

if TYPE_CHECKING:
    from textclf.data.sources import Sources
    from textclf.evaluation.report import Report


def run(options: argparse.Namespace) -> None:
    """Scores a run on its held-out data or on a file, and prints the report."""
    report = _report(Run.open(Path(options.run)), options, Console())
    if options.json:
        print(json.dumps(report.to_json(), ensure_ascii=False))
    else:
        print("\n".join(report.to_lines(width())))


def _report(record: Run, options: argparse.Namespace, console: Console) -> "Report":
    from textclf.assessment import assess_held_out, assess_table
    from textclf.data.named import open_sources
    from textclf.data.tables import read_table
    from textclf.predictor import Predictor

    config = load_config(record.folder / CONFIG).config
    data = config.data

    def tables() -> "Sources":
        found = places(options.data_dir, record.folder)
        return open_sources(data, found, progress=console)

    if not options.data:
        read = tables()
        return assess_held_out(record, config, read, Predictor.load(record.bundle))
    table = read_table(
        Path(options.data),
        text=data.text,
        label=data.label,
        encoding=data.encoding,
        encoding_errors=data.encoding_errors,
    )
    predictor = Predictor.load(record.bundle)
    return assess_table(config, table, tables, predictor, progress=console)
