"""A suite read, by name or from a file, and its mistakes told by their line."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from textclf.behave.changes import CHANGES
from textclf.behave.checks import Misfit, misfits
from textclf.behave.spec import (
    DirectionTest,
    InvarianceTest,
    MinimumTest,
    SuiteSpec,
)
from textclf.config.mistakes import MOST_SHOWN, ConfigErrors, closest, shown
from textclf.config.settings import dotted
from textclf.config.yaml12 import KeyPath, read_yaml_file
from textclf.errors import ConfigError, nearest, one_of

READY = Path(__file__).with_name("suites")
_KINDS: Mapping[str, type[BaseModel]] = {
    "minimum": MinimumTest,
    "invariance": InvarianceTest,
    "direction": DirectionTest,
}
_PREFIXES = ("Input should be ", "Value error, ", "String should ", "List should ")
_SECTIONS = ("model_type", "model_attributes_type", "dict_type")


@dataclass(frozen=True)
class Suite:
    """Behavioural tests that were checked.

    Attributes:
        spec: What was read.
        path: The file; None: it was given in Python.
        lines: The 1-based line of each key path.
    """

    spec: SuiteSpec
    path: Path | None = None
    lines: Mapping[KeyPath, int] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The name the suite has in reports."""
        return self.spec.suite

    def place(self, path: Sequence[str | int]) -> str | None:
        """Says where a key was written: `s.yaml:3`, or the key."""
        return _place(tuple(path), self.path, self.lines)


def ready_suites() -> tuple[str, ...]:
    """Names the suites that come with textclf."""
    return tuple(sorted(path.stem for path in READY.glob("*.yaml")))


def open_suite(suite: "str | Path | Mapping[str, Any] | Suite") -> Suite:
    """Returns a suite: a ready one by name, one of a file, or of nested mappings.

    Raises:
        ConfigError: There is no such suite, or it has mistakes; up to ten are told.
    """
    if isinstance(suite, Suite):
        return suite
    if isinstance(suite, Mapping):
        return _checked(suite, None, {})
    if isinstance(suite, str) and suite in ready_suites():
        return read_suite(READY / f"{suite}.yaml")
    path = Path(suite)
    if not path.exists() and path.suffix not in (".yaml", ".yml"):
        near = nearest(str(suite), ready_suites())
        raise ConfigError(
            f"got no suite of this name and no such file, ready are "
            f"{one_of(ready_suites())}",
            where=str(suite),
            fix=f"did you mean {near}?" if near else "give a YAML file",
        )
    return read_suite(path)


def read_suite(path: Path) -> Suite:
    """Reads a file of behavioural tests.

    Raises:
        ConfigError: It cannot be read or has mistakes; up to ten are told.
    """
    document = read_yaml_file(path)
    return _checked(document.mapping, path, document.lines)


def _checked(
    mapping: Mapping[str, Any], path: Path | None, lines: Mapping[KeyPath, int]
) -> Suite:
    try:
        suite = Suite(SuiteSpec.model_validate(mapping), path, lines)
    except ValidationError as fault:
        found = list(_explained(fault, mapping))
        raise _error(found, path, lines) from fault
    if found := list(misfits(suite.spec)):
        raise _error(found, path, lines)
    return suite


def _error(
    found: Sequence[Misfit], path: Path | None, lines: Mapping[KeyPath, int]
) -> ConfigError:
    errors = [
        ConfigError(
            _with_key(one, path), where=_place(one.path, path, lines), fix=one.fix
        )
        for one in found[:MOST_SHOWN]
    ]
    others = [str(error) for error in errors[1:]]
    if len(found) > MOST_SHOWN:
        others.append(f"and {len(found) - MOST_SHOWN} more mistakes")
    return ConfigErrors(errors[0], others=others) if others else errors[0]


def _with_key(found: Misfit, path: Path | None) -> str:
    """Names the key, unless the place of the error is the key itself."""
    if path is None or not found.path:
        return found.problem
    return f"{dotted(found.path)}: {found.problem}"


def _place(key: KeyPath, path: Path | None, lines: Mapping[KeyPath, int]) -> str | None:
    if path is None:
        return dotted(key) or None
    known = (lines[key[:n]] for n in range(len(key), 0, -1) if key[:n] in lines)
    line = next(known, None)
    return str(path) if line is None else f"{path}:{line}"


