"""`textclf study rerun`."""

import argparse
import time
from pathlib import Path

from textclf.cli.console import Console
from textclf.cli.study.place import study_in
from textclf.cli.study.trials import kept, tell


def run(options: argparse.Namespace) -> None:
    """Forgets trials and trains them again."""
    study, began, console = study_in(options), time.monotonic(), Console()
    folder = Path(options.study)
    forgotten = study.forget(folder, options.cell)
    console.say(f"{forgotten:,} trials are trained again")
    with kept(console):
        found = study.run(folder, workers=options.workers, progress=console)
    tell(found.results, folder, began, as_json=False)
