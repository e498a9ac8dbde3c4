"""`textclf vectors align`."""

import argparse
import json
from dataclasses import asdict
from pathlib import Path

import numpy as np

from textclf.cli.console import Console
from textclf.vectors.align import (
    CUTOFFS,
    Precision,
    entries_of,
    held_out,
    precision,
    rotation,
)
from textclf.vectors.named import file_of
from textclf.vectors.questions import read_dictionary
from textclf.vectors.table import Vectors
from textclf.vectors.writers import Choice, check_target, convert


def run(options: argparse.Namespace) -> None:
    """Learns a rotation from a dictionary, scores it, writes the turned vectors."""
    console, output = Console(), Path(options.output)
    check_target(output)
    pairs = read_dictionary(Path(options.dictionary))
    path = file_of(options.source)
    source = Vectors.read(path, limit=options.limit, progress=console)
    target = Vectors.read(
        file_of(options.target), limit=options.limit, progress=console
    )
    entries = entries_of(pairs, source, target)
    rng = np.random.default_rng(options.seed)
    learnt, asked = held_out(entries, options.heldout, rng)
    turn = rotation(source, target, learnt)
    found = precision(source, target, asked, turn) if asked else []
    written = convert(path, output, Choice(rotation=turn), progress=console)
    told = {
        "output": str(output),
        "rows": written.rows,
        "entries": len(pairs),
        "words": len(entries),
        "learnt": len(learnt),
        "asked": len(asked),
        "precision": [asdict(one) for one in found],
    }
    if options.json:
        print(json.dumps(told, ensure_ascii=False))
        return
    print(f"dictionary  {len(pairs):,} entries; {len(entries):,} source words have")
    print(f"            vectors: {len(learnt):,} learnt from, {len(asked):,} asked")
    for by in dict.fromkeys(one.by for one in found):
        print(_line(by, [one for one in found if one.by == by]))
    print(f"{output}: {written.format}, {written.rows:,} rows of {written.dim} numbers")


def _line(by: str, found: list[Precision]) -> str:
    cells = [f"@{c} {one.share:.1%}" for c, one in zip(CUTOFFS, found, strict=True)]
    low, high = found[0].interval
    return f"{by:<8} precision {'  '.join(cells)}   @1 [{low:.1%}, {high:.1%}]"
