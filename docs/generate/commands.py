"""The reference of the command line, from the parsers that read it."""

import argparse
import functools
from collections.abc import Iterator

from docs.generate.markdown import NOTICE, anchor, code, heading, plain, table
from textclf.cli.parser import parser

WIDTH = 80
_Formatter = functools.partial(argparse.HelpFormatter, width=WIDTH)


def command_page() -> str:
    """Returns the help of every command and action as Markdown."""
    found = list(_commands(parser()))
    rows = [
        [f"[{code(command.prog)}](#{anchor(command.prog)})", plain(line)]
        for command, line in found[1:]
    ]
    parts = [NOTICE, heading("Command line", level=1)]
    parts += [
        "What `--help` says of each command. `python -m textclf` and `textclf` are the "
        "same.\n",
        table(["command", "what it does"], rows),
    ]
    return "\n".join([*parts, *(_shown(command) for command, _ in found)])


def _commands(
    command: argparse.ArgumentParser, line: str = ""
) -> Iterator[tuple[argparse.ArgumentParser, str]]:
    """Yields a parser and those below it, each with its line in the list."""
    yield command, line
    for action in command._actions:
        if isinstance(action, argparse._SubParsersAction):
            lines = {choice.dest: choice.help for choice in action._choices_actions}
            for name, inner in action.choices.items():
                yield from _commands(inner, lines.get(name) or "")


def _shown(command: argparse.ArgumentParser) -> str:
    command.formatter_class = _Formatter
    level = 1 + len(command.prog.split())
    return f"{heading(command.prog, level=level)}\n```\n{command.format_help()}```\n"
