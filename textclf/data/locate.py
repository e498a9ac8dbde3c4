"""Where the files of a named data set lie on this machine."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from textclf.data.catalogue import Entry, bundled_file, entry_named
from textclf.errors import ConfigError, DataError, one_of

Origin = Literal["data-dir", "TEXTCLF_DATA", "cache", "bundled"]

VARIABLE = "TEXTCLF_DATA"
"""The environment variable that names a folder of data sets."""

_SUFFIXES = (".parquet", ".csv")


@dataclass(frozen=True)
class Located:
    """A data set that is there.

    Args:
        entry: What it is, with the names of its columns.
        folder: Where its files lie.
        files: The file of each split. `all` means that rows are not divided by file:
            by the column `entry.split_column` if that is set, else not at all.
        origin: What led to the folder.
    """

    entry: Entry
    folder: Path
    files: Mapping[str, Path]
    origin: Origin

    @property
    def rows(self) -> Mapping[str, int | None]:
        """The rows that the catalogue expects of each split (None: unknown)."""
        expected = self.entry.rows(self.folder.name)
        return {split: expected.get(split) for split in self.files}

    @property
    def is_subset(self) -> bool:
        """Whether this is a smaller version, whose scores compare with no others."""
        return self.folder.name in self.entry.subsets


def locate(
    name: str,
    *,
    data_dir: Path | None = None,
    environ: Mapping[str, str],
    cache: Path,
    where: str = "data.dataset",
) -> Located | None:
    """Finds a named data set: in `data_dir`, then TEXTCLF_DATA, then the cache.

    Args:
        name: A name of the catalogue.
        data_dir: A folder with one folder per data set, each with `train.csv`,
            `dev.csv`, `test.csv` or `all.csv` (or `.parquet`).
        environ: The environment variables.
        cache: The folder that downloads are kept in (`cache_folder`).
        where: The key or argument that gave the name, for messages.

    Returns:
        Where it is, or None if it has to be downloaded.

    Raises:
        ConfigError: The name is unknown, or a folder of data sets does not exist.
        DataError: A folder of the data set lacks a split or has one twice.
    """
    entry = entry_named(name, where=where)
    if entry.bundled is not None:
        return bundled(entry)
    for origin, root in _roots(data_dir, environ):
        for folder in (root / alias for alias in entry.folders):
            if folder.is_dir():
                return Located(entry, folder, _complete(entry, folder), origin)
    return cached(entry, cache)


def unpacked(
    entry: Entry, *, data_dir: Path | None = None, environ: Mapping[str, str]
) -> tuple[Path, ...]:
    """Returns the files of a data set as its authors publish them, if all are there.

    Args:
        entry: The data set.
        data_dir: As for `locate`.
        environ: The environment variables.

    Raises:
        ConfigError: A folder of data sets does not exist.
    """
    for _, root in _roots(data_dir, environ):
        files = tuple(root / name for name in entry.unpacked)
        if files and all(file.is_file() for file in files):
            return files
    return ()


def cached(entry: Entry, cache: Path) -> Located | None:
    """Returns the downloaded data set, or None if it is not there or not whole."""
    folder = cache / entry.name
    try:
        return Located(entry, folder, _complete(entry, folder), "cache")
    except DataError:
        return None


def bundled(entry: Entry) -> Located:
    """Returns the data set that comes with the package."""
    path = bundled_file(entry)
    return Located(entry, path.parent, {"all": path}, "bundled")


def cache_folder(environ: Mapping[str, str]) -> Path:
    """Returns where downloads are kept, by the XDG Base Directory Specification 0.8."""
    base = Path(environ.get("XDG_CACHE_HOME", ""))
    if not base.is_absolute():
        base = Path(environ.get("HOME") or Path.home()) / ".cache"
    return base / "textclf" / "data"


def _roots(
    data_dir: Path | None, environ: Mapping[str, str]
) -> list[tuple[Origin, Path]]:
    roots: list[tuple[Origin, Path]] = []
    if data_dir is not None:
        roots.append(("data-dir", _folder(data_dir, where="--data-dir")))
    if named := environ.get(VARIABLE):
        roots.append(("TEXTCLF_DATA", _folder(Path(named), where=VARIABLE)))
    return roots


def _folder(path: Path, *, where: str) -> Path:
    path = path.expanduser()
    if not path.is_dir():
        raise ConfigError(
            f"got {os.fspath(path)!r}, expected an existing folder of data sets",
            where=where,
            fix="correct the path, or leave it away to use the cache",
        )
    return path


def _complete(entry: Entry, folder: Path) -> Mapping[str, Path]:
    """Returns the file of each split, those that must be there first."""
    found = _split_files(folder)
    lacking = [split for split in entry.splits if split not in found]
    if lacking:
        raise DataError(
            f"got {one_of(found) or 'no splits'}, expected {one_of(entry.splits)} "
            "(.csv or .parquet)",
            where=str(folder),
            fix=f"add {one_of(lacking)}, or remove the folder to use another copy",
        )
    extra = sorted(split for split in found if split not in entry.splits)
    return {split: found[split] for split in (*entry.splits, *extra)}


def _split_files(folder: Path) -> dict[str, Path]:
    found: dict[str, Path] = {}
    files = sorted(folder.iterdir()) if folder.is_dir() else []
    for path in files:
        if path.suffix not in _SUFFIXES or path.name.startswith(".") or path.is_dir():
            continue
        if path.stem in found:
            raise DataError(
                f"got {found[path.stem].name} and {path.name}, expected one of them",
                where=str(folder),
                fix="remove the one that is not meant",
            )
        found[path.stem] = path
    return found
