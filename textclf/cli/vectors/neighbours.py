"""`textclf vectors neighbours`."""

import argparse
import json

from textclf.cli.console import Console
from textclf.cli.vectors.source import vectors_of
from textclf.errors import printable
from textclf.vectors.queries import Near, neighbours


def run(options: argparse.Namespace) -> None:
    """Lists the nearest words of each word."""
    vectors = vectors_of(options.source, progress=Console())
    found = {word: neighbours(vectors, word, k=options.k) for word in options.words}
    for number, (word, near) in enumerate(found.items()):
        if options.json:
            told = {"word": word, "neighbours": records(near)}
            print(json.dumps(told, ensure_ascii=False))
            continue
        if number:
            print()
        print(printable(word))
        print("\n".join(lines(near)))


def lines(near: tuple[Near, ...]) -> list[str]:
    """Returns a line a word for a terminal."""
    return [f"  {one.score:6.3f}  {printable(one.word, limit=60)}" for one in near]


def records(near: tuple[Near, ...]) -> list[dict[str, object]]:
    """Returns the same as JSON."""
    return [{"word": one.word, "score": round(one.score, 6)} for one in near]
