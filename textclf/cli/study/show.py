"""`textclf study show`."""

import argparse
import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from textclf.cli.console import width
from textclf.cli.lines import folded
from textclf.errors import ConfigError, printable
from textclf.study.design import matching
from textclf.study.folder import StudyFolder
from textclf.study.records import Record
from textclf.study.saved import factors_of, records_of

_SHOWN = {
    "accuracy": "accuracy",
    "macro_f1": "macro F1",
    "log_loss": "log-loss",
    "ece": "ECE",
    "dev_accuracy": "dev acc.",
    "train_accuracy": "train acc.",
}
_HEAD = f"  {'seed':>5} {'status':<9}" + "".join(f"{n:>11}" for n in _SHOWN.values())


def run(options: argparse.Namespace) -> None:
    """Prints every trial of the cells that have some levels."""
    folder = Path(options.study)
    facts, records = StudyFolder(folder).facts(), records_of(folder)
    trials = [record for record in records if record.trial.kind == "trial"]
    wanted = matching(options.cell, factors_of(facts, trials))
    found = [r for r in trials if wanted.items() <= r.trial.cell.mapping().items()]
    if not found:
        raise ConfigError(f"got no trial of {options.cell} yet", where=str(folder))
    if options.json:
        print("\n".join(json.dumps(r.to_json(), ensure_ascii=False) for r in found))
        return
    cells = dict.fromkeys(record.trial.cell for record in found)
    for cell in cells:
        own = [record for record in found if record.trial.cell == cell]
        lines = [printable(str(cell)), *_lines(own, folder, width())]
        print(folded(lines, width()))


def _lines(records: Sequence[Record], folder: Path, columns: int) -> Iterator[str]:
    first = records[0]
    if first.trial.nuisance:
        tuned = ", ".join(
            f"{key} {value}" for key, value in first.trial.nuisance.items()
        )
        yield f"  tuned: {tuned}"
    if first.parameters:
        yield f"  parameters: {first.parameters:,}"
    narrow = columns < len(_HEAD)
    if not narrow:
        yield _HEAD
    for record in sorted(records, key=lambda r: r.trial.seed):
        yield _narrow(record) if narrow else _row(record)
        if record.error:
            yield f"         {printable(record.error)}; log: {folder / str(record.log)}"


def _row(record: Record) -> str:
    scores = "".join(
        f"{record.scores[name]:>11.4f}" if record.done else f"{'–':>11}"
        for name in _SHOWN
    )
    return f"  {record.trial.seed:>5} {record.status:<9}{scores}"


def _narrow(record: Record) -> str:
    scores = [f"{told} {record.scores[name]:.4f}" for name, told in _SHOWN.items()]
    told = ", ".join([record.status, *scores] if record.done else [record.status])
    return f"  {record.trial.seed}  {told}"
