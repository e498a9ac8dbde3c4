"""The paths of a configuration: beside its file or in the working directory."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from textclf.config.schema import Config

PATH_SETTINGS = (
    ("data", "train"),
    ("data", "dev"),
    ("data", "test"),
    ("data", "unlabelled"),
    ("data", "cache"),
    ("embedding", "vectors"),
)

_NEED_NOT_BE = {("data", "cache"), ("embedding", "vectors")}
"""What need not be there: it is made, or may be the name of published vectors."""

Base = Literal["absolute", "config", "working"]


@dataclass(frozen=True)
class Resolved:
    """An absolute path, what it was relative to, and the place that lost.

    `found` is None if the path was absolute already, else whether something is there.
    """

    path: Path
    base: Base
    found: bool | None = None
    other: Path | None = None


def resolve_path(value: str, config_folder: Path | None) -> Resolved:
    """Finds what a path of a configuration means; `~` is the home folder.

    A relative path is looked for beside the configuration file first, then in the
    working directory. If it is in neither, the first place is returned: readers report
    what is missing.
    """
    path = _expanded(value)
    if path.is_absolute():
        return Resolved(path, "absolute")
    working = path.absolute()
    if config_folder is None:
        return Resolved(working, "working", _exists(working))
    beside = config_folder.absolute() / path
    if _exists(beside) or beside == working:
        return Resolved(beside, "config", _exists(beside), working)
    if _exists(working):
        return Resolved(working, "working", True, beside)
    return Resolved(beside, "config", False, working)


def path_notes(config: Config, config_folder: Path | None) -> tuple[str, ...]:
    """Says for each relative path of a configuration which place won."""
    notes = []
    for section, name in PATH_SETTINGS:
        value = _path(config, section, name)
        if value is not None:
            resolved = resolve_path(value, config_folder)
            if not resolved.found and (section, name) in _NEED_NOT_BE:
                continue
            note = _note(value, resolved)
            notes += [f"{section}.{name}: {note}"] if note else []
    return tuple(notes)


def with_absolute_paths(config: Config, config_folder: Path | None) -> Config:
    """Returns the configuration with every path made absolute."""
    sections: dict[str, Any] = {}
    for section, name in PATH_SETTINGS:
        part = sections.get(section, getattr(config, section))
        value = _path(config, section, name)
        if value is not None:
            path = str(resolve_path(value, config_folder).path)
            sections[section] = part.model_copy(update={name: path})
    return config.model_copy(update=sections)


def _path(config: Config, section: str, name: str) -> str | None:
    """Returns a setting that names a file; None where nothing is to be found."""
    if (section, name) == ("embedding", "vectors") and config.embedding.learnt:
        return None
    value: str | None = getattr(getattr(config, section), name)
    return value


def _note(value: str, resolved: Resolved) -> str | None:
    if resolved.base == "absolute":
        return None
    if not resolved.found:
        return f"{value} is not there: {_missed(resolved)}"
    beside = resolved.base == "config"
    place = "beside the config file" if beside else "in the working directory"
    return f"{value} is {resolved.path}, {place}"


def _expanded(value: str) -> Path:
    path = Path(value)
    try:
        return path.expanduser()
    except RuntimeError:  # There is no such user: then it is a name like any other.
        return path


def _exists(path: Path) -> bool:
    try:
        path.stat()
    except (OSError, ValueError):
        return False
    return True


def _missed(resolved: Resolved) -> str:
    """Names the places that were looked at, which may be one and the same."""
    if resolved.other in (None, resolved.path):
        return f"no file or folder {resolved.path}"
    return f"neither {resolved.path} nor {resolved.other}"
