"""A whole configuration as YAML, each key with a comment that explains it."""

import textwrap
from collections.abc import Iterator, Mapping, Set
from types import MappingProxyType
from typing import Any

from textclf.config.load import config_from_mapping
from textclf.config.schema import FOLLOWING
from textclf.config.settings import (
    Node,
    all_keys,
    bounds,
    choices,
    model_kinds,
    resolve,
    root,
)
from textclf.config.yaml_source import UNSAFE
from textclf.config.yaml_text import entry_lines
from textclf.errors import ConfigError, printable

WIDTH = 100
_WIDEST_ENTRY = 44
_NO_NOTES: Mapping[str, str] = MappingProxyType({})


def commented_config(
    values: Mapping[str, Any], notes: Mapping[str, str] = _NO_NOTES
) -> str:
    """Writes all settings, those not given with their defaults, with comments.

    What is not given and follows from another setting stands in a comment, so that it
    goes on following it.

    Args:
        values: Settings as nested mappings, as for `config_from_mapping`.
        notes: More to say about a dotted key or a section; `""` is the head.

    Returns:
        YAML in the order of the schema, comments aligned and within 100 columns. It
        reads back to exactly the given settings.

    Raises:
        ConfigError: The settings are not valid, or a note is about an unknown key.
    """
    config = config_from_mapping(values)
    unknown = set(notes) - {"", *all_keys()}
    if unknown:
        raise ConfigError("got a note on an unknown key", where=sorted(unknown)[0])
    entries = config.model_dump()
    implied = frozenset(key for key in FOLLOWING if not _is_given(values, key))
    scalars = {key: value for key, value in entries.items() if not _is_section(value)}
    sections = [
        _section(key, entries[key], notes, implied)
        for key in entries
        if key not in scalars
    ]
    head = [*_comment(notes.get("", ""), margin=0)]
    head += _block(scalars, root(), section="", notes=notes)
    return "\n\n".join("\n".join(block) for block in [head, *sections]) + "\n"


def _is_section(value: object) -> bool:
    return isinstance(value, dict)


def _is_given(values: Mapping[str, Any], key: str) -> bool:
    section, _, name = key.rpartition(".")
    return name in values.get(section, ())


def _section(
    name: str,
    values: Mapping[str, Any],
    notes: Mapping[str, str],
    implied: Set[str],
) -> list[str]:
    node = resolve(root()["properties"][name])
    if "discriminator" in node:
        node = model_kinds()[values["kind"]]
    lead = f"{_sentence(node)} {notes.get(name, '')}".strip()
    return [
        *_comment(lead, margin=0),
        f"{name}:",
        *_block(values, node, section=name, notes=notes, implied=implied),
    ]


def _block(
    values: Mapping[str, Any],
    node: Node,
    *,
    section: str,
    notes: Mapping[str, str],
    implied: Set[str] = frozenset(),
) -> list[str]:
    """Returns the entries of a section with their comments in one column."""
    depth = 1 if section else 0
    entries = {key: entry_lines(key, values[key], depth=depth) for key in values}
    for key in entries:
        if f"{section}.{key}" in implied:
            entries[key] = [f"{'  ' * depth}# {line.lstrip()}" for line in entries[key]]
    widths = [len(lines[0]) for lines in entries.values()]
    column = 2 + max((width for width in widths if width <= _WIDEST_ENTRY), default=0)
    block: list[str] = []
    for key, lines in entries.items():
        name = f"{section}.{key}" if section else key
        said = _explained(name, node, room=WIDTH - column - 2)
        comment = f"{said} {notes.get(name, '')}".strip()
        block += _annotated(lines, comment, column=column, margin=2 * depth)
    return block


def _annotated(
    lines: list[str], comment: str, *, column: int, margin: int
) -> Iterator[str]:
    """Puts a comment beside the first line, or above it if there is no room."""
    first, *rest = lines
    if len(first) + 2 > column:
        yield from _comment(comment, margin=margin)
        yield from lines
        return
    beside, *below = _comment(comment, margin=column) or [""]
    yield f"{first.ljust(column)}{beside.lstrip()}".rstrip()
    yield from below
    yield from rest


def _explained(key: str, node: Node, *, room: int) -> str:
    """Returns what stands beside a key: the choices, the meaning, and the range.

    The range is left out if the line has no room for it.
    """
    setting = node["properties"][key.rpartition(".")[2]]
    meaning: str = setting.get("description", "")
    words = tuple(model_kinds()) if key == "model.kind" else choices(setting)
    if len(words) > 1:
        return f"{' | '.join(words)}. {meaning}" if meaning else " | ".join(words)
    limits = bounds(resolve(setting)).strip()
    full = f"{meaning.rstrip('.')} ({limits})." if meaning else limits
    return full if limits and len(full) <= room else meaning


def _sentence(node: Node) -> str:
    """Returns the first sentence of what a section is described by."""
    described: str = node.get("description", "")
    return " ".join(described.split("\n\n")[0].split())


def _comment(text: str, *, margin: int) -> list[str]:
    """Wraps text as comment lines that begin at a column; it cannot leave them."""
    safe = UNSAFE.sub("?", printable(" ".join(text.split())))
    lead = " " * margin + "# "
    return textwrap.wrap(safe, width=WIDTH, initial_indent=lead, subsequent_indent=lead)
