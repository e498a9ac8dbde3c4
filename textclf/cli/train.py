"""`textclf train`."""

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from textclf.cli.console import Console, width
from textclf.cli.places import places
from textclf.config.load import LoadedConfig, load_config
from textclf.run import check_free, next_folder

if TYPE_CHECKING:
    from textclf.training.trained import Trained

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
    if options.find_lr:
        _find_rate(loaded, options, folder, console)
        return
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
    from textclf.training.start import train_config

    found = places(options.data_dir, Path(options.config).parent)
    return train_config(loaded, folder=folder, places=found, progress=console)


def _find_rate(
    loaded: LoadedConfig, options: argparse.Namespace, folder: Path, console: Console
) -> None:
    from textclf.training.start import find_learning_rate

    found = places(options.data_dir, Path(options.config).parent)
    curve = find_learning_rate(loaded, folder=folder, places=found, progress=console)
    if options.json:
        print(json.dumps(curve.to_json()))
        return
    print(
        f"a learning rate to begin with: {curve.suggestion:.2g}, a tenth of where the "
        f"loss was lowest\n  --set training.learning_rate={curve.suggestion:.2g}\n"
        f"curve: {folder / 'learning_rate.png'}"
    )


def _summary(trained: "Trained") -> dict[str, Any]:
    return {
        "run": str(trained.run.folder),
        "bundle": str(trained.run.bundle),
        "seconds": trained.seconds,
        "dev": trained.dev.to_json(),
        "test": trained.test.to_json() if trained.test else None,
    }
