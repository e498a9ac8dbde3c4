"""The command line: names, flags and help. Imports nothing heavy."""

import argparse

from textclf.cli import explain, study, tune, vectors
from textclf.cli.flags import (
    Parser,
    action_of,
    command_of,
    data_dir,
    json_flag,
    set_flag,
    sha256_flag,
)

_DESCRIPTION = "Train, judge and use text classifiers that begin with an embedding."
_EPILOG = (
    "first steps:  textclf init reviews.csv --output config.yaml;  "
    "textclf train --config config.yaml.  "
    "Exit codes: 0 ok, 2 configuration or usage, 3 data, 4 artefact, 5 diverged, "
    "6 resource."
)


def parser() -> argparse.ArgumentParser:
    """Returns the parser of all commands."""
    root = Parser(
        "textclf", description=_DESCRIPTION, epilog=_EPILOG, allow_abbrev=False
    )
    root.add_argument(
        "--version", action=_Version, nargs=0, help="show the version and exit"
    )
    root.set_defaults(command=None, debug=False)
    commands = root.add_subparsers(title="commands", metavar="COMMAND")
    for add in (
        _init,
        _train,
        _evaluate,
        _predict,
        _behave,
        _show,
        _compare,
        _ensemble,
        _report,
        _data,
        tune.add,
        explain.add,
        vectors.add,
        study.add,
    ):
        add(commands)
    return root


