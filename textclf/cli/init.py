"""`textclf init`."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from textclf.cli.console import Console
from textclf.config.commented import commented_config
from textclf.errors import ConfigError, plural
from textclf.files import write_text

if TYPE_CHECKING:
    from textclf.data.proposal import Proposal

_LABELS_SHOWN, _FEWEST_LABELS = 8, 2


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
    _tell(proposal, output, Console())
    print(output)


def _tell(proposal: "Proposal", output: Path, console: Console) -> None:
    """Says what was found, and what comes next."""
    found = proposal.sniffed
    console.say(
        f"{plural(found.rows, 'row')} of {found.format}; {_kinds(found.labels)}"
    )
    for note in proposal.notes:
        console.say(f"- {note}")
    if len(found.labels) < _FEWEST_LABELS:
        console.warn(
            f"training needs at least {_FEWEST_LABELS} labels: add rows of another "
            f"one, or set data.label in {output} to the column of the classes"
        )
    console.say(f"next: textclf train --config {output}")


def _kinds(labels: tuple[tuple[str, int], ...]) -> str:
    """Returns how many labels there are, and the rows of the most frequent."""
    shown = ", ".join(f"{name} {count:,}" for name, count in labels[:_LABELS_SHOWN])
    more = " …" if len(labels) > _LABELS_SHOWN else ""
    told = f": {shown}{more}" if shown else ""
    return f"{plural(len(labels), 'label')}{told}"
