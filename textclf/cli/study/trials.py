"""`textclf study run`."""

import argparse
import contextlib
import json
import shlex
import time
from collections.abc import Iterator
from pathlib import Path

from textclf.cli.console import Console, width
from textclf.cli.study.place import study_of
from textclf.errors import printable
from textclf.study.report.text import lines_of, summary
from textclf.study.results import Results
from textclf.study.study import STUDIES


def run(options: argparse.Namespace) -> None:
    """Trains what is missing and prints what is known."""
    study, began = study_of(options), time.monotonic()
    folder = Path(options.run_dir or STUDIES / study.written.spec.study)
    console = Console()
    with kept(console):
        found = study.run(
            folder, workers=options.workers, budget=options.budget, progress=console
        )
    tell(found.results, folder, began, as_json=options.json)


@contextlib.contextmanager
def kept(console: Console) -> Iterator[None]:
    """Says to whoever ends a study by Ctrl-C or SIGTERM that nothing is lost."""
    try:
        yield
    except (KeyboardInterrupt, SystemExit):
        console.say("what is done is kept: run it again, and it goes on from here")
        raise


def tell(results: Results, folder: Path, began: float, *, as_json: bool) -> None:
    """Prints what is known, and where more is."""
    if as_json:
        print(
            json.dumps({"study": str(folder), **summary(results)}, ensure_ascii=False)
        )
        return
    print("\n".join(lines_of(results, width())))
    print(f"\nstudy: {printable(str(folder))}  ({time.monotonic() - began:.1f} s)")
    next_one = shlex.join(["study", "report", str(folder), "--html"])
    print(f"next: python -m textclf {printable(next_one)}")
