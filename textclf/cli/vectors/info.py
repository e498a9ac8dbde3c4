"""`textclf vectors info`."""

import argparse
import json
from collections.abc import Iterator
from dataclasses import asdict

from textclf.cli.console import Console
from textclf.errors import printable
from textclf.vectors.named import file_of
from textclf.vectors.portrait import Portrait


def run(options: argparse.Namespace) -> None:
    """Tells what a vector file holds and what it can do."""
    portrait = Portrait.of(file_of(options.file), progress=Console())
    if options.json:
        print(json.dumps(asdict(portrait), ensure_ascii=False))
    else:
        print("\n".join(_lines(portrait)))


def _lines(told: Portrait) -> Iterator[str]:
    yield printable(told.file, limit=100)
    yield f"  format   {told.format}{', gzip' if told.packed else ''}, " + (
        "with a header" if told.header else "no header"
    )
    yield f"  rows     {told.rows:,} of {told.dim} numbers"
    if told.method is not None:
        yield f"  model    fastText, {told.method}, {_grams(told.grams)}"
    yield f"  capitals {_share(told.capitals, told.rows)} of the words"
    for name, count in (
        ("blanks", told.spaced),
        ("again", told.repeated),
        ("no UTF-8", told.undecodable),
        ("zeros", told.zero),
    ):
        if count:
            yield f"  {name:<8} {count:,} rows"
    least, median, most = told.norms
    yield f"  norms    {median:.3g}, from {least:.3g} to {most:.3g}"
    yield f"  first    {_words(told.first)}"
    yield f"  last     {_words(told.last)}"
    yield f"  can      seed an embedding (embedding.dim: {told.dim}); answer neighbours"
    yield "           and analogies; be converted"
    if told.grams is not None:
        yield "           give vectors to words not in it (embedding.oov: subword)"
        yield "  cannot   tell how often a word was seen"
    else:
        yield "  cannot   give vectors to words that are not in it; tell how often a"
        yield "           word was seen"
    if told.capitals == 0:
        yield "  note     no capitals: use text.lowercase: true"


def _grams(grams: tuple[int, int, int] | None) -> str:
    if grams is None:
        return "no n-grams"
    shortest, longest, buckets = grams
    return f"n-grams of {shortest} to {longest} characters, {buckets:,} buckets"


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %"


def _words(words: tuple[str, ...]) -> str:
    return "  ".join(printable(word, limit=30) for word in words)
