"""`textclf tune`."""

import argparse
import json
import shlex
import time
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from textclf import backend
from textclf.cli.console import Console, width
from textclf.cli.flags import Parser, command_of, data_dir, json_flag, set_flag
from textclf.cli.lines import folded
from textclf.cli.places import places
from textclf.config.yaml_text import flow_text
from textclf.errors import printable

if TYPE_CHECKING:
    from textclf.study.tune import Standing, Tuned


def add(commands: "argparse._SubParsersAction[Parser]") -> None:
    """Adds the command."""
    command = command_of(
        commands, "tune", "search for better settings by folds of the training texts"
    )
    command.add_argument("--config", required=True, metavar="FILE", help="a YAML file")
    set_flag(command)
    command.add_argument(
        "--search",
        action="append",
        default=[],
        metavar="KEY[=VALUES]",
        help="a key to vary, e.g. embedding.dim, 'text.ngrams=[1, 2]' or "
        "'training.learning_rate={log: [0.001, 0.1]}'; default: by the kind of model",
    )
    command.add_argument(
        "--budget", metavar="TIME", help="no trial begins after, e.g. 90s, 10m, 2h"
    )
    command.add_argument(
        "--trials",
        type=int,
        metavar="N",
        help="settings that are tried; default: 40, or as many as the budget allows",
    )
    command.add_argument(
        "--seeds",
        type=int,
        default=5,
        metavar="N",
        help="folds that the best settings are judged by; default: %(default)s",
    )
    command.add_argument(
        "--metric",
        choices=("accuracy", "macro_f1", "log_loss", "brier", "ece"),
        help="what settings are compared by; default: accuracy; macro_f1 where it is "
        "what training.monitor watches; log_loss where texts have several labels",
    )
    command.add_argument(
        "--workers", type=int, default=2, metavar="N", help="default: %(default)s"
    )
    command.add_argument(
        "--run-dir",
        metavar="DIR",
        help="new, or the same search's, which goes on; default: studies/tune-NAME",
    )
    data_dir(command)
    json_flag(command, "print what was found as one JSON object")


def run(options: argparse.Namespace) -> None:
    """Searches for settings and prints those that lead."""
    from textclf.cli.study.trials import kept
    from textclf.study.tune import Search, tune

    backend.prepare()
    console, began, path = Console(), time.monotonic(), Path(options.config)
    with kept(console):
        found = tune(
            path,
            options.set,
            search=Search(
                keys=tuple(options.search),
                trials=options.trials,
                seeds=options.seeds,
                metric=options.metric,
                budget=options.budget,
                workers=options.workers,
            ),
            folder=Path(options.run_dir) if options.run_dir else None,
            places=places(options.data_dir, path.parent),
            progress=console,
        )
    if options.json:
        print(json.dumps(_json(found), ensure_ascii=False))
        return
    print(folded(map(printable, _lines(found)), width()))
    print(
        f"\nstudy: {printable(str(found.folder))}  ({time.monotonic() - began:.1f} s)"
    )
    print(f"next: python -m textclf train --config {shlex.quote(str(found.path))}")


def _lines(found: "Tuned") -> Iterator[str]:
    yield (
        f"{found.metric} on held-out folds; {found.tried} settings tried; test texts "
        "not touched"
    )
    yield ""
    for place, standing in enumerate(found.best, start=1):
        yield _line(f"{place}.", standing)
    if found.first is not None:
        yield _line("as it was", found.first)
    yield ""
    yield _verdict(found)


def _line(name: str, standing: "Standing") -> str:
    settings = standing.settings.items()
    changes = (f"{key.rpartition('.')[2]} {flow_text(v)}" for key, v in settings)
    folds = f"{standing.folds} fold{'s' * (standing.folds > 1)}"
    return f"{name:<9}  {standing.mean:.4f}  ({folds})  {', '.join(changes)}"


def _verdict(found: "Tuned") -> str:
    effect = found.effect
    if effect is None:
        return "verdict    the settings as they were are the best of those tried"
    unit = "" if effect.seeds < 2 else f" [{effect.low:+.2f}, {effect.high:+.2f}]"
    more = effect.more_seeds if effect.verdict == "undecided" else None
    seeds = f" (--seeds {effect.seeds + more} may tell)" if more else ""
    return (
        f"verdict    the best less as it was: {effect.difference:+.2f}{unit} over "
        f"{effect.seeds} folds, {effect.verdict}{seeds}; the best of {found.tried} "
        "owes part of it to luck"
    )


def _json(found: "Tuned") -> dict[str, Any]:
    told = asdict(found) | {"folder": str(found.folder), "path": str(found.path)}
    return told | {"effect": found.effect.to_json() if found.effect else None}
