"""`textclf vectors map`."""

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from textclf.cli.console import Console, width
from textclf.cli.vectors.picture import checked, entitled
from textclf.cli.vectors.source import learnt_words
from textclf.evaluation.tables import wrapped
from textclf.vectors.named import file_of
from textclf.vectors.table import Vectors

if TYPE_CHECKING:
    from textclf.explain.word_map import WordMap

_SPARE = 3
"""Rows that are read for each word of the map: some words have no letter."""


def run(options: argparse.Namespace) -> None:
    """Draws words of a file, or of a run before and after training, on a plane."""
    console, output = Console(), checked(options.output)
    drawn = _map(options, console)
    if drawn.unknown:
        console.say(
            f"{drawn.unknown:,} of the words are not among those whose start the run "
            "keeps: they stand on the map after training only"
        )
    drawn.draw(output, title=entitled(options.source))
    if options.json:
        told = {"file": str(output), "method": options.method, **drawn.to_json()}
        print(json.dumps(told, ensure_ascii=False))
        return
    maps = "before and after training" if drawn.projection.before is not None else ""
    print(f"{output}: {len(drawn.words):,} words{maps and ', '}{maps}")
    for line in wrapped(drawn.projection.told, width() - 2):
        print(f"  {line}")


def _map(options: argparse.Namespace, console: Console) -> "WordMap":
    from textclf.explain.word_map import WordMap

    path = file_of(options.source)
    how = {"method": options.method, "seed": options.seed}
    if path.is_dir():
        learnt = learnt_words(path)
        return WordMap.of_model(learnt, _rows(learnt.after, options), **how)
    vectors = _read(path, options, console)
    return WordMap.of_vectors(vectors, _rows(vectors, options), **how)


def _read(path: Path, options: argparse.Namespace, console: Console) -> Vectors:
    """Reads what the map needs of a file: its first rows, or the chosen words."""
    if options.chosen:
        spellings = {*options.chosen, *map(str.lower, options.chosen)}
        return Vectors.read(path, words=spellings, progress=console)
    return Vectors.read(path, limit=_SPARE * max(options.words, 1), progress=console)


def _rows(vectors: Vectors, options: argparse.Namespace) -> np.ndarray:
    """Returns the rows of the words that are asked for, none twice."""
    from textclf.explain.word_map import frequent

    if not options.chosen:
        return frequent(vectors, options.words)
    rows = vectors.rows(options.chosen)
    return rows[np.sort(np.unique(rows, return_index=True)[1])]
