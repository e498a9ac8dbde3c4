"""`textclf explain`: its flags; texts and the model as a whole have a file each."""

import argparse
from importlib import import_module

from textclf.cli.flags import Parser, command_of, json_flag


def run(options: argparse.Namespace) -> None:
    """Explains texts."""
    import_module("textclf.cli.explain.texts").run(options)


def add(commands: "argparse._SubParsersAction[Parser]") -> None:
    """Adds the command."""
    command = command_of(commands, "explain", "tell what parts of texts decide")
    command.add_argument(
        "texts", nargs="*", metavar="TEXT", help="default: stdin, a line each"
    )
    command.add_argument(
        "--run", required=True, metavar="DIR", help="a run, or a bundle alone"
    )
    command.add_argument(
        "--label", metavar="NAME", help="what is explained; default: the likeliest"
    )
    command.add_argument(
        "--method",
        choices=("gradients", "occlusion"),
        default="gradients",
        help="integrate gradients of the embedding, or leave units out; "
        "default: %(default)s",
    )
    command.add_argument("--html", metavar="FILE", help="write a page, not to stdout")
    json_flag(command, "print a JSON object a text")
