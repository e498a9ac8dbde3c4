"""`textclf report`."""

import argparse
from pathlib import Path

from textclf.cli.behave import labels_given
from textclf.cli.console import Console
from textclf.cli.places import places
from textclf.run import Run


def run(options: argparse.Namespace) -> None:
    """Writes one document about a run and prints its path."""
    from textclf.report.of_run import write_report

    record = Run.open(Path(options.run))
    path = write_report(
        record,
        options.output,
        form="card" if options.card else "html",
        suite=options.suite or None,
        labels=labels_given(options.label),
        places=places(options.data_dir, record.folder),
        force=options.force,
        progress=Console(),
    )
    print(path)
