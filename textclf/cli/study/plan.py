"""`textclf study plan`."""

import argparse
import json

from textclf.cli.console import Console, width
from textclf.cli.lines import folded
from textclf.cli.study.place import study_of


def run(options: argparse.Namespace) -> None:
    """Prints what a study is and what it will take."""
    plan = study_of(options).plan(workers=options.workers, progress=Console())
    if options.json:
        print(json.dumps(plan.to_json(), ensure_ascii=False))
    else:
        print(folded(plan.to_lines(), width()))