def _explained(fault: ValidationError, mapping: Mapping[str, Any]) -> Iterator[Misfit]:
    """Says what pydantic found, each place once."""
    told: set[KeyPath] = set()
    for detail in fault.errors(include_url=False):
        path, section = _located(detail, mapping)
        if path not in told:
            told.add(path)
            yield _misfit(path, section, detail)


def _located(detail: ErrorDetails, mapping: Mapping[str, Any]) -> tuple[KeyPath, Any]:
    """Returns the path in the file and the section it ends in.

    Pydantic's location also names members of unions, which are no keys.
    """
    location = [part for part in detail["loc"] if part != "[key]"]
    new = detail["type"] == "missing"
    path: KeyPath = ()
    node: Any = mapping
    section: Any = mapping
    for number, part in enumerate(location, 1):
        last = number == len(location)
        listed = isinstance(node, list) and isinstance(part, int)
        keyed = isinstance(node, Mapping) and (part in node or (new and last))
        if listed or keyed:
            path, section = (*path, part), node
            node = node[part] if not new or not last else None
    return path, section


def _misfit(path: KeyPath, section: Any, detail: ErrorDetails) -> Misfit:
    kind, name = detail["type"], str(path[-1]) if path else ""
    if kind in ("union_tag_not_found", "union_tag_invalid"):
        return _wrong_kind(path, detail["input"])
    if kind == "extra_forbidden":
        known = _known(path[:-1], section)
        near = closest(name, known)
        fix = f"did you mean `{near}`?" if near else None
        return Misfit(path, f"unknown key, expected one of {one_of(known)}", fix)
    if kind == "missing":
        return Misfit(path, f"missing, expected a value for `{name}`")
    if kind == "value_error":
        return Misfit(path, str(detail["ctx"]["error"]))
    if kind == "literal_error":
        return _wrong_word(path, detail)
    return Misfit(path, *_wrong_value(detail))


def _wrong_kind(path: KeyPath, test: Any) -> Misfit:
    kinds = one_of(_KINDS)
    if not isinstance(test, Mapping):
        return Misfit(path, f"got {shown(test)}, expected keys with values")
    if "kind" not in test:
        return Misfit(path, f"got no kind, expected one of {kinds}")
    given = test["kind"]
    near = closest(given, _KINDS) if isinstance(given, str) else None
    fix = f"did you mean `{near}`?" if near else None
    problem = f"got {shown(given)}, expected one of {kinds}"
    return Misfit((*path, "kind"), problem, fix)


def _wrong_word(path: KeyPath, detail: ErrorDetails) -> Misfit:
    given = detail["input"]
    if path[-2:-1] == ("changes",):
        allowed = list(CHANGES)
    else:
        allowed = [w.strip("' ") for w in detail["ctx"]["expected"].split(" or ")]
    near = closest(given, allowed) if isinstance(given, str) else None
    problem = f"got {shown(given)}, expected one of {one_of(allowed, limit=40)}"
    return Misfit(path, problem, f"did you mean `{near}`?" if near else None)


def _wrong_value(detail: ErrorDetails) -> tuple[str, str | None]:
    given, message = detail["input"], detail["msg"]
    if detail["type"] == "string_pattern_mismatch" and not str(given).strip():
        return f"got {shown(given)}, expected some text", None
    if detail["type"] in ("too_long", "too_short"):
        limits = detail["ctx"]
        least, most = limits.get("min_length"), limits.get("max_length")
        bound = f"at least {least}" if most is None else f"at most {most}"
        return f"got {limits['actual_length']} items, expected {bound}", None
    if detail["type"] in _SECTIONS:
        return f"got {shown(given)}, expected keys with values", None
    for prefix in _PREFIXES:
        message = message.removeprefix(prefix)
    number = detail["type"] == "string_type" and isinstance(given, int | float)
    fix = "put the value in quotes" if number else None
    return f"got {shown(given)}, expected {message}", fix


def _known(path: KeyPath, section: Any) -> list[str]:
    """Names the keys that a section knows."""
    model: type[BaseModel] = SuiteSpec
    if path[:1] == ("tests",):
        kind = section.get("kind") if isinstance(section, Mapping) else None
        model = _KINDS.get(str(kind), MinimumTest)
    elif path:
        from textclf.behave.lexicon import Lexicon

        model = Lexicon
    return list(model.model_fields)