class _Version(argparse.Action):
    """Looks the version up only when it is asked for."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from textclf.machine import version_of

        print(f"textclf {version_of('textclf')}")
        parser.exit()


def _init(commands: "argparse._SubParsersAction[Parser]") -> None:
    command = command_of(commands, "init", "write a configuration for your data")
    command.add_argument(
        "data", metavar="DATA", help="labelled texts: a file or a folder"
    )
    command.add_argument(
        "--output", metavar="FILE", default="config.yaml", help="default: %(default)s"
    )
    command.add_argument(
        "--encoding",
        metavar="NAME",
        help="of the text files, e.g. latin-1; default: that of data.encoding",
    )
    command.add_argument(
        "--force", action="store_true", help="write over an existing file"
    )


def _train(commands: "argparse._SubParsersAction[Parser]") -> None:
    command = command_of(commands, "train", "train a model and judge it")
    command.add_argument("--config", required=True, metavar="FILE", help="a YAML file")
    set_flag(command)
    command.add_argument(
        "--run-dir", metavar="DIR", help="a new folder; default: runs/NAME"
    )
    command.add_argument(
        "--find-lr",
        action="store_true",
        help="train nothing: try rising learning rates and draw their losses",
    )
    data_dir(command)
    json_flag(command, "print the run, the bundle and the scores as one JSON object")


def _evaluate(commands: "argparse._SubParsersAction[Parser]") -> None:
    command = command_of(commands, "evaluate", "score a model on labelled texts")
    command.add_argument("--run", metavar="DIR", help="what train printed")
    command.add_argument(
        "--data", metavar="FILE", help="labelled texts; default: the held-out test data"
    )
    command.add_argument(
        "--slice",
        action="append",
        default=[],
        metavar="NAMES",
        help="score parts of the texts: length, unknown, truncated, label, a column of "
        "the data, or COLUMN=VALUE; several by commas",
    )
    command.add_argument(
        "--errors",
        type=int,
        metavar="N",
        help="list the N wrong answers the model was surest of",
    )
    command.add_argument(
        "--output", metavar="DIR", help="a new folder for report, answers and pictures"
    )
    command.add_argument(
        "--compare",
        nargs=2,
        metavar=("RUN_A", "RUN_B"),
        help="say which of two runs is better on the same texts, and where they differ",
    )
    sha256_flag(command)
    data_dir(command)
    json_flag(command, "print the report as one JSON object")


def _predict(commands: "argparse._SubParsersAction[Parser]") -> None:
    command = command_of(commands, "predict", "label texts")
    command.add_argument(
        "texts", nargs="*", metavar="TEXT", help="default: stdin, a line each"
    )
    command.add_argument(
        "--run", required=True, metavar="DIR", help="a run, or a bundle alone"
    )
    command.add_argument(
        "--input", metavar="FILE", help="texts: csv, tsv, jsonl, parquet or txt"
    )
    command.add_argument(
        "--text", metavar="COLUMN", help="the column of the texts; default: as trained"
    )
    command.add_argument(
        "--output", metavar="FILE", help="write .csv, .jsonl or .parquet, not stdout"
    )
    command.add_argument(
        "--keep",
        action="append",
        default=[],
        metavar="COLUMN",
        help="a column of --input that goes into the output, e.g. an id; again for "
        "more; all: every one but the texts",
    )
    sha256_flag(command)
    json_flag(command, "print a JSON object a text")


def _behave(commands: "argparse._SubParsersAction[Parser]") -> None:
    command = command_of(
        commands, "behave", "test what a model must do: negation, typos, names, …"
    )
    command.add_argument(
        "--run", required=True, metavar="DIR", help="a run, or a bundle alone"
    )
    _suite(command, required=True)
    command.add_argument(
        "--texts",
        metavar="FILE",
        help="texts for tests that change the model's own; default: the run's dev "
        "texts",
    )
    command.add_argument(
        "--examples",
        type=int,
        default=3,
        metavar="N",
        help="most cases shown of a test that fails; default: %(default)s",
    )
    command.add_argument(
        "--output",
        metavar="FILE",
        help="write .html, .json or .md besides, outside the run",
    )
    command.add_argument(
        "--strict", action="store_true", help="exit with code 3 if a test fails"
    )
    data_dir(command)
    json_flag(command, "print all results as one JSON object")


def _suite(command: Parser, *, required: bool) -> None:
    command.add_argument(
        "--suite",
        required=required,
        metavar="SUITE",
        help="sentiment (English), invariance (any task), or a YAML file",
    )
    command.add_argument(
        "--label",
        action="append",
        default=[],
        metavar="KEY=NAME",
        help="what the model calls a label of the suite, e.g. positive=good",
    )


def _show(commands: "argparse._SubParsersAction[Parser]") -> None:
    command = command_of(commands, "show", "tell what a run is")
    command.add_argument(
        "run",
        metavar="RUN",
        help="the folder that train printed, or a bundle alone: what that knows",
    )


def _compare(commands: "argparse._SubParsersAction[Parser]") -> None:
    command = command_of(commands, "compare", "put runs side by side")
    command.add_argument(
        "runs", nargs="+", metavar="RUN", help="two or more folders that train printed"
    )
    command.add_argument(
        "--plot", metavar="FILE", help="draw scores with their intervals, as .png"
    )
    command.add_argument(
        "--markdown", action="store_true", help="print the tables as Markdown"
    )
    json_flag(command, "print runs and differences as one JSON object")


def _ensemble(commands: "argparse._SubParsersAction[Parser]") -> None:
    command = command_of(
        commands, "ensemble", "join runs: one answer of several models"
    )
    command.add_argument(
        "runs",
        nargs="+",
        metavar="RUN",
        help="two or more runs that held the same dev and test texts out",
    )
    command.add_argument(
        "--run-dir", metavar="DIR", help="a new folder; default: runs/ensemble"
    )
    data_dir(command)
    json_flag(command, "print the run, the bundle and the scores as one JSON object")


def _report(commands: "argparse._SubParsersAction[Parser]") -> None:
    command = command_of(commands, "report", "write a page or a model card about a run")
    command.add_argument("run", metavar="RUN", help="the folder that train printed")
    form = command.add_mutually_exclusive_group()
    form.add_argument(
        "--html", action="store_true", help="one page that needs nothing else (default)"
    )
    form.add_argument(
        "--card", action="store_true", help="a model card in Markdown, with blanks"
    )
    command.add_argument(
        "--output",
        metavar="FILE",
        help="default: RUN-report.html or RUN-card.md in this folder",
    )
    command.add_argument(
        "--force", action="store_true", help="write over an existing card"
    )
    _suite(command, required=False)
    data_dir(command)


def _data(commands: "argparse._SubParsersAction[Parser]") -> None:
    command = command_of(
        commands, "data", "check and divide labelled texts; named data sets"
    )
    actions = command.add_subparsers(title="actions", metavar="ACTION", required=True)
    listed = action_of(actions, "list", "list the named data sets")
    data_dir(listed)
    json_flag(listed, "print a JSON array")
    for name, line in (
        ("fetch", "download a data set unless it is there"),
        ("where", "tell where a data set lies"),
    ):
        action = action_of(actions, name, line)
        action.add_argument("name", metavar="NAME", help="a name from `data list`")
        data_dir(action)
    _data_check(actions)
    _data_split(actions)


def _data_check(actions: "argparse._SubParsersAction[Parser]") -> None:
    action = action_of(
        actions, "check", "find copies, leaks, wrong labels, debris, … before training"
    )
    _labelled_texts(action)
    action.add_argument(
        "--examples",
        type=int,
        default=2,
        metavar="N",
        help="most rows shown of a finding, up to 1000; default: %(default)s",
    )
    action.add_argument(
        "--quick",
        action="store_true",
        help="do not look for wrong labels, which takes most of the time",
    )
    action.add_argument(
        "--strict",
        action="store_true",
        help="exit with code 3 if there are serious findings",
    )
    action.add_argument(
        "--allow",
        action="append",
        default=[],
        metavar="KIND",
        help="a kind of finding, such as leak, that --strict lets pass",
    )
    json_flag(action, "print all findings as one JSON object")


def _data_split(actions: "argparse._SubParsersAction[Parser]") -> None:
    action = action_of(
        actions, "split", "divide texts into train, dev and test, copies together"
    )
    _labelled_texts(action)
    action.add_argument(
        "--output", required=True, metavar="DIR", help="a new folder for the splits"
    )
    for name in ("dev", "test"):
        action.add_argument(
            f"--{name}",
            type=float,
            default=0.1,
            metavar="SHARE",
            help=f"share of all rows for {name}; 0: none; default: %(default)s",
        )
    action.add_argument(
        "--seed",
        type=int,
        metavar="N",
        help="the same seed gives the same splits; default: that of the configuration",
    )
    action.add_argument(
        "--exact",
        action="store_true",
        help="keep only true copies together, not near ones",
    )
    json_flag(action, "print the summary as one JSON object")


def _labelled_texts(action: Parser) -> None:
    source = action.add_mutually_exclusive_group(required=True)
    source.add_argument(
        "data",
        nargs="?",
        metavar="FILE",
        help="labelled texts as `init` takes them: a file, a folder with a sub-folder "
        "a class or with train, dev and test; or a name from `data list`",
    )
    source.add_argument("--config", metavar="C.yaml", help="the data of a run")
    data_dir(action)
