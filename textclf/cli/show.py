"""`textclf show`."""

import argparse
import shlex
import textwrap
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from textclf.bundle import Bundle
from textclf.cli.console import width
from textclf.cli.lines import folded
from textclf.cli.places import bundle_folder
from textclf.config.load import load_config
from textclf.config.schema import Config
from textclf.ensemble.bundle import MODELS, EnsembleBundle
from textclf.ensemble.ensemble import open_any
from textclf.errors import ArtefactError, one_of, printable
from textclf.run import CONFIG, HISTORY, SAVED, Run
from textclf.sealed import MANIFEST
from textclf.text.encoder import TextEncoder

_LABELS_SHOWN = 12
_COMMANDS = "more"
_MOVEMENT = "embedding.json"


def run(options: argparse.Namespace) -> None:
    """Tells what a run is: data, settings, sizes, scores, coverage, versions.

    A bundle alone tells what it knows.
    """
    folder = Path(options.run)
    alone = any((folder / name).is_file() for name in (MANIFEST, SAVED))
    sections = _of_bundle(bundle_folder(folder)) if alone else _of_run(folder)
    for title, lines in sections.items():
        told = list(lines)
        if told:
            print(title)
            print(textwrap.indent(_fitting(title, told), "  "))


def _fitting(title: str, lines: list[str]) -> str:
    """Returns the lines as wide as the terminal; a command to copy stays whole."""
    safe = [printable(line) for line in lines]
    return "\n".join(safe) if title == _COMMANDS else folded(safe, width() - 2)


def _of_bundle(folder: Path) -> dict[str, Iterable[str]]:
    bundle = open_any(folder)
    return {
        "model": _what(bundle, None),
        "labels": [one_of(bundle.labels.names, limit=_LABELS_SHOWN)],
        "decision": _decision(bundle),
        "versions": _made_by(bundle),
    }


def _of_run(folder: Path) -> dict[str, Iterable[str]]:
    record = Run.open(folder)
    bundle = open_any(record.bundle)
    config = load_config(record.folder / CONFIG).config
    return {
        "run": _run(record, config),
        "data": _data(record.read_json("data.json")),
        "model": _what(bundle, config),
        "training": _training(record, config),
        "decision": _decision(bundle),
        "embedding": _embedding(record),
        "scores": _scores(record, config),
        "vectors": _vectors(record),
        "versions": _versions(record, bundle),
        _COMMANDS: _more(record, bundle),
    }


def _run(record: Run, config: Config) -> Iterator[str]:
    state = record.state()
    yield f"{config.name} in {record.folder}, {state['status']}"
    yield f"finished {state['at']} after {state['seconds']:.1f} s, seed {config.seed}"


def _data(described: dict[str, Any]) -> Iterator[str]:
    for name, split in described["splits"].items():
        labels = sorted(split["labels"].items(), key=lambda item: -item[1])
        told = ", ".join(
            f"{label} {count:,}" for label, count in labels[:_LABELS_SHOWN]
        )
        more = f", … ({len(labels)} labels)" if len(labels) > _LABELS_SHOWN else ""
        yield f"{name:<6}{split['texts']:>8,} texts  {told}{more}"
        yield f"      from {split['source']}"
    for note in described["notes"]:
        yield f"note: {note}"


def _what(bundle: Bundle | EnsembleBundle, config: Config | None) -> Iterator[str]:
    if isinstance(bundle, Bundle):
        return _model(bundle, config)
    return _models(bundle)


def _models(bundle: EnsembleBundle) -> Iterator[str]:
    numbers = sum(model.spec.parameters() for model in bundle.models)
    count = f"ensemble of {len(bundle.models)} models, {bundle.labels.task}"
    yield f"{count}, {len(bundle.labels)} labels, {numbers:,} numbers"
    for number, model in enumerate(bundle.models, start=1):
        weight = bundle.weights[number - 1]
        place = f"{MODELS}/{number}"
        yield f"{place:<10}weight {weight:.3f}  {model.spec.model.kind}"


def _model(bundle: Bundle, config: Config | None) -> Iterator[str]:
    spec, text = bundle.spec, bundle.encoder.settings
    yield f"{spec.model.kind}, {spec.task}, {len(bundle.labels.names)} labels"
    yield f"{spec.parameters():,} numbers, {spec.bytes() / 1e6:,.1f} MB"
    begun = f", {config.embedding.init}, {config.embedding.train}" if config else ""
    yield (
        f"embedding {spec.rows:,} x {spec.dim}{begun}; vocabulary of "
        f"{len(bundle.encoder.vocabulary):,} {text.unit}s{_grams(bundle.encoder)}"
    )
    settings = {**spec.model.model_dump(), **spec.regularisation.model_dump()}
    del settings["kind"]
    told = {k: "none" if v in (None, []) else v for k, v in settings.items()}
    yield ", ".join(f"{key} {value}" for key, value in told.items())


