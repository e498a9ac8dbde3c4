"""A study file read, and its mistakes told by the line they stand in."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from textclf.config.yaml12 import KeyPath, read_yaml_file
from textclf.errors import ConfigError, nearest, one_of, printable
from textclf.study.spec import StudySpec

_UNKNOWN, _MISSING = "extra_forbidden", "missing"
_CELL = "cell "
_PREFIXES = ("Input should be ", "Value error, ", "String should ")
_PLAIN = {
    "a valid dictionary": "keys with values",
    "a valid list": "a list",
    "a valid string": "text",
    "a valid integer": "a whole number",
    "a valid number": "a number",
    "Dictionary should have at least 1 item after validation, not 0": "at least one",
}


@dataclass(frozen=True)
class WrittenStudy:
    """A study as somebody wrote it.

    Attributes:
        spec: What was read.
        path: The file; None: it was given in Python.
        lines: The 1-based line of each key path.
    """

    spec: StudySpec
    path: Path | None
    lines: Mapping[KeyPath, int]

    @property
    def folder(self) -> Path | None:
        """Where relative paths begin."""
        return None if self.path is None else self.path.parent

    def place(self, path: Sequence[str | int]) -> str:
        """Says where a key was written: `s.yaml:3`, or the key."""
        return _place(tuple(path), self.path, self.lines)

    @contextmanager
    def with_lines(self) -> Iterator[None]:
        """Adds the line to mistakes that name a key of this file."""
        try:
            yield
        except ConfigError as fault:
            where = fault.where or ""
            of_level = where.startswith(_CELL)
            line = self._line_of_level(fault) if of_level else self._line_of(where)
            if line is None:
                raise
            raise ConfigError(
                fault.problem,
                where=f"{self.path}:{line}: {where}",
                fix=fault.fix,
            ) from fault

    def _line_of(self, where: str) -> int | None:
        """Returns the line of a dotted key, or of the nearest section around it."""
        best, line = "", None
        for key, number in self.lines.items():
            dotted = ".".join(map(str, key))
            for name in (dotted, dotted.removeprefix("fixed.")):
                inside = where == name or where.startswith(f"{name}.")
                if inside and len(name) > len(best):
                    best, line = name, number
        return line

    def _line_of_level(self, fault: ConfigError) -> int | None:
        """Returns the line of the level that set what a cell cannot have."""
        cell = (fault.where or "").removeprefix(_CELL)
        levels = {part.partition("=")[2] for part in cell.split(",")}
        setting = fault.problem.partition(": ")[0]
        for key, number in self.lines.items():
            own = key[0] == "scientific" and key[-1] == setting
            if own and (len(key) == 2 or key[-2] in levels):
                return number
        return None


def read_study(path: Path) -> WrittenStudy:
    """Reads a study file.

    Raises:
        ConfigError: It cannot be read, or a setting is unknown or out of its range.
    """
    document = read_yaml_file(path)
    spec = _checked(document.mapping, path, document.lines)
    return WrittenStudy(spec, path, document.lines)


def study_from_mapping(mapping: Mapping[str, Any]) -> WrittenStudy:
    """Checks a study given as nested mappings.

    Raises:
        ConfigError: A setting is unknown or out of its range; the key is named.
    """
    return WrittenStudy(_checked(mapping, None, {}), None, {})


def _checked(
    mapping: Mapping[str, Any], path: Path | None, lines: Mapping[KeyPath, int]
) -> StudySpec:
    try:
        return StudySpec.model_validate(mapping)
    except ValidationError as fault:
        found = fault.errors(include_url=False)
        # What is missing is often there under a misspelt name.
        unknown = (error for error in found if error["type"] == _UNKNOWN)
        first = next(unknown, found[0])
        key = tuple(first["loc"])
        problem, fix = _explained(key, first)
        raise ConfigError(problem, where=_place(key, path, lines), fix=fix) from fault


def _explained(key: KeyPath, found: Mapping[str, Any]) -> tuple[str, str | None]:
    name = str(key[-1]) if key else "study"
    if found["type"] == _UNKNOWN:
        known = _names(key[:-1])
        close = nearest(name, known)
        fix = f"did you mean `{close}`?" if close else _hint(name)
        return f"unknown key {name!r}, expected one of {one_of(known)}", fix
    if found["type"] == _MISSING:
        return f"got no {name!r}, which is needed", None
    message = found["msg"]
    for prefix in _PREFIXES:
        message = message.removeprefix(prefix)
    dotted = ".".join(map(str, key))
    if found["type"] == "value_error":
        return f"{dotted}: {message}", None
    got = printable(repr(found["input"]), limit=60)
    return f"{dotted}: got {got}, expected {_PLAIN.get(message, message)}", None


def _hint(name: str) -> str | None:
    sections = ("data", "text", "embedding", "model", "regularisation", "training")
    return f"write {name} under `fixed`" if name in sections else None


def _names(path: KeyPath) -> list[str]:
    node: Any = StudySpec
    for part in path:
        field = node.model_fields[str(part)]
        forms = (field.annotation, *getattr(field.annotation, "__args__", ()))
        node = next(
            f for f in forms if isinstance(f, type) and issubclass(f, BaseModel)
        )
    return list(node.model_fields)


def _place(key: KeyPath, path: Path | None, lines: Mapping[KeyPath, int]) -> str:
    for depth in range(len(key), 0, -1):
        if key[:depth] in lines:
            return f"{path}:{lines[key[:depth]]}"
    dotted = ".".join(map(str, key))
    return dotted if path is None else str(path)
