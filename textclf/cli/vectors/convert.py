"""`textclf vectors convert`."""

import argparse
from collections.abc import Collection
from pathlib import Path

from textclf.cli.console import Console
from textclf.cli.places import bundle_folder
from textclf.errors import ConfigError
from textclf.vectors.named import file_of
from textclf.vectors.writers import Choice, Written, check_target, convert


def run(options: argparse.Namespace) -> None:
    """Writes a file of vectors in another format, or a part of it."""
    console, target = Console(), Path(options.target)
    check_target(target)
    words = _words(options.vocabulary) if options.vocabulary else None
    choice = Choice(options.limit, words, rounded=options.dtype == "float16")
    source = file_of(options.source)
    written = convert(source, target, choice, progress=console)
    if words is not None:
        console.say(f"{written.rows:,} of {len(words):,} words have a vector")
    for line in _left_out(written):
        console.say(line)
    print(f"{target}: {written.format}, {written.rows:,} rows of {written.dim} numbers")


def _words(vocabulary: str) -> Collection[str]:
    """Returns the words of a run, or of a file with a word a line."""
    path = Path(vocabulary)
    if path.is_dir():
        from textclf.bundle import Bundle
        from textclf.text.vocabulary import RESERVED

        tokens = Bundle.open(bundle_folder(path)).encoder.vocabulary.tokens
        return frozenset(tokens[len(RESERVED) :])
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as fault:
        raise ConfigError(
            f"cannot be read ({fault})",
            where=f"--vocabulary {path}",
            fix="give a run, or a UTF-8 file with a word a line",
        ) from fault
    return frozenset(line.rstrip("\r") for line in lines) - {""}


def _left_out(written: Written) -> list[str]:
    told = {
        "came again, the first row was written": written.repeated,
        "are not UTF-8, left out": written.undecodable,
        "are empty or have blanks, which this format cannot hold": written.unfit,
    }
    return [f"{count:,} words {what}" for what, count in told.items() if count]
