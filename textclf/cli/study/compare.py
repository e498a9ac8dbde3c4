"""`textclf study compare`."""

import argparse
import json
from pathlib import Path

from textclf.cli.console import width
from textclf.cli.lines import folded
from textclf.errors import printable
from textclf.study.comparison import Comparison


def run(options: argparse.Namespace) -> None:
    """Prints how two cells differ: by seed, by distribution, by text."""
    found = Comparison.of(Path(options.study), options.a, options.b)
    if options.json:
        print(json.dumps(found.to_json(), ensure_ascii=False))
    else:
        print(folded(map(printable, found.to_lines()), width()))
