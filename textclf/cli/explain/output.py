"""Where explanations go: what is refused before any work is done."""

import argparse
from pathlib import Path

from textclf.errors import ConfigError
from textclf.run import STATE, Run


def check_output(options: argparse.Namespace) -> None:
    """Refuses two forms of output, a page that cannot be written, and odd numbers.

    Raises:
        ConfigError: One of them.
    """
    if options.html and options.json:
        raise ConfigError("got both --html and --json", fix="give one of them")
    if options.html and not Path(options.html).absolute().parent.is_dir():
        raise ConfigError(
            "no such folder", where=options.html, fix="make it or choose another"
        )
    for flag, value in (("--top", options.top), ("--most", options.most)):
        if value < 1:
            raise ConfigError(f"got {value}, expected at least 1", where=flag)
    if options.input and not options.overall:
        raise ConfigError("got --input without --global", fix="give texts by stdin")


def run_with_texts(folder: Path, *, otherwise: str) -> Run:
    """Returns the run of a folder, which knows where its texts are.

    Args:
        folder: What was given as --run.
        otherwise: What to do where it is no run.

    Raises:
        ConfigError: It is a bundle alone, which has no texts.
        ArtefactError: It is no complete run.
    """
    if folder.is_dir() and not (folder / STATE).is_file():
        raise ConfigError(
            "got a bundle alone, which has no texts", where=str(folder), fix=otherwise
        )
    return Run.open(folder)
