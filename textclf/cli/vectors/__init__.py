"""`textclf vectors …`: its actions and their flags; a file of this folder an action."""

import argparse
from importlib import import_module

from textclf.cli.flags import Parser, action_of, command_of, data_dir, json_flag

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
    command = command_of(
        commands, "vectors", "find, read, learn, convert and ask word vectors"
    )
    actions = command.add_subparsers(title="actions", metavar="ACTION", required=True)
    for action in (
        _list,
        _fetch,
        _info,
        _coverage,
        _convert,
        _train,
        _neighbours,
        _analogy,
        _evaluate,
        _align,
        _swap,
        _projector,
        _map,
        _norms,
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


def _coverage(actions: Actions) -> None:
    action = action_of(actions, "coverage", "tell how many words of texts it knows")
    action.add_argument("file", metavar="FILE", help=_FILE)
    action.add_argument(
        "--data",
        nargs="+",
        required=True,
        metavar="TABLE",
        help="files of texts, or a folder of them: each is told apart",
    )
    action.add_argument(
        "--text",
        metavar="COLUMN",
        help="the column of the texts; default: that of data.text",
    )
    action.add_argument(
        "--unit",
        choices=("word", "blanks"),
        default="word",
        help="cut as training does, or between blanks; default: %(default)s",
    )
    action.add_argument(
        "--cased", action="store_true", help="keep capitals (text.lowercase: false)"
    )
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


def _train(actions: Actions) -> None:
    action = action_of(actions, "train", "learn word vectors from texts")
    action.add_argument(
        "data",
        nargs="+",
        metavar="DATA",
        help="a file of texts, a folder of files, or a data set's name; files named "
        "test or dev are left out of a folder",
    )
    action.add_argument(
        "--output", required=True, metavar="FILE", help=".txt, .vec or .bin; .gz too"
    )
    action.add_argument(
        "--text", metavar="COLUMN", help="the column of the texts; default: text"
    )
    action.add_argument(
        "--method",
        choices=("skipgram", "cbow", "fasttext", "glove"),
        help="default: skipgram",
    )
    for name, what in _TRAINING.items():
        action.add_argument(name, type=int, metavar="N", help=what)
    action.add_argument(
        "--cased",
        dest="lowercase",
        action="store_false",
        default=None,
        help="keep capitals (text.lowercase: false)",
    )
    data_dir(action)
    json_flag(action, "print what was done as one JSON object")


# The defaults are those of `config.word_vectors`; a test compares them.
_TRAINING = {
    "--dim": "numbers a word; default: 100",
    "--window": "words on each side that count as near; default: 5, glove 10",
    "--min-count": "words seen less often get no vector; default: 5",
    "--epochs": "passes over the texts; default: 5, glove 25",
    "--negative": "words drawn against each true one, not for glove; default: 5",
    "--buckets": "fasttext: rows of character n-grams; default: 200000",
    "--seed": "default: 7",
    "--workers": "threads; with more than 1 no run repeats another exactly; default: 1",
}


def _neighbours(actions: Actions) -> None:
    action = action_of(actions, "neighbours", "list the nearest words of words")
    action.add_argument("source", metavar="FILE|RUN", help=_FILE_OR_RUN)
    action.add_argument("words", nargs="+", metavar="WORD")
    action.goes_on = "words"
    _k(action)
    json_flag(action, "print a JSON object a word")


def _analogy(actions: Actions) -> None:
    action = action_of(actions, "analogy", "find D such that A is to B as C is to D")
    action.add_argument("source", metavar="FILE|RUN", help=_FILE_OR_RUN)
    for name in ("a", "b", "c"):
        action.add_argument(name, metavar=name.upper())
    _method(action)
    _k(action)
    json_flag(action, "print one JSON object")


def _map(actions: Actions) -> None:
    action = action_of(
        actions, "map", "draw words on a plane; of a run before and after training"
    )
    action.add_argument("source", metavar="FILE|RUN", help=_FILE_OR_RUN)
    _picture(action)
    action.add_argument(
        "chosen",
        nargs="*",
        metavar="WORD",
        help="these words and no others, whatever --words says",
    )
    action.goes_on = "chosen"
    action.add_argument(
        "--words",
        type=int,
        default=300,
        metavar="N",
        help="the N most frequent words with a letter; default: %(default)s",
    )
    action.add_argument(
        "--method",
        choices=("pca", "tsne"),
        default="pca",
        help="how they are placed; default: %(default)s",
    )
    action.add_argument(
        "--seed",
        type=int,
        default=0,
        metavar="N",
        help="of what t-SNE draws; default: %(default)s",
    )
    json_flag(action, "print one JSON object, with the places")


def _norms(actions: Actions) -> None:
    action = action_of(
        actions, "norms", "draw how long the vectors are; of a run before and after"
    )
    action.add_argument("source", metavar="FILE|RUN", help=_FILE_OR_RUN)
    _picture(action)
    json_flag(action, "print one JSON object, with quantiles")


def _picture(action: Parser) -> None:
    action.add_argument(
        "--output", required=True, metavar="FILE.png", help="the picture"
    )


def _evaluate(actions: Actions) -> None:
    action = action_of(actions, "evaluate", "compare vectors with what people say")
    action.add_argument("source", metavar="FILE|RUN", help=_FILE_OR_RUN)
    asked = action.add_mutually_exclusive_group(required=True)
    asked.add_argument(
        "--pairs", metavar="FILE", help="two words and a score a line, as WordSim-353"
    )
    asked.add_argument(
        "--analogies", metavar="FILE", help="four words a line, as questions-words"
    )
    _method(action)
    action.add_argument(
        "--limit", type=int, metavar="N", help="only the first N words may answer"
    )
    json_flag(action, "print one JSON object")


def _align(actions: Actions) -> None:
    action = action_of(actions, "align", "turn vectors into another language's space")
    action.add_argument("source", metavar="SOURCE", help="the vectors that are turned")
    action.add_argument("target", metavar="TARGET", help="the vectors that stay")
    action.add_argument(
        "--dictionary",
        required=True,
        metavar="FILE",
        help="a source word and its translation a line",
    )
    action.add_argument(
        "--output", required=True, metavar="FILE", help=".txt, .vec or .bin; .gz too"
    )
    action.add_argument(
        "--heldout",
        type=float,
        default=0.2,
        metavar="SHARE",
        help="of the source words, for the score alone; default: %(default)s",
    )
    action.add_argument(
        "--limit",
        type=int,
        default=200_000,
        metavar="N",
        help="words of each file that are compared, the first; default: %(default)s",
    )
    action.add_argument(
        "--seed", type=int, default=7, metavar="N", help="default: %(default)s"
    )
    json_flag(action, "print one JSON object")


def _swap(actions: Actions) -> None:
    action = action_of(
        actions, "swap", "put a trained model on the words of aligned vectors"
    )
    action.add_argument("run_folder", metavar="RUN", help="with frozen vectors")
    action.add_argument("file", metavar="FILE", help="what `vectors align` wrote")
    action.add_argument(
        "--output", required=True, metavar="RUN", help="a folder that does not exist"
    )
    action.add_argument(
        "--limit",
        type=int,
        default=200_000,
        metavar="N",
        help="only the first words; default: %(default)s",
    )


def _projector(actions: Actions) -> None:
    action = action_of(actions, "projector", "write files for the Embedding Projector")
    action.add_argument("source", metavar="RUN|FILE", help=_FILE_OR_RUN)
    action.add_argument(
        "--output", required=True, metavar="DIR", help="a folder that does not exist"
    )
    action.add_argument(
        "--words",
        type=int,
        default=10_000,
        metavar="N",
        help="the first, which are the most frequent; default: %(default)s",
    )


def _method(action: Parser) -> None:
    action.add_argument(
        "--method",
        choices=("add", "mul"),
        default="add",
        help="3CosAdd or 3CosMul; default: %(default)s",
    )


def _k(action: Parser) -> None:
    action.add_argument(
        "--k", type=int, default=10, metavar="N", help="how many; default: %(default)s"
    )
