"""`textclf train`."""

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from textclf.background import Background
from textclf.cli.console import Console, width
from textclf.cli.places import places
from textclf.config.load import LoadedConfig, dump_config, load_config
from textclf.run import Run, check_free, next_folder
from textclf.vectors.named import with_named_vectors

if TYPE_CHECKING:
    from textclf.training.train import Trained

_RUNS = Path("runs")


def run(options: argparse.Namespace) -> None:
    """Trains what the configuration says and prints the scores."""
    console = Console()
    loaded = load_config(Path(options.config), options.set)
    for note in loaded.notes:
        console.say(note)
    name = loaded.config.name
    folder = Path(options.run_dir) if options.run_dir else next_folder(_RUNS, name)
    check_free(folder)
    trained = _train(loaded, options, folder, console)
    if options.json:
        print(json.dumps(_summary(trained), ensure_ascii=False))
        return
    report = trained.test or trained.dev
    print("\n".join(report.to_lines(width())))
    print(f"\nrun: {folder}  ({trained.seconds:.1f} s)")


def _train(
    loaded: LoadedConfig, options: argparse.Namespace, folder: Path, console: Console
) -> "Trained":
    from textclf import backend
    from textclf.data.named import open_sources, with_columns
    from textclf.data.sources import read_unlabelled
    from textclf.training.prepare import prepare

    backend.prepare()
    starting = Background(backend.start)  # takes seconds, as reading the data does
    config = with_named_vectors(loaded.resolved(), loaded.config)
    config = config.model_copy(update={"data": with_columns(config.data)})
    found = places(options.data_dir, Path(options.config).parent)
    # No name is given to the tables: they may be large, and are needed no longer.
    prepared = prepare(
        config,
        open_sources(config.data, found, progress=console),
        unlabelled=read_unlabelled(
            config.data, folders=found.folders, progress=console
        ),
        progress=console,
    )

    record = Run.create(folder, config=dump_config(config))
    starting.result()
    from textclf.training.train import train

    return train(prepared, run=record, progress=console)


def _summary(trained: "Trained") -> dict[str, Any]:
    return {
        "run": str(trained.run.folder),
        "bundle": str(trained.run.bundle),
        "seconds": trained.seconds,
        "dev": trained.dev.to_json(),
        "test": trained.test.to_json() if trained.test else None,
    }
