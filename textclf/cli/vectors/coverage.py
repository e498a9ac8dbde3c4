"""`textclf vectors coverage`."""

import argparse
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from itertools import chain
from pathlib import Path

from textclf.cli.console import Console
from textclf.config.schema import DataConfig
from textclf.data.formats import tables_of
from textclf.data.tables import read_table
from textclf.errors import printable
from textclf.vectors.named import file_of
from textclf.vectors.reach import Reach, count_words, reach

_ALL = "all"


def run(options: argparse.Namespace) -> None:
    """Tells how many words of texts have a vector, for each file of texts."""
    console = Console()
    splits, column = {}, options.text or DataConfig.model_fields["text"].default
    for path in chain.from_iterable(tables_of(Path(name)) for name in options.data):
        table = read_table(path, text=column, label=None)
        counts = count_words(
            table.texts, unit=options.unit, lowercase=not options.cased
        )
        splits[str(path)] = counts
    if len(splits) > 1:
        splits[_ALL] = dict(sum(map(Counter, splits.values()), Counter()))
    found = reach(file_of(options.file), splits, progress=console)
    if options.json:
        print(json.dumps({k: asdict(v) for k, v in found.items()}, ensure_ascii=False))
    else:
        print("\n\n".join("\n".join(_lines(k, v)) for k, v in found.items()))


def _lines(name: str, told: Reach) -> Iterator[str]:
    yield printable(name, limit=80)
    yield f"  {'':<18}{'types':>20}{'running words':>24}"
    yield f"  {'in the texts':<18}{told.types:>11,}{told.words:>24,}"
    types = words = 0
    for gain in told.gains:
        types, words = types + gain.types, words + gain.words
        yield (
            f"  {gain.spelling:<18}{gain.types:>11,}  {_share(gain.types, told.types)}"
            f"{gain.words:>15,}  {_share(gain.words, told.words)}"
        )
    yield (
        f"  {'together':<18}{types:>11,}  {_share(types, told.types)}"
        f"{words:>15,}  {_share(words, told.words)}"
    )
    share = _share(told.lettered_found, told.lettered).strip()
    yield f"  of running words with a letter, training finds {share}"
    if told.missing:
        shown = (f"{printable(w, limit=30)} ({n:,})" for w, n in told.missing[:8])
        yield f"  missing most often: {', '.join(shown)}"


def _share(part: int, whole: int) -> str:
    return f"{100 * part / max(whole, 1):5.1f} %"
