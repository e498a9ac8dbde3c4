"""`textclf vectors evaluate`."""

import argparse
import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from textclf.cli.console import Console
from textclf.cli.vectors.source import vectors_of
from textclf.errors import printable
from textclf.vectors.judged import Likeness, Solved, likeness, solved
from textclf.vectors.questions import read_pairs, read_questions

_MISSING_SHOWN = 8


def run(options: argparse.Namespace) -> None:
    """Compares vectors with people's scores of pairs, or asks them analogies."""
    console = Console()
    if options.pairs:
        pairs = read_pairs(Path(options.pairs))
        vectors = vectors_of(options.source, limit=options.limit, progress=console)
        found = likeness(vectors, pairs)
        told, lines = asdict(found), _likeness(found)
    else:
        questions = read_questions(Path(options.analogies))
        vectors = vectors_of(options.source, limit=options.limit, progress=console)
        sections = solved(vectors, questions, method=options.method, progress=console)
        told = {"method": options.method, "sections": [asdict(s) for s in sections]}
        lines = _solved(sections)
    print(json.dumps(told, ensure_ascii=False) if options.json else "\n".join(lines))


def _likeness(told: Likeness) -> Iterator[str]:
    low, high = told.interval
    yield f"Spearman's rho  {told.rho:.3f}  [{low:.3f}, {high:.3f}]"
    share = told.found / told.pairs
    yield f"pairs           {told.found:,} of {told.pairs:,} ({share:.1%}) have vectors"
    if told.missing:
        words = "  ".join(printable(w, limit=30) for w in told.missing[:_MISSING_SHOWN])
        more = "  …" if len(told.missing) > _MISSING_SHOWN else ""
        yield f"words without   {words}{more}"


def _solved(sections: list[Solved]) -> Iterator[str]:
    yield f"{'section':<32}{'right':>8}{'of':>8}{'asked':>8}  accuracy"
    for one in sections:
        name = printable(one.section or "(no section)", limit=30)
        line = f"{name:<32}{one.right:>8,}{one.found:>8,}{one.questions:>8,}"
        low, high = one.interval
        accuracy = f"  {one.right / one.found:5.1%} [{low:.1%}, {high:.1%}]"
        yield line + (accuracy if one.found else "  no words")
    yield "of: questions whose four words have a vector"
