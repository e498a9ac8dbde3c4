"""A configuration read from a file, checked once, and written back as text."""

import copy
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from textclf.config.mistakes import Place, config_error
from textclf.config.overrides import Draft, Override
from textclf.config.paths import (
    Resolved,
    path_notes,
    resolve_path,
    with_absolute_paths,
)
from textclf.config.schema import FOLLOWING, Config
from textclf.config.settings import dotted
from textclf.config.yaml12 import read_yaml_file
from textclf.config.yaml_text import entry_lines
from textclf.errors import ConfigError

__all__ = [
    "LoadedConfig",
    "Resolved",
    "checked_config",
    "config_from_mapping",
    "dump_config",
    "load_config",
    "mapped_config",
    "resolve_path",
    "varied_config",
    "written_settings",
]

_DATA_ENDINGS = (".csv", ".tsv", ".jsonl", ".ndjson", ".parquet", ".gz")
_MAPPING = "the configuration"
"""How messages call a configuration that is no file."""


@dataclass(frozen=True)
class LoadedConfig:
    """A checked configuration and where it comes from.

    Attributes:
        config: What was read.
        path: The file, or None if there was none.
        lines: The 1-based line of each dotted key that the file decides.
        overrides: The `--set a.b=v` of each dotted key that the command line decides.
        notes: What a user should know: which place each path was found in, and keys
            left out by a change of `model.kind`.
    """

    config: Config
    path: Path | None = None
    lines: Mapping[str, int] = field(default_factory=dict)
    overrides: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def place(self, key: str) -> str:
        """Says where a dotted key was set: `c.yaml:3`, `--set a.b=v`, or the key."""
        if key in self.overrides:
            return self.overrides[key]
        if key in self.lines:
            return f"{self.path}:{self.lines[key]}"
        section, _, _ = key.rpartition(".")
        return self.overrides.get(section, key)

    def resolved(self) -> Config:
        """Returns the configuration with absolute paths."""
        return with_absolute_paths(self.config, _folder(self.path))


def load_config(path: Path, overrides: Sequence[str | Override] = ()) -> LoadedConfig:
    """Reads a configuration file and lays `a.b=v` overrides over it.

    Overrides land on the raw settings, which are checked once afterwards; the rules of
    a changed `model.kind` are those of `Draft.apply`.

    Raises:
        ConfigError: The file or an override cannot be read, or a setting is unknown or
            out of its range; all mistakes are listed, up to ten.
    """
    if path.name.lower().endswith(_DATA_ENDINGS):
        raise ConfigError(
            "got a file of texts by its name, expected a configuration in YAML",
            where=str(path),
            fix=f"textclf init {shlex.quote(str(path))} writes one",
        )
    parsed = [o if isinstance(o, Override) else Override.parse(o) for o in overrides]
    return _laid_over(Draft.of(read_yaml_file(path), file=str(path)), parsed, path)


def mapped_config(
    mapping: Mapping[str, Any], overrides: Sequence[Override] = ()
) -> LoadedConfig:
    """Takes nested mappings for a file and lays overrides over them.

    Raises:
        ConfigError: As `load_config`.
    """
    draft = Draft(copy.deepcopy(dict(mapping)), {}, _MAPPING)
    return _laid_over(draft, overrides, None)


def _laid_over(
    draft: Draft, overrides: Sequence[Override], path: Path | None
) -> LoadedConfig:
    alone = copy.deepcopy(draft.mapping)
    notes = draft.apply(overrides)
    try:
        config = checked_config(draft.mapping, place=draft.place)
    except ConfigError:
        if not overrides or not _is_sound(alone):
            raise
        config = checked_config(draft.mapping, place=draft.place_beside(overrides))
    return LoadedConfig(
        config,
        path,
        lines={dotted(key): line for key, line in draft.lines.items()},
        overrides={dotted(key): place for key, place in draft.overrides.items()},
        notes=notes + path_notes(config, _folder(path)),
    )


def _is_sound(mapping: Any) -> bool:
    try:
        config_from_mapping(mapping)
    except ConfigError:
        return False
    return True


def config_from_mapping(mapping: Mapping[str, Any]) -> Config:
    """Checks settings given as nested mappings.

    Raises:
        ConfigError: A setting is unknown or out of its range; the key is named.
    """
    return checked_config(mapping, place=lambda _: None)


def written_settings(loaded: LoadedConfig) -> dict[str, Any]:
    """Returns what somebody has set, without defaults that follow from it."""
    mapping = loaded.config.model_dump(mode="json", exclude_unset=True)
    for key in FOLLOWING:
        section, _, name = key.partition(".")
        if key not in loaded.lines and key not in loaded.overrides:
            mapping.get(section, {}).pop(name, None)
    return mapping


def varied_config(loaded: LoadedConfig, settings: Mapping[str, Any]) -> LoadedConfig:
    """Lays values of dotted keys over a configuration, as `--set` does.

    Raises:
        ConfigError: They do not fit it.
    """
    draft = Draft(written_settings(loaded), {}, _MAPPING)
    draft.apply([Override(tuple(k.split(".")), v, k) for k, v in settings.items()])
    return replace(loaded, config=checked_config(draft.mapping, place=draft.place))


def dump_config(config: Config) -> str:
    """Writes a configuration as YAML that reads back to the identical one."""
    entries = config.model_dump()
    lines = [line for key in entries for line in entry_lines(key, entries[key])]
    return "\n".join(lines) + "\n"


def checked_config(mapping: Any, *, place: Place) -> Config:
    """Checks raw settings.

    Args:
        mapping: The settings.
        place: Says where a path was set, or None if nobody set it.

    Raises:
        ConfigError: A setting is unknown or out of its range.
    """
    try:
        return Config.model_validate(mapping)
    except ValidationError as fault:
        raise config_error(fault, place=place) from fault


def _folder(path: Path | None) -> Path | None:
    return None if path is None else path.parent
