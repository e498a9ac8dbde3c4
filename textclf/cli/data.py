"""`textclf data list | fetch | where | check | split`."""

import argparse
import json
import os
from pathlib import Path

from textclf.cli import audit
from textclf.cli.console import Console, width
from textclf.cli.places import places
from textclf.data.catalogue import Entry, catalogue
from textclf.data.locate import Located, cache_folder, locate
from textclf.data.named import find
from textclf.errors import DataError

_WHERE = "data set"


def run(options: argparse.Namespace) -> None:
    """Lists, finds and downloads named data sets; checks and divides texts."""
    if options.action == "list":
        _list(options)
    elif options.action == "check":
        audit.check(options)
    elif options.action == "split":
        audit.split(options)
    elif options.action == "fetch":
        found = places(options.data_dir, None)
        _tell(find(options.name, found, progress=Console(), where=_WHERE))
    else:
        located = _located(options.name, options.data_dir)
        if located is None:
            raise DataError(
                "is nowhere on this machine",
                where=options.name,
                fix=f"run `textclf data fetch {options.name}`, or set TEXTCLF_DATA",
            )
        _tell(located)


def _located(name: str, data_dir: str | None) -> Located | None:
    chosen = Path(data_dir) if data_dir else None
    return locate(
        name,
        data_dir=chosen,
        environ=os.environ,
        cache=cache_folder(os.environ),
        where=_WHERE,
    )


def _tell(located: Located) -> None:
    print(f"{located.folder}  ({located.origin})")
    for split, path in located.files.items():
        rows = located.rows.get(split)
        told = f"{rows:,} rows" if rows else ""
        print(f"  {split:<10} {path.name:<20} {told}".rstrip())
    for name in ("licence", "citation", "note"):
        if told := getattr(located.entry, name):
            print(f"  {name}: {told}")


def _list(options: argparse.Namespace) -> None:
    entries = list(catalogue().values())
    there = {e.name: _located(e.name, options.data_dir) is not None for e in entries}
    if options.json:
        records = [{**_record(entry), "here": there[entry.name]} for entry in entries]
        print(json.dumps(records, ensure_ascii=False))
        return
    room = width(piped=1000)
    print(f"{'name':<18}{'classes':>8}{'rows':>9}  {'lang':<5}{'here':<6}task")
    for entry in entries:
        rows = sum(count or 0 for count in entry.splits.values())
        mark = "yes" if there[entry.name] else ""
        labels = f"{len(entry.classes)}{'+' if entry.label_separator else ''}"
        line = (
            f"{entry.name:<18}{labels:>8}{f'{rows:,}' if rows else '':>9}  "
            f"{entry.language:<5}{mark:<6}{entry.task}"
        )
        print(line if len(line) <= room else f"{line[: room - 1]}…")
    print("\n+ multi-label.  `textclf data fetch NAME` downloads it from its authors.")


def _record(entry: Entry) -> dict[str, object]:
    return {
        "name": entry.name,
        "task": entry.task,
        "kind": entry.kind,
        "classes": list(entry.classes),
        "language": entry.language,
        "splits": dict(entry.splits),
        "licence": entry.licence,
        "citation": entry.citation,
        "homepage": entry.homepage,
        "sources": [source.address for source in entry.sources],
    }
