"""What several commands share: where data lie, and the run or bundle a flag names."""

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from textclf.errors import ArtefactError, ConfigError, DataError
from textclf.run import BUNDLE, CONFIG, SAVED, Run

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from textclf.bundle import Bundle
    from textclf.config.schema import Config
    from textclf.data.kept import Kept
    from textclf.data.named import Places
    from textclf.data.sources import Sources
    from textclf.data.tables import Table
    from textclf.ensemble.bundle import EnsembleBundle
    from textclf.progress import Progress


_ALL = "all"


def places(data_dir: str | None, config_folder: Path | None) -> "Places":
    """Returns where this command looks for data."""
    from textclf.data.named import Places

    here = Path.cwd()
    folders = (config_folder, here) if config_folder else (here,)
    chosen = Path(data_dir) if data_dir else None
    return Places(folders=folders, data_dir=chosen, environ=os.environ)


def bundle_folder(path: Path) -> Path:
    """Returns the bundle of a run or classifier, or the path itself if it is a bundle.

    Raises:
        ArtefactError: It is none of them.
    """
    from textclf.sealed import MANIFEST

    if (path / MANIFEST).is_file():
        return path
    if (path / SAVED).is_file():
        return path / BUNDLE
    if not path.exists():
        raise ArtefactError(
            "no such folder", where=str(path), fix="give the folder train printed"
        )
    return Run.open(path).bundle


def expected_bundle(folder: Path, sha256: str | None) -> "Bundle | EnsembleBundle":
    """Opens a bundle, and refuses another one than was expected.

    Hashes inside a bundle tell damage; only one that came another way tells whose it
    is.

    Raises:
        ArtefactError: It is damaged, or its hash is another.
        ConfigError: What was given is no hash.
    """
    from textclf.ensemble.ensemble import open_any

    if sha256 is not None and not re.fullmatch("[0-9a-fA-F]{64}", sha256):
        raise ConfigError(
            "expected 64 hexadecimal digits",
            where="--expect-sha256",
            fix="copy what `textclf show RUN` prints",
        )
    bundle = open_any(folder)
    if sha256 is not None and bundle.digest != sha256.lower():
        raise ArtefactError(
            f"got a bundle with sha256 {bundle.digest}, expected {sha256.lower()}",
            where=str(folder),
            fix="use the bundle that the hash was taken of",
        )
    return bundle


def sources_of(
    record: Run, config: "Config", data_dir: str | None, console: "Progress"
) -> "Callable[[], Sources]":
    """Returns what reads the tables that a run was trained on."""

    def tables() -> "Sources":
        from textclf.data.named import open_sources

        found = places(data_dir, record.folder)
        return open_sources(config.data, found, progress=console)

    return tables


def text_column(folder: Path) -> str:
    """Returns the column that a run, or the bundle of one, was trained on.

    Of a bundle alone that is what a configuration says by default.
    """
    from textclf.config.load import load_config
    from textclf.config.schema import DataConfig

    for place in (folder, folder.parent):
        if (place / CONFIG).is_file():
            return load_config(place / CONFIG).config.data.text
    default: str = DataConfig.model_fields["text"].default
    return default


def batches_of_file(path: Path, *, column: str, batch: int) -> "Iterator[Table]":
    """Yields the texts of a file whose column `--text` names; see `read_batches`.

    Raises:
        DataError: The file cannot be used; the fix is one that a command line has.
    """
    from textclf.data.columns import MissingColumnError
    from textclf.data.lines import UndecodableError
    from textclf.data.tables import read_batches

    try:
        yield from read_batches(path, text=column, batch=batch)
    except MissingColumnError as fault:
        raise fault.by_flag("--text") from fault
    except UndecodableError as fault:
        fix = "save the file as UTF-8"
        raise DataError(fault.problem, where=fault.where, fix=fix) from fault


def kept_of_file(path: Path, names: list[str], *, text: str) -> "Kept":
    """Returns the columns of a file that `--keep` names; `all`: all but the texts.

    Raises:
        DataError: As `Kept.of`; the fix is one that a command line has.
    """
    from textclf.data.columns import MissingColumnError
    from textclf.data.kept import Kept

    try:
        return Kept.of(path, None if _ALL in names else names, text=text)
    except MissingColumnError as fault:
        raise fault.by_flag("--keep") from fault


def table_of_file(config: "Config", path: Path) -> "Table":
    """Reads labelled texts as the run's configuration says, which is settled.

    Raises:
        DataError: The file cannot be used; what is mended is the file.
    """
    from textclf.data.columns import MissingColumnError
    from textclf.data.lines import UndecodableError
    from textclf.data.tables import read_table

    data = config.data
    try:
        return read_table(
            path,
            text=data.text,
            label=data.label,
            encoding=data.encoding,
            encoding_errors=data.encoding_errors,
        )
    except MissingColumnError as fault:
        raise fault.by_renaming() from fault
    except UndecodableError as fault:
        fix = f"save the file as {data.encoding}, as the texts of the run are"
        raise DataError(fault.problem, where=fault.where, fix=fix) from fault
