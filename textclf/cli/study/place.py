"""Where a study begins: its file, and where its data are looked for."""

import argparse
from dataclasses import replace
from pathlib import Path

from textclf import backend
from textclf.cli.places import places
from textclf.study.study import Study


def study_of(options: argparse.Namespace) -> Study:
    """Reads the study that `--config` names."""
    backend.prepare()
    path = Path(options.config)
    return replace(Study.read(path), places=places(options.data_dir, path.parent))


def study_in(options: argparse.Namespace) -> Study:
    """Takes up the study that lives in a folder."""
    backend.prepare()
    study = Study.open(Path(options.study))
    data_dir = Path(options.data_dir) if options.data_dir else None
    return replace(study, places=replace(study.places, data_dir=data_dir))
