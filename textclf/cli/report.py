"""`textclf report`."""

import argparse
import os
from pathlib import Path
from typing import TYPE_CHECKING

from textclf.cli.behave import labels_given
from textclf.cli.console import Console
from textclf.cli.places import places
from textclf.config.load import load_config
from textclf.errors import DataError
from textclf.run import CONFIG, Run

if TYPE_CHECKING:
    from textclf.behave.reading import Suite
    from textclf.behave.results import SuiteResult
    from textclf.config.schema import DataConfig
    from textclf.data.sources import Sources
    from textclf.report.material import Material
    from textclf.report.write import Form


def run(options: argparse.Namespace) -> None:
    """Writes one document about a run and prints its path."""
    from textclf.behave.reading import open_suite
    from textclf.report.material import gather
    from textclf.report.write import target, write_document

    console, record = Console(), Run.open(Path(options.run))
    form: Form = "card" if options.card else "html"
    path = target(record, options.output, form, force=options.force)
    suite = open_suite(options.suite) if options.suite else None
    labels = labels_given(options.label)
    data = load_config(record.folder / CONFIG).config.data
    material = gather(record, lambda: _tables(data, record, options, console))
    if material.gone:
        console.warn(material.gone)
    behaviour = None if suite is None else _behaviour(material, suite, labels)
    write_document(material, path, form, behaviour=behaviour)
    print(path)


def _behaviour(
    material: "Material", suite: "Suite", labels: dict[str, str]
) -> "SuiteResult":
    from textclf.behave.running import run_suite
    from textclf.predictor import Predictor

    held = material.texts.get("dev")
    return run_suite(
        suite,
        Predictor.of_bundle(material.bundle).predict,
        texts=() if held is None else held.dataset.texts,
        labels=labels,
    )


def _tables(
    data: "DataConfig", record: Run, options: argparse.Namespace, console: Console
) -> "Sources":
    """Reads the tables of a run where they are on this machine: nothing is fetched."""
    from textclf.data.locate import cache_folder, locate
    from textclf.data.named import open_sources

    found = places(options.data_dir, record.folder)
    if data.dataset is not None:
        cache = cache_folder(os.environ)
        here = locate(
            data.dataset, data_dir=found.data_dir, environ=os.environ, cache=cache
        )
        if here is None:
            raise DataError(
                "is not on this machine",
                where=data.dataset,
                fix=f"textclf data fetch {data.dataset}, or give --data-dir",
            )
    return open_sources(data, found, progress=console)
