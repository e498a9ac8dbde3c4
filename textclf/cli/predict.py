"""`textclf predict`."""

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from textclf.cli.console import Console, width
from textclf.cli.places import (
    batches_of_file,
    bundle_folder,
    expected_bundle,
    kept_of_file,
    text_column,
)
from textclf.cli.stdin import lines_of_stdin
from textclf.errors import ConfigError, printable

if TYPE_CHECKING:
    from textclf.data.columns import Cell
    from textclf.data.kept import Kept
    from textclf.evaluation.predictions import Predictions
    from textclf.predictor import Answerer

Batch = tuple[Sequence[str], "Mapping[str, Sequence[Cell]]"]
"""Texts, and the cells of columns that are kept beside them."""

_BATCH = 4096


def run(options: argparse.Namespace) -> None:
    """Labels the texts of the command line, of a file, or of stdin as they come."""
    if options.texts and options.input:
        raise ConfigError("got both TEXT and --input", fix="give one of them")
    folder = bundle_folder(Path(options.run))
    if options.output:
        _check_output(Path(options.output))

    from textclf.ensemble.ensemble import answerer_of

    predictor = answerer_of(expected_bundle(folder, options.expect_sha256))
    column = options.text or text_column(folder)
    kept = _kept(options, column)
    batches = _batches(options, column, kept)
    if options.output:
        kinds = kept.kinds if kept else {}
        _to_file(Path(options.output), batches, predictor, kinds)
    else:
        _to_stdout(batches, predictor, as_json=options.json)


def _kept(options: argparse.Namespace, column: str) -> "Kept | None":
    """Returns what --keep asks for; None: nothing."""
    if not options.keep:
        return None
    if not options.input:
        raise ConfigError("got --keep without --input, whose columns it keeps")
    if not options.output and not options.json:
        raise ConfigError("got --keep, expected --output or --json with it")
    kept = kept_of_file(Path(options.input), options.keep, text=column)
    if not options.output:
        from textclf.evaluation.json_lines import KEYS
        from textclf.evaluation.rows import check_beside

        check_beside(kept.kinds, KEYS)
    return kept


def _batches(
    options: argparse.Namespace, column: str, kept: "Kept | None"
) -> Iterator[Batch]:
    if options.input:
        return _of_file(Path(options.input), column, kept)
    texts = iter([options.texts]) if options.texts else lines_of_stdin(_BATCH)
    return ((some, {}) for some in texts)


def _of_file(path: Path, column: str, kept: "Kept | None") -> Iterator[Batch]:
    tables = batches_of_file(path, column=column, batch=_BATCH)
    return kept.beside(tables) if kept else ((table.texts, {}) for table in tables)


def _to_stdout(
    batches: Iterator[Batch], predictor: "Answerer", *, as_json: bool
) -> None:
    from textclf.evaluation.json_lines import json_lines

    for batch, beside in batches:
        predictions = predictor.predict(batch)
        if as_json:
            sys.stdout.buffer.write(json_lines(batch, predictions, beside))
            sys.stdout.buffer.flush()
        else:
            print("\n".join(_for_people(batch, predictions)), flush=True)


def _for_people(texts: Sequence[str], predictions: "Predictions") -> Iterator[str]:
    """Yields `label  probability  text` with what the model could not see."""
    name_width = min(max(map(len, predictions.labels)), 24)
    for text, record in zip(texts, predictions.records(), strict=True):
        label, probability = record["label"], record["probability"]
        if isinstance(label, list):
            pairs = zip(label, probability, strict=True)
            told = ", ".join(f"{n} {p:.2f}" for n, p in pairs) or "(no label)"
        else:
            told = f"{printable(label):<{name_width}}  {probability:.3f}"
        line = f"{told}  {printable(text)}{_remarks(record)}"
        yield line if not sys.stdout.isatty() else line[: width()]


def _remarks(record: dict[str, Any]) -> str:
    flags = record["flags"]
    told = ["abstained"] if record.get("abstained") else []
    told += ["empty: the answer is a guess"] if flags["empty"] else []
    told += ["truncated"] if flags["truncated"] else []
    unknown = flags["unknown"]
    if isinstance(unknown, float) and unknown > 0:
        told.append(f"{unknown:.0%} unknown words")
        if flags["built"]:
            told.append(f"{flags['built']:.0%} built of their characters")
    return f"  [{', '.join(told)}]" if told else ""


def _check_output(path: Path) -> None:
    if not path.parent.is_dir():
        raise ConfigError(
            "no such folder", where=str(path.parent), fix="make it or choose another"
        )


def _to_file(
    path: Path,
    batches: Iterator[Batch],
    predictor: "Answerer",
    kinds: Mapping[str, type],
) -> None:
    from textclf.evaluation.rows import prediction_writer

    console, done = Console(), 0
    labels = predictor.labels
    opened = prediction_writer(
        path,
        labels=labels.names,
        task=labels.task,
        abstains=predictor.decision.abstain is not None,
        beside=kinds,
    )
    with opened as rows, console.task("predicting") as task:
        for batch, beside in batches:
            rows.write(batch, predictor.predict(batch), beside)
            done += len(batch)
            task.advance(len(batch))
    console.say(f"{done:,} predictions in {path}")
