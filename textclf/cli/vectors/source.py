"""The vectors that a command is asked about: of a file, or of a trained model."""

from pathlib import Path
from typing import TYPE_CHECKING

from textclf.cli.places import bundle_folder
from textclf.progress import SILENT, Progress
from textclf.vectors.named import file_of
from textclf.vectors.start import START
from textclf.vectors.table import Vectors

if TYPE_CHECKING:
    from textclf.explain.words import LearntWords


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
        return learnt_words(path, limit=limit).after
    return Vectors.read(path, limit=limit, progress=progress)


def learnt_words(path: Path, *, limit: int | None = None) -> "LearntWords":
    """Returns the words of a run or bundle; of a run with those before training.

    Raises:
        ArtefactError: The folder is neither, or damaged.
        ConfigError: The model has no vectors of words.
    """
    from textclf.bundle import Bundle
    from textclf.explain.words import LearntWords

    folder = bundle_folder(path)
    start = None if folder == path else path / START
    return LearntWords.of_bundle(Bundle.open(folder), start=start, limit=limit)
