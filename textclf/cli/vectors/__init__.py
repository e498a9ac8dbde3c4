"""`textclf vectors …`: its actions and their flags; a file of this folder an action."""

import argparse
from importlib import import_module

from textclf.cli.flags import Parser, action_of, command_of, json_flag

Actions = argparse._SubParsersAction
_FILE = "a vector file"
_FILE_OR_RUN = "a vector file, or a run for its trained embedding"
_CATALOGUE = ("list", "fetch")


def run(options: argparse.Namespace) -> None:
    """Runs one action."""
    name = "catalogue" if options.action in _CATALOGUE else options.action
    import_module(f"textclf.cli.vectors.{name}").run(options)


def add(commands: "argparse._SubParsersAction[Parser]") -> None:
    """Adds the command with its actions."""
    command = command_of(commands, "vectors", "read, train and compare word vectors")
    actions = command.add_subparsers(title="actions", metavar="ACTION", required=True)
    for action in (
        *(_list, _fetch, _info, _convert, _coverage, _train, _neighbours, _analogy),
        *(_evaluate, _align, _projector, _map),
    ):
        action(actions)


def _list(actions: Actions) -> None:
    action = action_of(actions, "list", "list the published vectors that have a name")
    json_flag(action, "print a JSON array")


def _fetch(actions: Actions) -> None:
    action = action_of(actions, "fetch", "download vectors unless they are there")
    action.add_argument("name", metavar="NAME", help="a name from `vectors list`")


def _info(actions: Actions) -> None:
    action = action_of(actions, "info", "tell what a vector file holds and can do")
    action.add_argument("file", metavar="FILE", help=_FILE)
    json_flag(action, "print one JSON object")


def _convert(actions: Actions) -> None:
    action = action_of(actions, "convert", "write vectors in another format, or fewer")
    action.add_argument("source", metavar="IN", help=_FILE)
    action.add_argument(
        "target",
        metavar="OUT",
        help=".txt GloVe text, .vec word2vec text, .bin word2vec binary; .gz too",
    )
    kept = action.add_mutually_exclusive_group()
    kept.add_argument("--limit", type=int, metavar="N", help="only the first N rows")
    kept.add_argument(
        "--vocabulary",
        metavar="FILE|RUN",
        help="only its words: a word a line, or a run",
    )
    action.add_argument(
        "--dtype",
        choices=("float32", "float16"),
        default="float32",
        help="precision that is kept; default: %(default)s",
    )


def _coverage(actions: Actions) -> None:
    action = action_of(actions, "coverage", "tell which words of texts have a vector")
    action.add_argument("file", metavar="FILE", help=_FILE)
    action.add_argument(
        "--data",
        required=True,
        action="append",
        metavar="TABLE",
        help="texts: csv, tsv, jsonl, parquet or txt; once for each split",
    )
    _text(action)
    json_flag(action, "print one JSON object")


def _train(actions: Actions) -> None:
    action = action_of(actions, "train", "train vectors on texts")
    action.add_argument(
        "data", nargs="+", metavar="DATA", help="texts: csv, tsv, jsonl, parquet, txt"
    )
    action.add_argument("--output", required=True, metavar="FILE", help="word2vec text")
    action.add_argument(
        "--method", choices=("skipgram", "cbow", "fasttext", "glove"), metavar="METHOD"
    )
    for name, what in (
        ("--dim", "numbers a word"),
        ("--window", "words on either side that count as near"),
        ("--min-count", "words seen less often get no vector"),
        ("--epochs", "passes over the texts"),
        ("--negative", "noise words a pair (not glove)"),
        ("--seed", "the same seed and one worker give the same vectors"),
        ("--workers", "threads; more than one is faster, and not reproducible"),
    ):
        action.add_argument(name, type=int, metavar="N", help=what)
    _text(action)
    json_flag(action, "print one JSON object")


def _neighbours(actions: Actions) -> None:
    action = action_of(actions, "neighbours", "list the nearest words of words")
    action.add_argument("source", metavar="FILE|RUN", help=_FILE_OR_RUN)
    action.add_argument("words", nargs="+", metavar="WORD")
    _k(action)
    json_flag(action, "print a JSON object a word")


def _analogy(actions: Actions) -> None:
    action = action_of(actions, "analogy", "find D such that A is to B as C is to D")
    action.add_argument("source", metavar="FILE|RUN", help=_FILE_OR_RUN)
    for name in ("a", "b", "c"):
        action.add_argument(name, metavar=name.upper())
    action.add_argument(
        "--method",
        choices=("add", "mul"),
        default="add",
        help="3CosAdd or 3CosMul; default: %(default)s",
    )
    _k(action)
    json_flag(action, "print one JSON object")


def _evaluate(actions: Actions) -> None:
    action = action_of(actions, "evaluate", "score vectors on word pairs or analogies")
    action.add_argument("source", metavar="FILE|RUN", help=_FILE_OR_RUN)
    what = action.add_mutually_exclusive_group(required=True)
    what.add_argument("--pairs", metavar="FILE", help="word, word, similarity a line")
    what.add_argument(
        "--analogies", metavar="FILE", help="four words a line, `: section` lines"
    )
    json_flag(action, "print one JSON object")


def _align(actions: Actions) -> None:
    action = action_of(actions, "align", "turn vectors into the space of others")
    action.add_argument("source", metavar="SOURCE", help="the vectors that are turned")
    action.add_argument("target", metavar="TARGET", help="the vectors that stay")
    action.add_argument(
        "--dictionary",
        required=True,
        metavar="FILE",
        help="source and target word a line",
    )
    action.add_argument("--output", required=True, metavar="FILE", help="word2vec text")
    json_flag(action, "print one JSON object")


def _projector(actions: Actions) -> None:
    action = action_of(actions, "projector", "write files for the Embedding Projector")
    action.add_argument("source", metavar="RUN|FILE", help=_FILE_OR_RUN)
    action.add_argument("--output", required=True, metavar="DIR", help="a new folder")
    action.add_argument("--limit", type=int, metavar="N", help="only the first N words")


def _map(actions: Actions) -> None:
    action = action_of(actions, "map", "draw words in two dimensions, as PNG")
    action.add_argument("source", metavar="RUN|FILE", help=_FILE_OR_RUN)
    action.add_argument("words", nargs="*", metavar="WORD", help="default: the first")
    action.add_argument("--output", required=True, metavar="FILE", help="a .png file")
    action.add_argument("--method", choices=("pca", "tsne"), default="pca")
    action.add_argument("--limit", type=int, metavar="N", help="only the first N words")


def _text(action: Parser) -> None:
    action.add_argument(
        "--text", default="text", metavar="COLUMN", help="default: %(default)s"
    )


def _k(action: Parser) -> None:
    action.add_argument(
        "--k", type=int, default=10, metavar="N", help="how many; default: %(default)s"
    )
