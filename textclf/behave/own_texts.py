"""Texts for tests that change texts: the dev texts of a run, or those of a file."""

from collections.abc import Sequence
from pathlib import Path

from textclf.config.schema import Config
from textclf.data.held import held
from textclf.data.sources import Sources
from textclf.data.tables import read_table
from textclf.errors import DataError
from textclf.run import Run


def dev_texts(run: Run, config: Config, tables: Sources) -> Sequence[str]:
    """Returns the dev texts of a run.

    Raises:
        DataError: The texts or labels are not those the run was trained with.
    """
    fix = "restore it, or name texts by --texts FILE"
    return held(run, "dev", config, tables, fix=fix).dataset.texts


def texts_of_file(path: Path, column: str) -> Sequence[str]:
    """Returns the texts of a file.

    Raises:
        DataError: It cannot be read or has no text.
    """
    texts = read_table(path, text=column, label=None).texts
    if not len(texts):
        raise DataError("got no texts, expected some", where=str(path))
    return texts
