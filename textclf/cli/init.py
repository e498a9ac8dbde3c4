"""`textclf init`."""

import argparse
from pathlib import Path

from textclf.cli.console import Console
from textclf.config.commented import commented_config
from textclf.errors import ConfigError
from textclf.files import write_text

_LABELS_SHOWN = 8


def run(options: argparse.Namespace) -> None:
    """Looks at the data and writes a configuration that trains as it is."""
    output = Path(options.output)
    if output.exists() and not options.force:
        raise ConfigError(
            "exists already", where=str(output), fix="choose --output, or add --force"
        )
    if not output.parent.is_dir():
        raise ConfigError("no such folder", where=str(output.parent))

    from textclf.data.proposal import propose

    given = {"encoding": options.encoding} if options.encoding else {}
    proposal = propose(Path(options.data), folder=output.parent, **given)
    write_text(output, commented_config(proposal.settings, proposal.comments))
    console, found = Console(), proposal.sniffed
    shown = ", ".join(
        f"{name} {count:,}" for name, count in found.labels[:_LABELS_SHOWN]
    )
    more = " …" if len(found.labels) > _LABELS_SHOWN else ""
    kinds = f"{len(found.labels)} labels: {shown}{more}"
    console.say(f"{found.rows:,} rows of {found.format}; {kinds}")
    for note in proposal.notes:
        console.say(f"- {note}")
    console.say(f"next: textclf train --config {output}")
    print(output)
