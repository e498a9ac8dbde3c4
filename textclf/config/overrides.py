"""Settings given on the command line, laid over those of a file."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from textclf.config.settings import dotted, model_kinds, names_of
from textclf.config.yaml12 import Document, KeyPath, read_value
from textclf.errors import ConfigError, one_of, printable

_FORM = "write --set section.key=value"
_SHOWN = 80
_OPTIONS_SHOWN = 3


@dataclass(frozen=True)
class Override:
    """One `--set a.b=v`: where it goes, its value, and its name in messages."""

    path: tuple[str, ...]
    value: Any
    where: str

    @classmethod
    def parse(cls, text: str) -> "Override":
        """Reads `a.b=v`; the value is read by the rules of the file.

        Raises:
            ConfigError: There is no `=`, a part of the key is empty, or the value is no
                YAML 1.2.
        """
        where = f"--set {printable(text, limit=_SHOWN)}"
        key, equals, value = text.partition("=")
        path = tuple(part.strip() for part in key.split("."))
        if not equals:
            raise ConfigError("got no =, expected a.b=value", where=where, fix=_FORM)
        if not all(path):
            raise ConfigError("got an empty key", where=where, fix=_FORM)
        return cls(path, read_value(value, where=where), where)


@dataclass
class Draft:
    """The raw settings of a run before they are checked, and who set each.

    `places` tells for a path where it was set: `c.yaml:3` or `--set a.b=v`.
    """

    mapping: dict[str, Any]
    lines: dict[KeyPath, int]
    file: str
    overrides: dict[KeyPath, str] = field(default_factory=dict)

    @classmethod
    def of(cls, document: Document, *, file: str) -> "Draft":
        """Begins with what a file says."""
        return cls(document.mapping, dict(document.lines), file)

    def apply(self, overrides: Sequence[Override]) -> tuple[str, ...]:
        """Lays overrides over the settings, in order; the last one wins.

        A section or mapping given as a whole replaces the one of the file. A new
        `model.kind` leaves out the keys of the file's `model` that belong to the old
        kind and not to the new one: who compares kinds would otherwise have to edit the
        file for each. What was left out is returned, as notes for people; keys that no
        kind knows stay and are refused later.

        Raises:
            ConfigError: An override goes through a setting that is no section.
        """
        model = self.mapping.get("model")
        before = model.get("kind") if isinstance(model, Mapping) else None
        for override in overrides:
            self._set(override)
        return self._fit_to_kind(before)

    def place(self, path: KeyPath) -> str:
        """Says where a path was set, what is around it, or the file."""
        for depth in range(len(path), 0, -1):
            if path[:depth] in self.overrides:
                return self.overrides[path[:depth]]
            if path[:depth] in self.lines:
                return f"{self.file}:{self.lines[path[:depth]]}"
        below = [key for key in self.overrides if key[: len(path)] == path != ()]
        return self.overrides[below[0]] if below else self.file

    def place_beside(self, overrides: Sequence[Override]) -> Callable[[KeyPath], str]:
        """Returns `place` for a sound file, whose lines only overrides made wrong."""
        options = one_of((each.where for each in overrides), limit=_OPTIONS_SHOWN)

        def place(path: KeyPath) -> str:
            where, own = self.place(path), [each.where for each in overrides]
            return where if where in own else f"{options}, beside {where}"

        return place

    def _set(self, override: Override) -> None:
        *sections, name = override.path
        target = self.mapping
        for depth, section in enumerate(sections, start=1):
            inner = target.get(section)
            if inner is None:
                inner = target[section] = {}
            if not isinstance(inner, dict):
                key = dotted(override.path[:depth])
                raise ConfigError(
                    f"got {key} as a section, it is a value", where=override.where
                )
            target = inner
        target[name] = override.value
        self._forget(override.path)
        self.overrides[override.path] = override.where

    def _forget(self, path: KeyPath) -> None:
        """Drops what was known of a path and of all below it."""
        known: tuple[dict[KeyPath, Any], ...] = (self.lines, self.overrides)
        for places in known:
            for other in [key for key in places if key[: len(path)] == path]:
                del places[other]

    def _fit_to_kind(self, before: object) -> tuple[str, ...]:
        kinds, model = model_kinds(), self.mapping.get("model")
        place = self.overrides.get(("model", "kind"))
        if place is None or not isinstance(model, dict):
            return ()
        kind = model["kind"]
        if not isinstance(kind, str) or kind not in kinds or kind == before:
            return ()
        foreign = self._foreign_keys(model, kind=kind)
        for name in foreign:
            del model[name]
            self._forget(("model", name))
        if not foreign:
            return ()
        names = one_of(f"model.{name}" for name in foreign)
        return (
            f"{names} of {self.file} left out: no setting of kind {kind} ({place})",
        )

    def _foreign_keys(self, model: Mapping[str, Any], *, kind: str) -> list[str]:
        """Lists the keys of the file that are known to other kinds only."""
        kinds = model_kinds()
        known = {name for node in kinds.values() for name in names_of(node)}
        foreign = known - set(names_of(kinds[kind]))
        given = {path for path in self.overrides if path[:1] == ("model",)}
        if ("model",) in given:
            return []
        return [name for name in model if name in foreign - {p[-1] for p in given}]
