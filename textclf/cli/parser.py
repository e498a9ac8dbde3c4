"""The command line: names, flags and help. Imports nothing but argparse."""

import argparse
import difflib
import sys
from typing import NoReturn

_DESCRIPTION = "Train, judge and use text classifiers that begin with an embedding."
_EPILOG = (
    "first steps:  textclf init reviews.csv --output config.yaml;  "
    "textclf train --config config.yaml.  "
    "Exit codes: 0 ok, 2 configuration or usage, 3 data, 4 artefact, 5 diverged, "
    "6 resource."
)


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in the form of all our errors, and which name is nearest."""

    def error(self, message: str) -> NoReturn:
        flags = [flag for action in self._actions for flag in action.option_strings]
        hints = []
        for word in message.rsplit(":", 1)[-1].split():
            near = difflib.get_close_matches(word.split("=")[0], flags, n=1)
            if word.startswith("-") and near:
                hints.append(f"did you mean {near[0]}?")
        hints.append(f"see `{self.prog} --help`")
        print(
            f"error[E2] {self.prog}: {message}; fix: {' '.join(hints)}", file=sys.stderr
        )
        sys.exit(2)


def parser() -> argparse.ArgumentParser:
    """Returns the parser of all commands."""
    root = _Parser(
        "textclf", description=_DESCRIPTION, epilog=_EPILOG, allow_abbrev=False
    )
    root.add_argument("--version", action="version", version=_Version())
    root.set_defaults(command=None, debug=False)
    commands = root.add_subparsers(title="commands", metavar="COMMAND")
    for add in (_init, _train, _evaluate, _predict, _show, _data):
        add(commands)
    return root


class _Version(str):
    """Looks the version up only when it is asked for."""

    def __str__(self) -> str:
        from textclf.machine import version_of

        return f"textclf {version_of('textclf')}"

    def __mod__(self, values: object) -> str:
        return str(self)


def _command(
    commands: "argparse._SubParsersAction[_Parser]", name: str, help_line: str
) -> _Parser:
    command = commands.add_parser(
        name,
        help=help_line,
        description=help_line.capitalize() + ".",
        allow_abbrev=False,
    )
    command.add_argument(
        "--debug", action="store_true", help="show the traceback of an error"
    )
    command.set_defaults(command=name)
    return command


def _data_dir(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--data-dir", metavar="DIR", help="a folder of named data sets, asked first"
    )


def _json(command: argparse.ArgumentParser, what: str) -> None:
    command.add_argument("--json", action="store_true", help=what)


def _init(commands: "argparse._SubParsersAction[_Parser]") -> None:
    command = _command(commands, "init", "write a configuration for your data")
    command.add_argument(
        "data", metavar="DATA", help="labelled texts: a file or a folder"
    )
    command.add_argument(
        "--output", metavar="FILE", default="config.yaml", help="default: %(default)s"
    )
    command.add_argument(
        "--force", action="store_true", help="write over an existing file"
    )


def _train(commands: "argparse._SubParsersAction[_Parser]") -> None:
    command = _command(commands, "train", "train a model and judge it")
    command.add_argument("--config", required=True, metavar="FILE", help="a YAML file")
    command.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="KEY=VALUE",
        help="override a key of the configuration, e.g. training.epochs=3",
    )
    command.add_argument(
        "--run-dir", metavar="DIR", help="a new folder; default: runs/NAME"
    )
    _data_dir(command)
    _json(command, "print the run, the bundle and the scores as one JSON object")


def _evaluate(commands: "argparse._SubParsersAction[_Parser]") -> None:
    command = _command(commands, "evaluate", "score a model on labelled texts")
    command.add_argument(
        "--run", required=True, metavar="DIR", help="what train printed"
    )
    command.add_argument(
        "--data", metavar="FILE", help="labelled texts; default: the held-out test data"
    )
    _data_dir(command)
    _json(command, "print the report as one JSON object")


def _predict(commands: "argparse._SubParsersAction[_Parser]") -> None:
    command = _command(commands, "predict", "label texts")
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
    _json(command, "print a JSON object a text")


def _show(commands: "argparse._SubParsersAction[_Parser]") -> None:
    command = _command(commands, "show", "tell what a run is")
    command.add_argument("run", metavar="RUN", help="the folder that train printed")


def _data(commands: "argparse._SubParsersAction[_Parser]") -> None:
    command = _command(commands, "data", "list, fetch and find named data sets")
    actions = command.add_subparsers(title="actions", metavar="ACTION", required=True)
    listed = _action(actions, "list", "list the named data sets")
    _data_dir(listed)
    _json(listed, "print a JSON array")
    for name, line in (
        ("fetch", "download a data set unless it is there"),
        ("where", "tell where a data set lies"),
    ):
        action = _action(actions, name, line)
        action.add_argument("name", metavar="NAME", help="a name from `data list`")
        _data_dir(action)


def _action(
    actions: "argparse._SubParsersAction[_Parser]", name: str, line: str
) -> _Parser:
    action = actions.add_parser(
        name, help=line, description=line.capitalize() + ".", allow_abbrev=False
    )
    action.set_defaults(action=name)
    return action
