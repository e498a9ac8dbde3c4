"""A document about a run: what belongs to it is found, and it is written."""

import os
from pathlib import Path

from textclf.behave.reading import Suite, open_suite
from textclf.behave.results import SuiteResult
from textclf.config.load import load_config
from textclf.config.schema import DataConfig
from textclf.data.locate import cache_folder, locate
from textclf.data.named import Places, open_sources
from textclf.data.sources import Sources
from textclf.errors import DataError
from textclf.progress import SILENT, Progress
from textclf.report.material import Material, gather
from textclf.report.write import Form, target, write_document
from textclf.run import CONFIG, Run


def write_report(
    run: Run | str | Path,
    output: str | Path | None = None,
    *,
    form: Form = "html",
    suite: Suite | str | Path | None = None,
    labels: dict[str, str] | None = None,
    places: Places | None = None,
    force: bool = False,
    progress: Progress = SILENT,
) -> Path:
    """Writes a page or a model card about a finished run; returns its path.

    Args:
        run: What it is about.
        output: The file; None: a name of its own in the working directory.
        form: `html` (a page that needs nothing else) or `card` (Markdown).
        suite: Behavioural tests to be asked and told: a ready suite or a file.
        labels: What the model calls a label of the suite.
        places: Where the data of the run are looked for; None: beside the run and in
            the working directory. Where they are gone, the document does without.
        force: Whether a card that is there may be replaced.
        progress: Hears what is missing.

    Raises:
        ConfigError: The file lies inside the run, its folder is missing, or a card is
            there.
        ArtefactError: The run is not finished or damaged.
    """
    record = run if isinstance(run, Run) else Run.open(Path(run))
    given = None if output is None else str(output)
    path = target(record, given, form, force=force)
    tests = None if suite is None else open_suite(suite)
    data = load_config(record.folder / CONFIG).config.data
    found = places or Places((record.folder, Path.cwd()), None, os.environ)
    material = gather(record, lambda: _tables(data, found, progress))
    if material.gone:
        progress.warn(material.gone)
    behaviour = None if tests is None else _behaviour(material, tests, labels or {})
    write_document(material, path, form, behaviour=behaviour)
    return path


def _behaviour(material: Material, suite: Suite, labels: dict[str, str]) -> SuiteResult:
    from textclf.behave.running import run_suite
    from textclf.predictor import Predictor

    held = material.texts.get("dev")
    return run_suite(
        suite,
        Predictor.of_bundle(material.bundle).predict,
        texts=() if held is None else held.dataset.texts,
        labels=labels,
    )


def _tables(data: DataConfig, places: Places, progress: Progress) -> Sources:
    """Reads the tables of a run where they are on this machine: nothing is fetched."""
    if data.dataset is not None:
        cache = cache_folder(os.environ)
        here = locate(
            data.dataset, data_dir=places.data_dir, environ=os.environ, cache=cache
        )
        if here is None:
            raise DataError(
                "is not on this machine",
                where=data.dataset,
                fix=f"textclf data fetch {data.dataset}, or give --data-dir",
            )
    return open_sources(data, places, progress=progress)
