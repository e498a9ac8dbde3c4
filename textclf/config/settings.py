"""What the schema knows of a setting: its place, what is allowed, how it is explained.

Messages and comments are made from the JSON schema, so that a name, a bound or a choice
is written in `textclf.config.schema` only.
"""

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from textclf.config.json_schema import json_schema
from textclf.config.yaml12 import KeyPath
from textclf.errors import one_of

Node = Mapping[str, Any]
_NOTHING: Node = {}


@dataclass(frozen=True)
class Setting:
    """A place of the configuration: its key without the names of union members."""

    path: KeyPath
    node: Node
    parent: Node

    @property
    def key(self) -> str:
        return dotted(self.path)


def dotted(path: Sequence[str | int]) -> str:
    """Joins a path to the key people write, e.g. `model.filters`."""
    return ".".join(map(str, path))


def root() -> Node:
    """Returns the schema node of the whole configuration."""
    return _schema()


def sections() -> dict[str, Node]:
    """Returns the sections that have one form: all but `model`."""
    nodes = {name: resolve(node) for name, node in root()["properties"].items()}
    return {name: node for name, node in nodes.items() if "properties" in node}


def model_kinds() -> dict[str, Node]:
    """Returns the schema node of each kind of model."""
    members: Mapping[str, str] = root()["properties"]["model"]["discriminator"][
        "mapping"
    ]
    return {kind: _referred(reference) for kind, reference in members.items()}


def names_of(node: Node) -> tuple[str, ...]:
    """Returns the keys that a section knows."""
    return tuple(node.get("properties", ()))


def homes_of(name: str) -> list[str]:
    """Lists where a key of this name is known: `training`, `model (kind cnn)`, …"""
    homes = ["the top level"] if name in root()["properties"] else []
    homes += [home for home, node in sections().items() if name in names_of(node)]
    kinds = [kind for kind, node in model_kinds().items() if name in names_of(node)]
    if kinds == list(model_kinds()):
        return [*homes, "model"]
    return [*homes, f"model (kind {' or '.join(kinds)})"] if kinds else homes


def all_keys() -> list[str]:
    """Lists every dotted key of every section and kind."""
    keys = list(root()["properties"])
    for section, node in [
        *sections().items(),
        *(("model", node) for node in model_kinds().values()),
    ]:
        keys += [f"{section}.{name}" for name in names_of(node)]
    return list(dict.fromkeys(keys))


def locate(location: Sequence[str | int]) -> Setting:
    """Finds the setting that pydantic means, whose path may name union members."""
    node, parent = root(), _NOTHING
    path: KeyPath = ()
    parts = [part for part in location if part != "[key]"]
    while parts:
        members = _members(node)
        if members:
            tag, *parts = parts
            if parts:
                node = members.get(str(tag)) or _container(members)
            continue
        path, parent = (*path, parts[0]), resolve(node)
        node = _child(node, parts[0])
        parts = parts[1:]
    return Setting(path, node, parent)


def resolve(node: Node) -> Node:
    """Follows a reference, and looks through a union with null alone."""
    if "$ref" in node:
        return _referred(node["$ref"])
    forms = [form for form in node.get("anyOf", ()) if form.get("type") != "null"]
    return resolve(forms[0]) if len(forms) == 1 else node


def choices(node: Node) -> tuple[str, ...]:
    """Returns the words a setting may be, if it is one of some words."""
    if "const" in node:
        return (str(node["const"]),)
    if "discriminator" in node:
        return tuple(node["discriminator"]["mapping"])
    named = [choices(form) for form in node.get("anyOf", ())]
    return tuple(node.get("enum", ())) + tuple(
        word for words in named for word in words
    )


def allowed(node: Node) -> str:
    """Says what a setting may be, e.g. `a whole number from 1 to 100 or null`."""
    if "anyOf" in node:
        return " or ".join(allowed(form) for form in node["anyOf"])
    if "$ref" in node:
        return allowed(resolve(node))
    if "discriminator" in node:
        return f"a section with the key kind: one of {one_of(choices(node))}"
    if words := choices(node):
        return words[0] if len(words) == 1 else f"one of {one_of(words)}"
    wording = _WORDINGS.get(node.get("type", ""))
    return wording(node) if wording else "another value"


def bounds(node: Node) -> str:
    """Says the range of a number, e.g. ` from 0 to below 1`; empty if it has none."""
    lower = _bound(node, minimum="from", exclusiveMinimum="above")
    upper = _bound(node, maximum="to", exclusiveMaximum="to below")
    return lower + upper


def allowed_items(node: Node) -> str:
    """Says what the items of a list may be."""
    item = allowed(node.get("items", _NOTHING))
    return item.replace("a whole number", "whole numbers").replace(
        "a number", "numbers"
    )


def _bound(node: Node, **words: str) -> str:
    for keyword, word in words.items():
        if keyword in node:
            return f" {word} {_short(node[keyword])}"
    return ""


def _short(number: float) -> str:
    if isinstance(number, int) or (number.is_integer() and abs(number) < 1e5):
        return f"{int(number)}"
    return f"{number:g}".replace("e+0", "e").replace("e+", "e")


def _text_limits(node: Node) -> str:
    least, most = node.get("minLength"), node.get("maxLength")
    if "pattern" in node:
        return f" of the form {node['pattern']}"
    if most is not None:
        return f" of {least or 0} to {most} characters"
    return f" of at least {least} character" if least else ""


def _list_limits(node: Node) -> str:
    least, most = node.get("minItems"), node.get("maxItems")
    if most is None:
        return f" of at least {least}" if least else " of"
    return f" of {most}" if least == most else f" of {least or 0} to {most}"


def _object_form(node: Node) -> str:
    extra = node.get("additionalProperties")
    if isinstance(extra, Mapping):
        return f"a mapping of text to {allowed(extra)}"
    if not names_of(node):
        return "a mapping"
    return f"a section with the keys {one_of(names_of(node))}"


_WORDINGS: dict[str, Callable[[Node], str]] = {
    "integer": lambda node: f"a whole number{bounds(node)}",
    "number": lambda node: f"a number{bounds(node)}",
    "string": lambda node: f"text{_text_limits(node)}",
    "array": lambda node: f"a list{_list_limits(node)} {allowed_items(node)}",
    "object": _object_form,
    "boolean": lambda _: "true or false",
    "null": lambda _: "null",
}


def _members(node: Node) -> dict[str, Node]:
    """Returns the members of a union whose names stand in pydantic's locations."""
    if "discriminator" in node:
        return model_kinds()
    forms = [form for form in node.get("anyOf", ()) if form.get("type") != "null"]
    return {str(place): form for place, form in enumerate(forms)} if forms[1:] else {}


def _container(members: Mapping[str, Node]) -> Node:
    nested = [node for node in members.values() if node.get("type") == "object"]
    return nested[0] if nested else _NOTHING


def _child(node: Node, part: str | int) -> Node:
    node = resolve(node)
    if part in node.get("properties", ()):
        child: Node = node["properties"][part]
        return resolve(child) if "$ref" in child else child
    extra = node.get("additionalProperties")
    if isinstance(part, int):
        extra = node.get("items")
    return extra if isinstance(extra, Mapping) else _NOTHING


def _referred(reference: str) -> Node:
    node: Node = _schema()["$defs"][reference.rpartition("/")[2]]
    return node


@functools.cache
def _schema() -> Node:
    return json_schema()
