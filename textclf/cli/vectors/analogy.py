"""`textclf vectors analogy`."""

import argparse
import json

from textclf.cli.console import Console
from textclf.cli.vectors.neighbours import lines, records
from textclf.cli.vectors.source import vectors_of
from textclf.errors import printable
from textclf.vectors.queries import analogy


def run(options: argparse.Namespace) -> None:
    """Lists the words d such that a is to b as c is to d."""
    words = (options.a, options.b, options.c)
    vectors = vectors_of(options.source, progress=Console())
    near = analogy(vectors, words, k=options.k, method=options.method)
    if options.json:
        a, b, c = words
        told = {"a": a, "b": b, "c": c, "method": options.method, "d": records(near)}
        print(json.dumps(told, ensure_ascii=False))
        return
    a, b, c = map(printable, words)
    print(f"{a} is to {b} as {c} is to")
    print("\n".join(lines(near)))
