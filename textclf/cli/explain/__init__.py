"""`textclf explain`: its flags; each of its three questions has a file."""

import argparse
from importlib import import_module

from textclf.cli.flags import Parser, command_of, data_dir, json_flag


def run(options: argparse.Namespace) -> None:
    """Explains texts, or the model on the whole, or finds training texts like them."""
    asked = "overall" if options.overall else "similar" if options.similar else "texts"
    import_module(f"textclf.cli.explain.{asked}").run(options)


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
    _other_questions(command)
    command.add_argument("--html", metavar="FILE", help="write a page, not to stdout")
    data_dir(command)
    json_flag(command, "print a JSON object a text, or one of the whole model")


def _other_questions(command: Parser) -> None:
    instead = command.add_mutually_exclusive_group()
    instead.add_argument(
        "--global",
        dest="overall",
        action="store_true",
        help="list the words and n-grams that speak most for each label, over the dev "
        "texts of the run",
    )
    instead.add_argument(
        "--similar",
        action="store_true",
        help="list the training texts that look most like each TEXT to the model; "
        "with --html beside its explanation",
    )
    command.add_argument(
        "--input", metavar="FILE", help="with --global: texts of a file instead"
    )
    command.add_argument(
        "--most",
        type=int,
        default=1000,
        metavar="N",
        help="with --global: most texts that are explained; default: %(default)s",
    )
    command.add_argument(
        "--top",
        type=int,
        default=10,
        metavar="N",
        help="words of a label, or training texts, that are listed; "
        "default: %(default)s",
    )
