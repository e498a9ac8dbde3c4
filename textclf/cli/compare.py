"""`textclf compare`."""

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING

from textclf.cli.console import Console, width
from textclf.errors import ConfigError
from textclf.run import Run

if TYPE_CHECKING:
    from textclf.evaluation.report import Report
    from textclf.evaluation.run_plot import Mark
    from textclf.overview import Overview


def run(options: argparse.Namespace) -> None:
    """Tells what runs reach and in what they differ."""
    if options.json and options.markdown:
        raise ConfigError("got --json and --markdown", fix="give one of them")
    if options.plot and Path(options.plot).suffix.lower() != ".png":
        raise ConfigError("expected a name that ends in .png", where=options.plot)
    runs = [Run.open(Path(folder)) for folder in options.runs]

    from textclf.overview import Overview

    overview = Overview.of(runs)
    if options.plot:
        _plot(overview, Path(options.plot))
        Console().say(f"picture: {options.plot}")
    if options.json:
        print(json.dumps(overview.to_json(), ensure_ascii=False))
    elif options.markdown:
        print(overview.to_markdown(), end="")
    else:
        print("\n".join(overview.to_lines(width())))


def _plot(overview: "Overview", path: Path) -> None:
    from textclf.evaluation.measures import NAMES
    from textclf.evaluation.run_plot import Bar, run_plot

    measures = {NAMES[run.report.headline] for run in overview.runs}
    bars = [
        Bar(
            name,
            _mark(run.reports.get("test")),
            _mark(run.reports.get("dev")),
            run.floor(),
        )
        for name, run in zip(overview.names(), overview.runs, strict=True)
    ]
    run_plot(bars, path, measure=" or ".join(sorted(measures)))


def _mark(report: "Report | None") -> "Mark | None":
    from textclf.evaluation.run_plot import Mark

    if report is None:
        return None
    measure = report.headline
    return Mark(getattr(report.scores, measure), report.intervals[measure])
