"""The reference of configurations and studies, from their schemas."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from docs.generate.markdown import NOTICE, anchor, code, heading, plain, table
from textclf.config.settings import (
    Node,
    allowed,
    choices,
    model_kinds,
    resolve,
    root,
    sections,
)
from textclf.study.spec import StudySpec

_HEAD = ["key", "what it is", "allowed", "default"]
_NEEDED = "(needed)"


def config_page() -> str:
    """Returns every key of a configuration as Markdown, a table a section."""
    properties = root()["properties"]
    single = {name: node for name, node in properties.items() if not _is_section(node)}
    parts = [
        NOTICE,
        heading("Configuration", level=1),
        "Every key of the file that `train --config` reads. `textclf init` writes one "
        "with all keys; `--set section.key=value` overrides a key. Editors check and "
        "complete with [the JSON schema](../../textclf/config/schema.json).\n",
        _contents(),
        setting_table(single, root(), prefix=""),
    ]
    for name, node in sections().items():
        parts += _section(name, node, prefix=f"{name}.", level=2)
    parts += [
        heading("model", level=2),
        "The architecture: `kind` says which of these it is.\n",
    ]
    for kind, node in model_kinds().items():
        parts += _section(f"model, kind {kind}", node, prefix="model.", level=3)
    return "\n".join(parts)


def study_page() -> str:
    """Returns every key of a study file as Markdown."""
    schema = StudySpec.model_json_schema()
    nested = dict(_nested(schema, schema["$defs"], prefix=""))
    single = {
        name: node
        for name, node in schema["properties"].items()
        if f"{name}." not in nested
    }
    parts = [
        NOTICE,
        heading("Study files", level=1),
        "Every key of the file that `study plan` and `study run` read; what they are "
        "for stands in the [guide](../guides/studies.md).\n",
        setting_table(single, schema, prefix=""),
    ]
    for prefix, node in nested.items():
        inner = {
            name: child
            for name, child in node["properties"].items()
            if f"{prefix}{name}." not in nested
        }
        parts.append(heading(prefix[:-1], level=2))
        parts.append(f"{plain(node['description'])}\n")
        parts.append(setting_table(inner, node, prefix=prefix))
    return "\n".join(parts)


def _is_section(node: Node) -> bool:
    return "discriminator" in node or "properties" in resolve(node)


def _contents() -> str:
    named = [*sections(), "model", *(f"model, kind {kind}" for kind in model_kinds())]
    links = [f"[{name}](#{anchor(name)})" for name in named]
    return f"Sections: {', '.join(links)}.\n"


def _section(name: str, node: Node, *, prefix: str, level: int) -> Iterator[str]:
    yield heading(name, level=level)
    for paragraph in node["description"].split("\n\n"):
        yield f"{plain(paragraph)}\n"
    yield setting_table(node["properties"], node, prefix=prefix)


def setting_table(keys: Mapping[str, Node], parent: Node, *, prefix: str = "") -> str:
    """Returns a row a key: what it is, what is allowed, its default."""
    needed = parent.get("required", ())
    rows = [
        [
            code(f"{prefix}{key}"),
            plain(node.get("description", "")),
            _allowed(node),
            _NEEDED if key in needed else _default(node),
        ]
        for key, node in keys.items()
    ]
    return table(_HEAD, rows)


def _allowed(node: Node) -> str:
    words = choices(node)
    null = any(form.get("type") == "null" for form in node.get("anyOf", ()))
    if words and len(node.get("anyOf", ())) <= 1 + null:
        return ", ".join(code(word) for word in (*words, *["null"] * null))
    return plain(allowed(node))


def _default(node: Node) -> str:
    default: Any = node.get("default")
    return code(json.dumps(default, ensure_ascii=False))


def _nested(
    node: Node, definitions: Mapping[str, Node], *, prefix: str
) -> Iterator[tuple[str, Node]]:
    """Yields the sections of a node and of those, each with the start of its keys."""
    for name, child in node["properties"].items():
        for form in (child, *child.get("anyOf", ())):
            if "$ref" in form:
                inner = definitions[form["$ref"].rpartition("/")[2]]
                yield f"{prefix}{name}.", inner
                yield from _nested(inner, definitions, prefix=f"{prefix}{name}.")
