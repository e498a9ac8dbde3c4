"""`textclf explain --global`: the words and n-grams that a model goes by."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from textclf.cli.console import Console, width
from textclf.cli.explain.output import check_output, run_with_texts
from textclf.cli.places import bundle_folder, sources_of, text_column
from textclf.errors import ConfigError
from textclf.run import CONFIG

if TYPE_CHECKING:
    from textclf.explain.overall import Overall

_ELSE = "give the run it is from, or texts by --input FILE"


def run(options: argparse.Namespace) -> None:
    """Explains many texts and prints what speaks for each label."""
    if options.texts:
        raise ConfigError("got TEXT and --global", fix="give texts by --input FILE")
    if options.method != "gradients":
        raise ConfigError("got --method and --global, which goes by gradients")
    check_output(options)
    folder = bundle_folder(Path(options.run))
    texts, where = _texts(options)

    from textclf.bundle import Bundle
    from textclf.explain.overall import overall_of

    found = overall_of(
        Bundle.open(folder),
        texts,
        where=where,
        label=options.label,
        most=options.most,
        top=options.top,
        progress=Console(),
    )
    _show(found, options)


def _texts(options: argparse.Namespace) -> tuple[Sequence[str], str]:
    """Returns the texts, and what they are."""
    from textclf.behave.own_texts import texts_of_file
    from textclf.config.load import load_config
    from textclf.data.held import held

    folder = Path(options.run)
    if options.input:
        path = Path(options.input)
        return texts_of_file(path, text_column(folder)), f"texts of {path.name}"
    record = run_with_texts(folder, otherwise=_ELSE)
    config = load_config(record.folder / CONFIG).config
    tables = sources_of(record, config, options.data_dir, Console())
    fix = "restore it, or give texts by --input FILE"
    dev = held(record, "dev", config, tables(), fix=fix)
    return dev.dataset.texts, "dev texts"


def _show(found: "Overall", options: argparse.Namespace) -> None:
    if options.html:
        from textclf.files import write_text

        name = Path(options.run).resolve().name
        write_text(
            Path(options.html), found.to_html(f"{name}: what speaks for each label")
        )
        Console().say(f"what speaks for each label in {options.html}")
    elif options.json:
        from textclf.evaluation.json_lines import json_line

        sys.stdout.buffer.write(json_line(found.to_json()))
        sys.stdout.buffer.flush()
    else:
        print("\n".join(found.to_lines(width())))
