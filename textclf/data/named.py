"""The tables of a named data set, wherever its files are found."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from textclf.config.schema import DataConfig
from textclf.data.catalogue import Entry, entry_named
from textclf.data.fetch import fetch
from textclf.data.locate import Located, cache_folder, locate, unpacked
from textclf.data.sources import Sources, read_sources
from textclf.data.stored_table import table_of
from textclf.data.tables import Table, read_table
from textclf.progress import SILENT, Progress

_WHOLE = "all"


@dataclass(frozen=True)
class Places:
    """Where data are looked for.

    Attributes:
        folders: Where relative paths begin, in order of preference.
        data_dir: A folder of data sets, asked before all others.
        environ: The environment, with TEXTCLF_DATA and the place of the cache.
    """

    folders: tuple[Path, ...]
    data_dir: Path | None
    environ: Mapping[str, str]


def with_columns(config: DataConfig) -> DataConfig:
    """Returns the section with the columns and separator of its named data set.

    What the configuration sets itself stays. Without a name nothing changes.

    Raises:
        ConfigError: There is no data set of that name.
    """
    if config.dataset is None:
        return config
    entry = entry_named(config.dataset)
    known = {
        "text": entry.text,
        "label": entry.label,
        "label_separator": entry.label_separator,
    }
    unset = {k: v for k, v in known.items() if k not in config.model_fields_set}
    return config.model_copy(update=unset)


def open_sources(
    config: DataConfig, places: Places, *, progress: Progress = SILENT
) -> Sources:
    """Reads the tables a configuration names, by path or by the name of a data set.

    A data set that is nowhere on this machine is downloaded from its official source.

    Raises:
        ConfigError: There is no data set of that name.
        DataError: A file cannot be read.
        ArtefactError: The download is not what the catalogue expects.
        ResourceError: There is no network.
    """
    if config.dataset is None:
        return read_sources(config, folders=places.folders, progress=progress)
    located = find(config.dataset, places, progress=progress)
    progress.say(f"data: {config.dataset} in {located.folder} ({located.origin})")
    if located.is_subset:
        progress.warn(f"{located.folder.name} is a part of {config.dataset} only")
    return Sources(**_tables(located, config, progress))


def find(
    name: str,
    places: Places,
    *,
    progress: Progress = SILENT,
    where: str = "data.dataset",
) -> Located:
    """Returns where a named data set lies; makes it if it is nowhere.

    It is made of its authors' files: those that a folder of data sets has unpacked, or
    else a download.
    """
    cache = cache_folder(places.environ)
    located = locate(
        name,
        data_dir=places.data_dir,
        environ=places.environ,
        cache=cache,
        where=where,
    )
    if located is not None:
        return located
    entry = entry_named(name)
    return fetch(
        entry,
        cache=cache,
        environ=places.environ,
        unpacked=unpacked(entry, data_dir=places.data_dir, environ=places.environ),
        progress=progress,
    )


def _tables(
    located: Located, config: DataConfig, progress: Progress
) -> dict[str, Table]:
    entry, files = located.entry, dict(located.files)
    if _WHOLE not in files:
        splits = [split for split in ("train", "dev", "test") if split in files]
        return {split: _read(files[split], config, progress) for split in splits}
    table = _read(files[_WHOLE], config, progress)
    if entry.split_column is None:
        return {"train": table}
    return _by_column(table, files[_WHOLE], entry)


def _by_column(table: Table, path: Path, entry: Entry) -> dict[str, Table]:
    names = read_table(path, text=entry.split_column or "", label=None).texts
    rows: dict[str, list[int]] = {}
    for row, name in enumerate(names):
        rows.setdefault(name, []).append(row)
    return {name: table.take(chosen) for name, chosen in rows.items()}


def _read(path: Path, config: DataConfig, progress: Progress) -> Table:
    # The files of a named data set are UTF-8, whatever `data.encoding` says.
    return table_of(
        path,
        cache=config.cache,
        text=config.text,
        label=config.label,
        progress=progress,
    )
