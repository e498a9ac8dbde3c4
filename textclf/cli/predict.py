"""`textclf predict`."""

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from textclf.cli.console import Console, width
from textclf.cli.places import (
    batches_of_file,
    bundle_folder,
    expected_bundle,
    text_column,
)
from textclf.cli.stdin import lines_of_stdin
from textclf.errors import ConfigError, printable

if TYPE_CHECKING:
    from textclf.evaluation.predictions import Predictions
    from textclf.predictor import Answerer

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
    texts = _texts(options, folder)
    if options.output:
        _to_file(Path(options.output), texts, predictor)
    else:
        _to_stdout(texts, predictor, as_json=options.json)


def _texts(options: argparse.Namespace, folder: Path) -> Iterator[Sequence[str]]:
    if options.texts:
        return iter([options.texts])
    if options.input:
        return _of_file(Path(options.input), options.text or text_column(folder))
    return lines_of_stdin(_BATCH)


def _of_file(path: Path, column: str) -> Iterator[Sequence[str]]:
    for table in batches_of_file(path, column=column, batch=_BATCH):
        yield table.texts


def _to_stdout(
    texts: Iterator[Sequence[str]], predictor: "Answerer", *, as_json: bool
) -> None:
    from textclf.evaluation.json_lines import json_lines

    for batch in texts:
        predictions = predictor.predict(batch)
        if as_json:
            sys.stdout.buffer.write(json_lines(batch, predictions))
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
    told += [name for name in ("empty", "truncated") if flags[name]]
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


def _to_file(path: Path, texts: Iterator[Sequence[str]], predictor: "Answerer") -> None:
    from textclf.evaluation.rows import prediction_writer

    console, done = Console(), 0
    labels = predictor.labels
    opened = prediction_writer(
        path,
        labels=labels.names,
        task=labels.task,
        abstains=predictor.decision.abstain is not None,
    )
    with opened as rows, console.task("predicting") as task:
        for batch in texts:
            rows.write(batch, predictor.predict(batch))
            done += len(batch)
            task.advance(len(batch))
    console.say(f"{done:,} predictions in {path}")
