"""YAML read by the rules of YAML 1.2, with the line of every key.

PyYAML cuts the text into events; what a plain word means is decided here by the core
schema (YAML 1.2.2, section 10.3.2): `1e-3` is a number, `no` and `12:30` are text,
`010` is ten. Anchors, aliases, tags, directives and merge keys are no part of a
configuration: what can expand, point elsewhere or name a type is refused.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from textclf.config.yaml_source import MAX_BYTES, Source, decoded
from textclf.errors import ConfigError, printable
from textclf.files import check_regular

KeyPath = tuple[str | int, ...]

MAX_DEPTH = 50
MAX_NODES = 20_000
_MAX_DIGITS = 100

_NULL = frozenset({"", "~", "null", "Null", "NULL"})
_TRUE = frozenset({"true", "True", "TRUE"})
_FALSE = frozenset({"false", "False", "FALSE"})
_DECIMAL = re.compile(r"[-+]?[0-9]+")
_BASED = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_INFINITE = re.compile(r"([-+]?)\.(?:inf|Inf|INF)")
_NAN = frozenset({".nan", ".NaN", ".NAN"})

# One line cannot hold more than the indicator itself, so on a command line it is meant.
_INDICATORS = re.compile(r"[|>,&*%@#?:!`\-]{1,3}")
_QUOTE = "put the value in quotes"


@dataclass(frozen=True)
class Document:
    """A mapping read from YAML and the 1-based line of every key and list item."""

    mapping: dict[str, Any]
    lines: Mapping[KeyPath, int]


def read_yaml_file(path: Path) -> Document:
    """Reads a YAML file of at most 1 MiB.

    Raises:
        ConfigError: The file cannot be read, is no UTF-8 without a byte order mark, or
            holds what `read_yaml` refuses.
    """
    check_regular(path, ConfigError, max_bytes=MAX_BYTES)
    try:
        with path.open("rb") as stream:
            content = stream.read(MAX_BYTES + 1)
    except OSError as fault:
        raise ConfigError(f"cannot be read ({fault})", where=str(path)) from fault
    return read_yaml(decoded(content, where=str(path)), where=str(path))


def read_yaml(text: str, *, where: str) -> Document:
    """Reads one YAML document whose root is a mapping with text keys.

    Args:
        text: The document.
        where: Its name in messages; line and column are added.

    Raises:
        ConfigError: The text is no YAML, is larger than 1 MiB or deeper than 50,
            repeats a key, or uses anchors, aliases, tags, directives or more documents.
    """
    root, lines = _read(Source(text, where=where))
    if isinstance(root, dict):
        return Document(root, lines)
    got = "nothing" if root is None else _kind_of(root)
    raise ConfigError(f"got {got}, expected keys with values", where=where)


def read_value(text: str, *, where: str) -> Any:
    """Reads one value as given on a command line, by the rules of `read_yaml`.

    Indicators that mean nothing on their own (`|`, `,`, `#`) stand for themselves.

    Raises:
        ConfigError: As `read_yaml`, with `where` alone as the place.
    """
    if _INDICATORS.fullmatch(text):
        return text
    root, _ = _read(Source(text, where=where, numbered=False))
    return root


def resolve_plain(text: str) -> Any:
    """Returns what an unquoted scalar means in the YAML 1.2 core schema.

    Raises:
        ValueError: A number of more than 100 digits.
    """
    if text in _NULL:
        return None
    if text in _TRUE or text in _FALSE:
        return text in _TRUE
    if text in _NAN:
        return math.nan
    if infinite := _INFINITE.fullmatch(text):
        return -math.inf if infinite[1] == "-" else math.inf
    return _number(text)


def _number(text: str) -> int | float | str:
    based = _BASED.fullmatch(text)
    decimal = _DECIMAL.fullmatch(text)
    if not (based or decimal or _FLOAT.fullmatch(text)):
        return text
    if len(text) > _MAX_DIGITS:
        raise ValueError(
            f"got a number of {len(text):,} digits, allowed are {_MAX_DIGITS}"
        )
    if based:
        return int(text, 0)
    return int(text) if decimal else float(text)


def _read(source: Source) -> tuple[Any, Mapping[KeyPath, int]]:
    builder = _Builder(source)
    for event in source.events():
        builder.take(event)
    return builder.root, builder.lines


@dataclass
class _Open:
    """A mapping or list that is being filled."""

    container: dict[str, Any] | list[Any]
    path: KeyPath
    key: str | None = None


@dataclass
class _Builder:
    """Builds plain values from events, without recursion."""

    source: Source
    root: Any = None
    lines: dict[KeyPath, int] = field(default_factory=dict)
    _open: list[_Open] = field(default_factory=list)
    _nodes: int = 0
    _documents: int = 0

    def take(self, event: yaml.Event) -> None:
        if isinstance(event, yaml.DocumentStartEvent):
            self._documents += 1
            if self._documents > 1:
                raise self._fault("got a second document, expected one", event)
        elif isinstance(event, yaml.NodeEvent):
            self._take_node(event)
        elif isinstance(event, yaml.CollectionEndEvent):
            self._open.pop()

    def _take_node(self, event: yaml.NodeEvent) -> None:
        self._check(event)
        if isinstance(event, yaml.ScalarEvent):
            self._put(self._scalar(event), event)
            return
        mapping = isinstance(event, yaml.MappingStartEvent)
        container: dict[str, Any] | list[Any] = {} if mapping else []
        path = self._put(container, event)
        self._open.append(_Open(container, path))

    def _check(self, event: yaml.NodeEvent) -> None:
        if isinstance(event, yaml.AliasEvent):
            raise self._fault(f"got an alias (*{event.anchor})", event, fix=_QUOTE)
        if event.anchor is not None:
            raise self._fault(f"got an anchor (&{event.anchor})", event, fix=_QUOTE)
        if getattr(event, "tag", None) is not None:
            raise self._fault("got a tag (!), expected a plain value", event)
        self._nodes += 1
        if self._nodes > MAX_NODES:
            raise self._fault(f"got more than {MAX_NODES:,} values", event)
        collection = isinstance(event, yaml.CollectionStartEvent)
        if collection and len(self._open) >= MAX_DEPTH:
            raise self._fault(f"got more than {MAX_DEPTH} levels", event)

    def _scalar(self, event: yaml.ScalarEvent) -> Any:
        if event.style in ("|", ">") and not event.value:
            fix = f'a {event.style} itself is written "{event.style}"'
            raise self._fault("got a block of text without text", event, fix=fix)
        try:
            event.value.encode("utf-8")
            return resolve_plain(event.value) if event.style is None else event.value
        except UnicodeEncodeError as fault:
            raise self._fault("got half of a surrogate pair", event) from fault
        except ValueError as fault:
            raise self._fault(str(fault), event) from fault

    def _put(self, value: Any, event: yaml.NodeEvent) -> KeyPath:
        """Puts a value where it belongs and returns the path to it."""
        if not self._open:
            self.root = value
            return ()
        top = self._open[-1]
        if isinstance(top.container, list):
            path: KeyPath = (*top.path, len(top.container))
            self.lines[path] = _line_of(event)
            top.container.append(value)
        elif top.key is None:
            path = (*top.path, self._key(top, value, event))
        else:
            path = (*top.path, top.key)
            top.container[top.key] = value
            top.key = None
        return path

    def _key(self, top: _Open, value: Any, event: yaml.NodeEvent) -> str:
        if not isinstance(value, str):
            got = _kind_of(value)
            fix = None if isinstance(value, dict | list) else "put the key in quotes"
            raise self._fault(f"got {got} as key, expected text", event, fix=fix)
        line = _line_of(event)
        path = (*top.path, value)
        if path in self.lines:
            name = printable(value, limit=60)
            lines = f"lines {self.lines[path]} and {line}"
            raise self._fault(f'got the key "{name}" twice ({lines})', event)
        self.lines[path] = line
        top.key = value
        return value

    def _fault(
        self, problem: str, event: yaml.Event, *, fix: str | None = None
    ) -> ConfigError:
        return self.source.fault(problem, mark=event.start_mark, fix=fix)


def _line_of(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1


def _kind_of(value: Any) -> str:
    """Names the YAML kind of a value: `a mapping`, `a number`, `text`, …"""
    kinds = {dict: "a mapping", list: "a list", bool: "a truth value", str: "text"}
    return kinds.get(type(value), "null" if value is None else "a number")
