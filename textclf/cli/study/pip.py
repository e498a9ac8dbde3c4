"""`textclf study pip`."""

import argparse
import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from textclf.cli.console import Console, width
from textclf.cli.lines import folded
from textclf.cli.places import places
from textclf.config.load import load_config
from textclf.data.dataset import load_splits
from textclf.data.named import open_sources, with_columns
from textclf.errors import ConfigError
from textclf.study.pip_loss import SEED, WORDS, Corpus, PipLoss, pip_losses
from textclf.study.report.plots.pip import pip_plot

_MOST_WORDS = 5000
_HEAD = ("matrix", "alpha", "least loss at", "within 5 %", "least / all dimensions")
_WIDE = 76
"""Columns of the table."""


def run(options: argparse.Namespace) -> None:
    """Prints the dimensions that the training texts of a configuration suggest."""
    words = WORDS if options.words is None else options.words
    if not 10 <= words <= _MOST_WORDS:
        raise ConfigError(
            f"got {words}, allowed are 10 to {_MOST_WORDS}", where="--words"
        )
    corpus, losses = losses_of(
        Path(options.config),
        options.data_dir,
        Console(),
        words=words,
        seed=SEED if options.seed is None else options.seed,
    )
    if options.plot:
        pip_plot(losses, Path(options.plot))
    if options.json:
        rows = [loss.to_json() for loss in losses]
        print(json.dumps({"corpus": corpus.to_json(), "bands": rows}))
    else:
        print(folded(_lines(corpus, losses, width()), width()))


def losses_of(
    path: Path,
    data_dir: str | None,
    console: Console,
    *,
    words: int = WORDS,
    seed: int = SEED,
) -> tuple[Corpus, tuple[PipLoss, ...]]:
    """Computes the losses of the training texts of a configuration."""
    config = load_config(path).resolved()
    data = with_columns(config.data)
    tables = open_sources(data, places(data_dir, path.parent), progress=console)
    train = load_splits(data, tables, seed=config.seed).train
    console.say(f"decomposing the matrices of {words:,} words")
    return pip_losses(train.texts, config.text, words=words, seed=seed)


def _lines(corpus: Corpus, losses: Sequence[PipLoss], columns: int) -> Iterator[str]:
    yield (
        f"{corpus.texts:,} training texts, {corpus.words:,} words, "
        f"{corpus.running:,} running words"
    )
    yield from _narrow(losses) if columns < _WIDE else _table(losses)
    least, most = (pick(loss.best for loss in losses) for pick in (min, max))
    yield "A band and never a verdict: it moves with the matrix and with alpha,"
    yield f"here from {least:,} to {most:,} dimensions."
    yield "Where the last number is near 1, too many dimensions do no harm."
    yield "A study decides: `study run`."


def _table(losses: Sequence[PipLoss]) -> Iterator[str]:
    yield "{:<11} {:>5} {:>15}   {:<14} {}".format(*_HEAD)
    for loss in losses:
        low, high = loss.band
        yield (
            f"{loss.matrix:<10} {loss.alpha:>6g} {loss.best:>15,}   "
            f"{f'{low:,} to {high:,}':<14} {loss.cost_of_all:.2f}"
        )


def _narrow(losses: Sequence[PipLoss]) -> Iterator[str]:
    yield f"Each: {', '.join(_HEAD)}."
    for loss in losses:
        low, high = loss.band
        yield (
            f"{loss.matrix} {loss.alpha:g}: {loss.best:,}, {low:,} to {high:,}, "
            f"{loss.cost_of_all:.2f}"
        )
