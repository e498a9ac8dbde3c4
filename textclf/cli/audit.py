"""`textclf data check | split`."""

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING

from textclf.cli.console import Console, width
from textclf.errors import ConfigError, DataError, nearest, one_of

if TYPE_CHECKING:
    from textclf.audit import Audit

_MOST_EXAMPLES = 1_000


def check(options: argparse.Namespace) -> None:
    """Looks at labelled texts and prints what is to be known of them."""
    from textclf.audit import check as audited
    from textclf.audit.found import KINDS

    if not 0 <= options.examples <= _MOST_EXAMPLES:
        problem = f"got {options.examples}, expected 0 to {_MOST_EXAMPLES:,}"
        raise ConfigError(problem, where="--examples")
    for kind in options.allow:
        if kind not in KINDS:
            near = nearest(kind, KINDS)
            raise ConfigError(
                f"got {kind!r}, expected one of {one_of(KINDS, limit=50)}",
                where="--allow",
                fix=f"did you mean {near}?" if near else None,
            )
    found = audited(
        source(options),
        data_dir=options.data_dir,
        wrong_labels=not options.quick,
        progress=Console(),
    )
    if options.json:
        print(json.dumps(found.to_json(examples=options.examples), ensure_ascii=False))
    else:
        print("\n".join(found.to_lines(width(), examples=options.examples)))
    if options.strict:
        _refuse_serious(found, options.allow)


def split(options: argparse.Namespace) -> None:
    """Divides labelled texts anew and prints how."""
    from textclf.audit import split as divided

    division = divided(
        source(options),
        options.output,
        dev=options.dev,
        test=options.test,
        seed=options.seed,
        near=not options.exact,
        data_dir=options.data_dir,
        progress=Console(),
    )
    if options.json:
        print(json.dumps(division.to_json(), ensure_ascii=False))
    else:
        print("\n".join(division.to_lines(width())))


def source(options: argparse.Namespace) -> Path:
    """Returns what a command is to look at: a configuration, or labelled texts.

    Raises:
        ConfigError: What was given as a configuration has another ending.
    """
    if options.config is None:
        return Path(options.data)
    path = Path(options.config)
    if path.suffix.lower() not in (".yaml", ".yml"):
        raise ConfigError(
            f"got {path.name}, expected a YAML file",
            where="--config",
            fix="give data without --config",
        )
    return path


def _refuse_serious(found: "Audit", allowed: list[str]) -> None:
    serious = [one for one in found.weighing("serious") if one.kind not in allowed]
    if serious:
        kinds = dict.fromkeys(one.kind for one in serious)
        raise DataError(
            f"{len(serious)} serious findings: {one_of(kinds)}",
            where=found.source,
            fix="mend the data, or let a kind pass by --allow KIND",
        )
