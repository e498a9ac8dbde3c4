"""`textclf explain RUN TEXT`: texts, one after the other."""

import argparse
import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from textclf.cli.console import Console, width
from textclf.cli.explain.output import check_output
from textclf.cli.places import bundle_folder
from textclf.cli.stdin import lines_of_stdin

if TYPE_CHECKING:
    from textclf.explain.explanation import Explanation

_FEW = 256


def run(options: argparse.Namespace) -> None:
    """Explains texts of the command line, or of stdin as they come."""
    folder = bundle_folder(Path(options.run))
    check_output(options)

    from textclf.explain.attribution import Explainer
    from textclf.predictor import Predictor

    explainer = Explainer.of(Predictor.load(folder))
    if options.label is not None:
        explainer.label_of(options.label)
    explanations = (
        explainer.explain(text, label=options.label, method=options.method)
        for text in texts_of(options)
    )
    if options.html:
        _to_page(Path(options.html), list(explanations))
    else:
        _to_stdout(explanations, as_json=options.json)


def texts_of(options: argparse.Namespace) -> Iterator[str]:
    """Yields the texts of the command line, or of stdin as they come."""
    if options.texts:
        yield from options.texts
        return
    for lines in lines_of_stdin(_FEW):
        yield from lines


def _to_stdout(explanations: "Iterable[Explanation]", *, as_json: bool) -> None:
    from textclf.evaluation.json_lines import json_line

    colour, first = _is_coloured(), True
    for explanation in explanations:
        if as_json:
            sys.stdout.buffer.write(json_line(explanation.to_json()))
            sys.stdout.buffer.flush()
            continue
        lines = explanation.to_lines(width(), colour=colour)
        print("\n".join([*([] if first else [""]), *lines]), flush=True)
        first = False


def _is_coloured() -> bool:
    """Tells whether colours are welcome; see no-color.org."""
    dumb = os.environ.get("TERM") == "dumb"
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and not dumb


def _to_page(path: Path, explanations: "list[Explanation]") -> None:
    from textclf.explain.pages import page_of
    from textclf.files import write_text

    write_text(path, page_of(explanations))
    Console().say(f"explanations of {len(explanations):,} texts in {path}")
