"""The tables of a run, read from the paths in its configuration."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from textclf.config.schema import DataConfig
from textclf.data.stored_table import table_of
from textclf.data.tables import Table
from textclf.errors import ConfigError, DataError
from textclf.progress import SILENT, Progress


@dataclass(frozen=True)
class Sources:
    """Tables with raw labels: for training, and those for dev and test that exist."""

    train: Table
    dev: Table | None = None
    test: Table | None = None

    def __post_init__(self) -> None:
        for table in (self.train, self.dev, self.test):
            if table is not None and table.labels is None:
                raise ValueError(f"labels expected in {table.source}")


def read_sources(
    config: DataConfig, *, folders: Sequence[Path], progress: Progress = SILENT
) -> Sources:
    """Reads the files that `train`, `dev` and `test` name.

    Args:
        config: The section with the paths; `dataset` is not looked at.
        folders: Where relative paths begin, in order of preference: the folder of the
            configuration file, then the working directory.
        progress: Hears which file is read.

    Raises:
        ConfigError: There is no path for training.
        DataError: A path is not found or cannot be read.
    """
    if config.train is None:
        raise ConfigError("got null, expected a path", where="data.train")
    named = {"train": config.train, "dev": config.dev, "test": config.test}
    return Sources(
        **{
            split: _read(config, split, name, folders, progress)
            for split, name in named.items()
            if name is not None
        }
    )


def read_unlabelled(
    config: DataConfig, *, folders: Sequence[Path], progress: Progress = SILENT
) -> Table | None:
    """Reads the texts that `unlabelled` names, if it does; see `read_sources`.

    Raises:
        DataError: The path is not found or cannot be read.
    """
    name = config.unlabelled
    if name is None:
        return None
    return _read(config, "unlabelled", name, folders, progress, labelled=False)


def find_path(name: str, *, key: str, folders: Sequence[Path]) -> Path:
    """Returns the first of `folders` / `name` that exists; `~` is the user's home.

    Raises:
        DataError: None exists; the message names `key` and all that were tried.
    """
    path = Path(name).expanduser()
    candidates = dict.fromkeys(folder / path for folder in folders or (Path(),))
    for candidate in candidates:
        if _exists(candidate):
            return candidate
    tried = ", ".join(str(candidate) for candidate in candidates)
    raise DataError(
        f"no such file or folder: {tried}",
        where=key,
        fix="write a path relative to the configuration file or the working directory",
    )


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):
        return False


def _read(
    config: DataConfig,
    split: str,
    name: str,
    folders: Sequence[Path],
    progress: Progress,
    *,
    labelled: bool = True,
) -> Table:
    path = find_path(name, key=f"data.{split}", folders=folders)
    progress.say(f"{split}: reading {path}")
    return table_of(
        path,
        cache=config.cache,
        text=config.text,
        label=config.label if labelled else None,
        encoding=config.encoding,
        encoding_errors=config.encoding_errors,
        progress=progress,
    )
