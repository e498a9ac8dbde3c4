"""What all commands share of the command line: errors, flags, sub-commands."""

import argparse
import difflib
import sys
from typing import Any, NoReturn


class Parser(argparse.ArgumentParser):
    """Says what is wrong in the form of all our errors, and which name is nearest."""

    goes_on: str | None = None
    """The last list of words, if it may go on after a flag: `RUN a --k 5 b`."""

    def parse_known_args(  # type: ignore[override]
        self, args: Any = None, namespace: Any = None
    ) -> tuple[argparse.Namespace, list[str]]:
        known, left = super().parse_known_args(args, namespace)
        if self.goes_on and not any(word.startswith("-") for word in left):
            words = [*getattr(known, self.goes_on), *left]
            setattr(known, self.goes_on, words)
            left = []
        return known, left

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


def command_of(
    commands: "argparse._SubParsersAction[Parser]", name: str, help_line: str
) -> Parser:
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


def data_dir(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--data-dir", metavar="DIR", help="a folder of named data sets, asked first"
    )


def sha256_flag(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--expect-sha256",
        metavar="HEX",
        help="refuse the bundle unless `show` printed this hash of it",
    )


def set_flag(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="KEY=VALUE",
        help="override a key of the configuration, e.g. training.epochs=3",
    )


def json_flag(command: argparse.ArgumentParser, what: str) -> None:
    command.add_argument("--json", action="store_true", help=what)


def action_of(
    actions: "argparse._SubParsersAction[Parser]", name: str, line: str
) -> Parser:
    action = actions.add_parser(
        name, help=line, description=line.capitalize() + ".", allow_abbrev=False
    )
    action.set_defaults(action=name)
    return action
