"""`textclf study …`: its actions and their flags; a file of this folder an action."""

import argparse
from importlib import import_module

from textclf.cli.flags import Parser, action_of, command_of, data_dir, json_flag

Actions = argparse._SubParsersAction
_STUDY = "a study file (YAML)"
_FOLDER = "the folder that `study run` printed"
_CELL = "levels, e.g. dim=50,dropout=word; fewer factors: all cells with these"


def run(options: argparse.Namespace) -> None:
    """Runs one action."""
    # A module called `run` would take the place of this function.
    name = "trials" if options.action == "run" else options.action
    import_module(f"textclf.cli.study.{name}").run(options)


def add(commands: "argparse._SubParsersAction[Parser]") -> None:
    """Adds the command with its actions."""
    command = command_of(
        commands, "study", "measure what settings do: many trials, paired by seed"
    )
    actions = command.add_subparsers(title="actions", metavar="ACTION", required=True)
    for action in (_plan, _run, _report, _show, _rerun, _compare, _pip):
        action(actions)


def _plan(actions: Actions) -> None:
    action = action_of(
        actions, "plan", "tell cells, trials, and the time and memory they will take"
    )
    action.add_argument("--config", required=True, metavar="FILE", help=_STUDY)
    action.add_argument(
        "--workers", type=int, metavar="N", help="default: limits.workers"
    )
    data_dir(action)
    json_flag(action, "print one JSON object")


def _run(actions: Actions) -> None:
    action = action_of(actions, "run", "train what is missing; goes on where it stood")
    action.add_argument("--config", required=True, metavar="FILE", help=_STUDY)
    action.add_argument(
        "--workers", type=int, metavar="N", help="default: limits.workers"
    )
    action.add_argument(
        "--budget",
        metavar="TIME",
        help="no trial begins after, e.g. 90s, 20m, 2h; default: limits.budget",
    )
    action.add_argument(
        "--run-dir",
        metavar="DIR",
        help="new, or the same study's; default: studies/NAME",
    )
    data_dir(action)
    json_flag(action, "print the effects as one JSON object")


def _report(actions: Actions) -> None:
    action = action_of(actions, "report", "write what a study found")
    action.add_argument("study", metavar="DIR", help=_FOLDER)
    action.add_argument(
        "--html", action="store_true", help="write one self-contained page"
    )
    action.add_argument(
        "--format",
        choices=("md", "json", "csv"),
        help="print Markdown, JSON or a CSV line a cell instead of writing files",
    )
    action.add_argument(
        "--output", metavar="DIR", help="where files go; default: DIR/report"
    )
    action.add_argument(
        "--pip", metavar="FILE", help="a configuration: the PIP band of its texts too"
    )
    action.add_argument(
        "--tensorboard", metavar="DIR", help="write trials for TensorBoard's HParams"
    )
    data_dir(action)


def _show(actions: Actions) -> None:
    action = action_of(actions, "show", "tell a cell seed by seed")
    action.add_argument("study", metavar="DIR", help=_FOLDER)
    action.add_argument("--cell", required=True, metavar="LEVELS", help=_CELL)
    json_flag(action, "print one JSON object a trial")


def _rerun(actions: Actions) -> None:
    action = action_of(actions, "rerun", "train cells again, e.g. failed ones")
    action.add_argument("study", metavar="DIR", help=_FOLDER)
    action.add_argument("--cell", metavar="LEVELS", help=f"{_CELL}; default: failed")
    action.add_argument(
        "--workers", type=int, metavar="N", help="default: limits.workers"
    )
    data_dir(action)


def _compare(actions: Actions) -> None:
    action = action_of(actions, "compare", "compare two cells, text by text")
    action.add_argument("study", metavar="DIR", help=_FOLDER)
    action.add_argument("a", metavar="A", help="levels of one cell")
    action.add_argument("b", metavar="B", help="levels of the other")
    json_flag(action, "print one JSON object")


def _pip(actions: Actions) -> None:
    action = action_of(
        actions, "pip", "band of dimensions by PIP loss, from the texts alone"
    )
    action.add_argument(
        "--config", required=True, metavar="FILE", help="a configuration of `train`"
    )
    action.add_argument(
        "--words", type=int, metavar="N", help="the most frequent; default: 2000"
    )
    action.add_argument("--seed", type=int, metavar="N", help="default: 7")
    action.add_argument("--plot", metavar="FILE", help="write the curves as PNG")
    data_dir(action)
    json_flag(action, "print one JSON object")
