"""The reference of behavioural suites, from their schema and their changes."""

from collections.abc import Iterator, Mapping
from typing import Any

from docs.generate.markdown import NOTICE, code, heading, plain, table
from docs.generate.settings import setting_table
from textclf.behave.changes import CHANGES
from textclf.behave.json_schema import json_schema
from textclf.config.settings import Node

_KINDS = {
    "minimum": "MinimumTest",
    "invariance": "InvarianceTest",
    "direction": "DirectionTest",
}

_LISTED = 5  # words that a cell lists


def suite_page() -> str:
    """Returns every key of a suite and every change as Markdown."""
    schema = json_schema()
    tests: Mapping[str, Node] = {
        kind: schema["$defs"][name] for kind, name in _KINDS.items()
    }
    shared = set.intersection(*(set(node["properties"]) for node in tests.values()))
    parts = [
        NOTICE,
        heading("Behavioural suites", level=1),
        "Every key of the file that `behave --suite` reads; what they are for stands "
        "in the [guide](../guides/behaviour.md). Editors check and complete with "
        "[the JSON schema](../../textclf/behave/schema.json).\n",
        _keys(schema, set(schema["properties"]) - {"lexicon", "tests"}),
        heading("tests", level=2),
        "A list. Every test has these keys, and those of its kind.\n",
        _keys(tests["minimum"], shared - {"kind"}),
    ]
    paired = set(tests["invariance"]["properties"]) & set(
        tests["direction"]["properties"]
    )
    for kind, node in tests.items():
        parts.append(heading(f"tests, kind {kind}", level=3))
        parts.append(f"{plain(node['description'])}\n")
        own = set(node["properties"]) - shared - (paired - {"margin"})
        parts.append(_keys(node, own))
    parts.append(heading("tests, kinds invariance and direction", level=3))
    parts.append("Where a text before and after the change come from.\n")
    parts.append(_keys(tests["direction"], paired - shared - {"margin"}))
    parts += [*_changes(), heading("lexicon", level=2), *_lexicon(schema)]
    return "\n".join(parts)


def _keys(node: Node, names: set[str]) -> str:
    chosen = {
        name: _readable(key)
        for name, key in node["properties"].items()
        if name in names
    }
    return setting_table(chosen, node)


def _readable(node: Any) -> Any:
    """Leaves out what a schema says of any text, and lists of names shown elsewhere."""
    if not isinstance(node, dict):
        return node
    unsaid = ("pattern",) if node.get("pattern") == r"\S" else ()
    unsaid += ("enum",) if len(node.get("enum", ())) > _LISTED else ()
    unsaid += ("maxLength",) if "pattern" in unsaid else ()
    return {key: _readable(value) for key, value in node.items() if key not in unsaid}


def _changes() -> Iterator[str]:
    yield heading("tests.changes", level=2)
    yield "A change leaves out texts that it does not apply to.\n"
    rows = []
    for name, change in CHANGES.items():
        told = plain((change.function.__doc__ or "").partition("\n")[0])
        lists = ", ".join(code(f"lexicon.{one}") for one in change.lists)
        rows.append([code(name), told, "English" if change.english else lists])
    yield table(["change", "what it does", "needs"], rows)


def _lexicon(schema: Node) -> Iterator[str]:
    node = schema["$defs"]["Lexicon"]
    yield f"{plain(node['description'])}\n"
    rows = [
        [code(f"lexicon.{name}"), plain(key["description"]), f"{len(key['default'])}"]
        for name, key in node["properties"].items()
    ]
    yield table(["key", "what it is for", "English entries"], rows)