def _grams(encoder: TextEncoder) -> str:
    rows = encoder.rows - len(encoder.vocabulary)
    if not rows:
        return ""
    kind = "buckets of n-grams" if encoder.settings.ngram_buckets else "n-grams"
    return f" and {rows:,} {kind}"


def _decision(bundle: Bundle | EnsembleBundle) -> Iterator[str]:
    decision, names = bundle.decision, bundle.labels.names
    yield f"temperature {decision.temperature:.3f}"
    if decision.thresholds:
        decided = names[1:] if bundle.labels.task == "binary" else names
        cuts = list(zip(decided, decision.thresholds, strict=True))
        told = ", ".join(f"{name} {cut:.2f}" for name, cut in cuts[:_LABELS_SHOWN])
        yield f"thresholds {told}{', …' if len(cuts) > _LABELS_SHOWN else ''}"
    if decision.abstain is not None:
        yield f"no answer below a confidence of {decision.abstain:.3f}"


def _training(record: Run, config: Config) -> Iterator[str]:
    import json

    if not (record.folder / HISTORY).is_file():  # an ensemble is not trained
        return
    settings = config.training
    yield (
        f"{settings.optimizer}, learning rate {settings.learning_rate:g}, batches of "
        f"{settings.batch_size}, best {settings.monitor} kept"
    )
    lines = (record.folder / HISTORY).read_text(encoding="utf-8").splitlines()
    epochs = [json.loads(line) for line in lines]
    best = max((e for e in epochs if e["best"]), key=lambda e: e["epoch"], default=None)
    if best is not None:
        watched = settings.monitor == "dev_macro_f1"
        more = f", dev macro F1 {best['dev_macro_f1']:.4f}" if watched else ""
        yield (
            f"{'first training, ' if settings.refit else ''}epoch {best['epoch']} of "
            f"{len(epochs)}: dev loss {best['dev_loss']:.4f}, "
            f"dev accuracy {best['dev_accuracy']:.4f}{more}"
        )
    if settings.refit:
        yield "second training, from scratch and with the dev texts: this is kept"


def _embedding(record: Run) -> Iterator[str]:
    if (record.folder / _MOVEMENT).is_file():
        from textclf.evaluation.movement import Movement

        movement = Movement.from_json(record.read_json(_MOVEMENT))
        yield from movement.to_lines(width() - 2)


def _scores(record: Run, config: Config) -> Iterator[str]:
    from textclf.evaluation.report import Report

    first = " Of the first training." if config.training.refit else ""

    for split in ("dev", "test"):
        if (record.folder / f"report-{split}.json").is_file():
            report = Report.from_json(record.read_json(f"report-{split}.json"))
            yield f"{split:<6}{report.verdict()}{first if split == 'dev' else ''}"


def _vectors(record: Run) -> Iterator[str]:
    if (record.folder / "coverage.json").is_file():
        from textclf.vectors.coverage import Coverage

        yield from Coverage.from_json(record.read_json("coverage.json")).to_lines()


def _versions(record: Run, bundle: Bundle | EnsembleBundle) -> Iterator[str]:
    environment = record.read_json("environment.json")
    try:
        told = ", ".join(f"{k} {v}" for k, v in environment["versions"].items())
    except (TypeError, KeyError, AttributeError) as fault:
        raise ArtefactError("got no versions", where=str(record.folder)) from fault
    yield f"python {environment['python']}, {told}"
    yield from _seal(bundle)


def _made_by(bundle: Bundle | EnsembleBundle) -> Iterator[str]:
    names = [name for name in ("textclf", "keras") if name in bundle.manifest]
    yield "made by " + ", ".join(f"{name} {bundle.manifest[name]}" for name in names)
    yield from _seal(bundle)


def _seal(bundle: Bundle | EnsembleBundle) -> Iterator[str]:
    yield f"bundle format {bundle.manifest['format']}"
    yield f"sha256 {bundle.digest}"


def _more(record: Run, bundle: Bundle | EnsembleBundle) -> Iterator[str]:
    if isinstance(bundle, EnsembleBundle):
        return
    run = shlex.quote(str(record.folder))
    yield f"a page of all this: python -m textclf report {run}"
