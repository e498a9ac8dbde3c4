"""What is looked at: a configuration, a file somebody brings, or texts in memory."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from textclf.audit.audit import Audit, audit_tables
from textclf.config.load import config_from_mapping, load_config
from textclf.config.schema import Config
from textclf.data.catalogue import catalogue
from textclf.data.named import Places, open_sources, with_columns
from textclf.data.proposal import propose
from textclf.data.sources import Sources
from textclf.data.tables import Table
from textclf.errors import DataError, nearest
from textclf.progress import SILENT, Progress

_CONFIGS = (".yaml", ".yml")


def config_of(source: str | Path | Config) -> tuple[Config, Path | None]:
    """Returns the configuration of a source, and the folder that its paths begin in.

    Args:
        source: A configuration or its file, labelled texts as `init` takes them (a
            file, a folder of classes, a folder with train, dev and test), or the name
            of a data set.

    Raises:
        ConfigError: A configuration cannot be read.
        DataError: There is no such file, or no columns look like texts and labels.
    """
    if isinstance(source, Config):
        return source, None
    path = Path(source)
    if path.suffix.lower() in _CONFIGS:
        return load_config(path).config, path.parent
    if not path.exists() and not path.suffix and len(path.parts) == 1:
        _check_name(str(source))
        return config_from_mapping({"data": {"dataset": str(source)}}), None
    return config_from_mapping(propose(path, folder=path.parent).settings), path.parent


def _check_name(name: str) -> None:
    """Refuses what is neither a file nor the name of a data set."""
    if name not in catalogue():
        near = nearest(name, catalogue())
        raise DataError(
            "no such file or folder, and no data set of that name",
            where=name,
            fix=f"did you mean {near}?" if near else "see `textclf data list`",
        )


def opened(
    source: str | Path | Config,
    *,
    data_dir: str | Path | None = None,
    progress: Progress = SILENT,
) -> tuple[Config, dict[str, Table]]:
    """Returns the configuration of a source, its columns known, and its tables."""
    config, folder = config_of(source)
    config = config.model_copy(update={"data": with_columns(config.data)})
    here = Path.cwd()
    places = Places(
        folders=(folder, here) if folder else (here,),
        data_dir=Path(data_dir) if data_dir else None,
        environ=os.environ,
    )
    return config, _named(open_sources(config.data, places, progress=progress))


def check(
    source: str | Path | Config,
    *,
    data_dir: str | Path | None = None,
    wrong_labels: bool = True,
    progress: Progress = SILENT,
) -> Audit:
    """Looks at labelled texts before a model learns from them.

    Args:
        source: A configuration or its YAML file, labelled texts as `textclf init` takes
            them, or the name of a data set.
        data_dir: A folder of named data sets that is asked first.
        wrong_labels: Whether to look for them, which takes most of the time.
        progress: Hears how far it is.

    Raises:
        ConfigError: A configuration cannot be read.
        DataError: The data cannot be read, or have fewer than two labels.
    """
    config, tables = opened(source, data_dir=data_dir, progress=progress)
    name = config.name if isinstance(source, Config) else str(source)
    return audit_tables(
        tables, config, source=name, wrong_labels=wrong_labels, progress=progress
    )


def check_texts(
    texts: Sequence[str],
    labels: Sequence[str],
    *,
    test: tuple[Sequence[str], Sequence[str]] | None = None,
    separator: str | None = None,
    progress: Progress = SILENT,
) -> Audit:
    """Looks at texts in memory; places are `train:1` and so on.

    Args:
        texts: The training texts.
        labels: A label for each of them; with a separator several, as one string.
        test: Texts and labels of a test split.
        separator: What stands between the labels of a text.
        progress: Hears how far it is.

    Raises:
        DataError: Texts and labels differ in number, or there are fewer than two
            labels.
    """
    data = {"train": "train", "label_separator": separator}
    pairs = {"train": (texts, labels)} | ({"test": test} if test else {})
    tables = {name: _table(name, *pair) for name, pair in pairs.items()}
    config = config_from_mapping({"data": data})
    return audit_tables(tables, config, source="texts", progress=progress)


def _table(name: str, texts: Sequence[str], labels: Sequence[str]) -> Table:
    if len(texts) != len(labels):
        raise DataError(
            f"got {len(texts):,} texts and {len(labels):,} labels", where=name
        )
    if not len(texts):
        raise DataError("got no texts, expected at least two", where=name)
    lines = np.arange(1, len(texts) + 1)
    return Table(list(texts), list(map(str, labels)), lines, name)


def _named(tables: Sources) -> dict[str, Table]:
    named: Mapping[str, Table | None] = {
        "train": tables.train,
        "dev": tables.dev,
        "test": tables.test,
    }
    return {name: table for name, table in named.items() if table is not None}
