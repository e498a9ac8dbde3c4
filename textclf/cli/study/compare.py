"""`textclf study compare`."""

import argparse
import json
from pathlib import Path

from textclf.study.comparison import Comparison


def run(options: argparse.Namespace) -> None:
    """Prints how two cells differ: by seed, by distribution, by text."""
    found = Comparison.of(Path(options.study), options.a, options.b)
    if options.json:
        print(json.dumps(found.to_json(), ensure_ascii=False))
    else:
        print("\n".join(found.to_lines()))
