"""`textclf explain --similar`: training texts that look like a text to the model."""

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from textclf.cli.console import Console, width
from textclf.cli.explain.output import check_output, run_with_texts
from textclf.cli.explain.texts import texts_of
from textclf.cli.places import sources_of
from textclf.errors import ConfigError
from textclf.run import CONFIG, Run

if TYPE_CHECKING:
    from textclf.explain.similar import Similar, TrainingTexts


def run(options: argparse.Namespace) -> None:
    """Finds the training texts that are most like each text."""
    if (options.label or options.method != "gradients") and not options.html:
        raise ConfigError(
            "got --similar with --label or --method, which choose an explanation",
            fix="leave them out, or add --html FILE for both",
        )
    check_output(options)
    record = run_with_texts(Path(options.run), otherwise="give the run it is from")
    known = _training(record, options)
    if options.html:
        _to_page(Path(options.html), known, options)
        return
    found = (known.like(text, most=options.top) for text in texts_of(options))
    _to_stdout(found, as_json=options.json)


def _training(record: Run, options: argparse.Namespace) -> "TrainingTexts":
    """Reads the texts before the model: most faults are theirs."""
    from textclf.config.load import load_config
    from textclf.data.held import held
    from textclf.ensemble.members import bundle_of_one
    from textclf.explain.similar import TrainingTexts

    console = Console()
    config = load_config(record.folder / CONFIG).config
    tables = sources_of(record, config, options.data_dir, console)
    fix = "restore it, or train again"
    texts = held(record, "train", config, tables(), fix=fix)
    return TrainingTexts.of(bundle_of_one(record), texts, progress=console)


def _to_stdout(found: "Iterable[Similar]", *, as_json: bool) -> None:
    from textclf.evaluation.json_lines import json_line

    first = True
    for one in found:
        if as_json:
            sys.stdout.buffer.write(json_line(one.to_json()))
            sys.stdout.buffer.flush()
            continue
        print("\n".join([*([] if first else [""]), *one.to_lines(width())]), flush=True)
        first = False


def _to_page(path: Path, known: "TrainingTexts", options: argparse.Namespace) -> None:
    from textclf.explain.attribution import Explainer
    from textclf.explain.pages import page_of
    from textclf.files import write_text

    explainer = Explainer.of(known.predictor)
    texts = list(texts_of(options))
    told = [
        explainer.explain(text, label=options.label, method=options.method)
        for text in texts
    ]
    similar = [known.like(text, most=options.top) for text in texts]
    write_text(path, page_of(told, similar=similar))
    Console().say(f"explanations of {len(told):,} texts in {path}")
