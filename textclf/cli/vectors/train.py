"""`textclf vectors train`."""

import argparse
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

from textclf.cli.console import Console
from textclf.cli.places import batches_of_file, places
from textclf.config.schema import DataConfig
from textclf.config.word_vectors import VectorTraining
from textclf.data.catalogue import catalogue, entry_named
from textclf.data.formats import tables_of
from textclf.data.named import find
from textclf.errors import DataError
from textclf.files import sha256_of, write_json
from textclf.machine import version_of
from textclf.vectors.writers import check_target

_AT_ONCE = 4096
_HELD_OUT = re.compile(r"(^|[._-])(test|dev|valid|validation|heldout)([._-]|$)", re.I)
_WITH_TEST_ROWS = "all"


def run(options: argparse.Namespace) -> None:
    """Learns word vectors from texts."""
    console, target = Console(), Path(options.output)
    given = {name: getattr(options, name) for name in VectorTraining.model_fields}
    settings = VectorTraining.of_flags(given)
    check_target(target)
    files = [file for name in options.data for file in _files(name, options, console)]
    column = options.text or DataConfig.model_fields["text"].default
    for file in files:
        console.say(f"reading {file}")
    from textclf.training.word_vectors import learn_vectors

    learnt = learn_vectors(_batches(files, column), target, settings, progress=console)
    record = {
        "vectors": target.name,
        "settings": settings.model_dump()
        | {"window": settings.reach, "epochs": settings.passes},
        "learnt": asdict(learnt),
        "sources": {str(file): _digest(file) for file in files},
        "versions": {name: version_of(name) for name in ("textclf", "gensim")},
    }
    write_json(target.with_name(f"{target.name}.json"), record)
    if options.json:
        print(json.dumps(record, ensure_ascii=False))
        return
    print(
        f"{target}: {learnt.rows:,} words of {learnt.dim} numbers, {settings.method}, "
        f"{learnt.seconds:.0f} s"
    )


def _files(name: str, options: argparse.Namespace, console: Console) -> Iterator[Path]:
    """Yields the files that a path or a data set has for learning.

    Those of a folder that are named as held-out ones are left out, and it is said.
    """
    named = not Path(name).exists() and name in catalogue()
    if named:
        entry_named(name)
        located = find(name, places(options.data_dir, None), progress=console)
        inside = list(located.files.values())
    else:
        inside = tables_of(Path(name))
    if len(inside) == 1 and not named:
        if _HELD_OUT.search(inside[0].stem):
            console.warn(f"{inside[0]} is named as held-out texts are")
        yield inside[0]
        return
    held = [path for path in inside if _HELD_OUT.search(path.name)]
    kept = [path for path in inside if path not in held]
    if not kept:
        raise DataError("got held-out files only, expected training texts", where=name)
    if held:
        console.say(f"left out, as held-out: {', '.join(path.name for path in held)}")
    for path in kept:
        if path.stem == _WITH_TEST_ROWS:
            console.warn(f"{path} may hold the rows that you test on")
    yield from kept


def _batches(files: Sequence[Path], column: str) -> Iterator[Sequence[str]]:
    for file in files:
        for table in batches_of_file(file, column=column, batch=_AT_ONCE):
            yield table.texts


def _digest(file: Path) -> str | None:
    return sha256_of(file) if file.is_file() else None
