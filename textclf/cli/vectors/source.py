"""The vectors that a command is asked about: of a file, or of a trained model."""

import os
from pathlib import Path

import numpy as np

from textclf.cli.places import bundle_folder
from textclf.errors import ConfigError
from textclf.progress import SILENT, Progress
from textclf.vectors.catalogue import catalogue
from textclf.vectors.fetch import locate
from textclf.vectors.table import Vectors

_TABLE = "embedding/table"


def file_of(name: str) -> Path:
    """Returns a path, or where published vectors of that name lie."""
    path = Path(name)
    entry = catalogue().get(name)
    if entry is None or path.exists():
        return path
    found = locate(entry, environ=os.environ)
    if found is None:
        raise ConfigError(
            "is nowhere on this machine",
            where=name,
            fix=f"run `textclf vectors fetch {name}`",
        )
    return found


def vectors_of(
    name: str, *, limit: int | None = None, progress: Progress = SILENT
) -> Vectors:
    """Returns the vectors of a file, of published vectors, or of a run or bundle.

    Args:
        name: A path, or a name from `vectors list`.
        limit: Most words, the first.
        progress: Hears how many bytes were read.

    Raises:
        ArtefactError: The file or the bundle is damaged.
        ConfigError: The model has no vectors of words.
    """
    path = file_of(name)
    if path.is_dir():
        return _trained(path, limit)
    return Vectors.read(path, limit=limit, progress=progress)


def _trained(path: Path, limit: int | None) -> Vectors:
    from textclf.bundle import Bundle
    from textclf.text.vocabulary import RESERVED

    bundle = Bundle.open(bundle_folder(path))
    if bundle.spec.model.kind == "ngram":
        raise ConfigError(
            "got a model of kind ngram, whose rows are weights and no vectors",
            where=str(path),
            fix="ask a model of kind average or cnn",
        )
    first, tokens = len(RESERVED), bundle.encoder.vocabulary.tokens
    end = len(tokens) if limit is None else min(len(tokens), first + limit)
    table = np.asarray(bundle.weights()[_TABLE][first:end], dtype=np.float32)
    return Vectors(tuple(tokens[first:end]), table)
