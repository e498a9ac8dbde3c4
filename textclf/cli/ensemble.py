"""`textclf ensemble`."""

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING

from textclf.cli.console import Console, width
from textclf.cli.places import sources_of
from textclf.run import Run, check_free, next_folder

if TYPE_CHECKING:
    from textclf.config.schema import Config
    from textclf.data.sources import Sources
    from textclf.evaluation.report import Report

_RUNS, _NAME = Path("runs"), "ensemble"


def run(options: argparse.Namespace) -> None:
    """Joins runs, prints what each counts and what they score together."""
    folder = Path(options.run_dir) if options.run_dir else next_folder(_RUNS, _NAME)
    check_free(folder)
    runs = [Run.open(Path(name)) for name in options.runs]

    from textclf.ensemble.blending import blend, check_alike

    check_alike(runs)
    console = Console()

    def sources(record: Run, config: "Config") -> "Sources":
        return sources_of(record, config, options.data_dir, console)()

    made = blend(runs, folder, sources=sources, progress=console)
    reports = _reports(made)
    if options.json:
        told = {split: report.to_json() for split, report in reports.items()}
        bundle = {"run": str(made.folder), "bundle": str(made.bundle)}
        print(json.dumps(bundle | told, ensure_ascii=False))
        return
    report = reports.get("test", reports["dev"])
    print("\n".join(report.to_lines(width())))
    print(f"\nrun: {folder}  ({made.state()['seconds']:.1f} s)")


def _reports(made: Run) -> dict[str, "Report"]:
    from textclf.evaluation.report import Report

    return {
        split: Report.from_json(made.read_json(f"report-{split}.json"))
        for split in ("dev", "test")
        if (made.folder / f"report-{split}.json").is_file()
    }
