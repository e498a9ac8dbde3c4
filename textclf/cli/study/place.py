"""Where a study begins: its file, and where its data are looked for."""

import argparse
from pathlib import Path

from textclf import backend
from textclf.cli.places import places
from textclf.study.study import Study


def study_of(options: argparse.Namespace) -> Study:
    """Reads the study that `--config` names."""
    backend.prepare()
    path = Path(options.config)
    return Study(path, places=places(options.data_dir, path.parent))


def study_in(options: argparse.Namespace) -> Study:
    """Takes up the study that lives in a folder."""
    backend.prepare()
    study = Study.open(Path(options.study))
    near = study.written.folder
    return Study(study.written, places=places(options.data_dir, near))
