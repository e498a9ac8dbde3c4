"""`textclf vectors list | fetch`."""

import argparse
import json
import os
from dataclasses import asdict

from textclf.cli.console import Console, width
from textclf.vectors.catalogue import catalogue, entry_named
from textclf.vectors.fetch import VARIABLE, fetch, locate


def run(options: argparse.Namespace) -> None:
    """Lists the published vectors, or finds or downloads some."""
    if options.action == "list":
        _list(as_json=options.json)
        return
    entry = entry_named(options.name, where="vectors")
    print(fetch(entry, environ=os.environ, progress=Console()))
    print(f"  {entry.about}\n  licence: {entry.licence}\n  {entry.homepage}")
    if entry.note:
        print(f"  note: {entry.note}")


def _list(*, as_json: bool) -> None:
    entries = catalogue().values()
    found = {entry.name: locate(entry, environ=os.environ) for entry in entries}
    if as_json:
        records = [asdict(e) | {"here": found[e.name] is not None} for e in entries]
        print(json.dumps(records, ensure_ascii=False))
        return
    room = width(piped=1000)
    print(f"{'name':<31}{'words':>10}{'dim':>5}{'size':>9}  {'here':<6}about")
    for entry in entries:
        mark = "yes" if found[entry.name] else ""
        line = (
            f"{entry.name:<31}{entry.rows:>10,}{entry.dim:>5}{entry.size:>9}  "
            f"{mark:<6}{entry.about}"
        )
        print(line if len(line) <= room else f"{line[: room - 1]}…")
    print(
        "\nsize: of the download.  `textclf vectors fetch NAME` downloads from the "
        f"authors\nunless {VARIABLE} or the cache has the file."
    )
