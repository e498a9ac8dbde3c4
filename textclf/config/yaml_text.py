"""Values written as YAML that versions 1.1 and 1.2 read alike."""

import json
import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

from textclf.config.yaml12 import resolve_plain
from textclf.config.yaml_source import UNSAFE

_PLAIN = re.compile(r"(?:[A-Za-z_/]|\.\.?/)(?:[A-Za-z0-9_./ +-]*[A-Za-z0-9_./+-])?")
# What YAML 1.1 takes for a truth value: quoted for the sake of other readers.
_OLD_BOOLEANS = frozenset({"y", "n", "yes", "no", "on", "off"})
_LONGEST_SIMPLE_KEY = 1000
_INDENT = "  "


def entry_lines(key: str, value: Any, *, depth: int = 0) -> list[str]:
    """Returns the lines of `key: value`; a mapping goes on the lines that follow."""
    margin = _INDENT * depth
    name = scalar_text(key)
    # A key that stands before its colon may not be longer than 1024 characters.
    if len(name) > _LONGEST_SIMPLE_KEY:
        head = [f"{margin}? {name}", f"{margin}:"]
    else:
        head = [f"{margin}{name}:"]
    if isinstance(value, Mapping) and value:
        inner = [entry_lines(k, v, depth=depth + 1) for k, v in value.items()]
        return head + [line for lines in inner for line in lines]
    return [*head[:-1], f"{head[-1]} {flow_text(value)}"]


def flow_text(value: Any) -> str:
    """Returns a value on one line: a scalar, `[a, b]` or `{}`."""
    if isinstance(value, Mapping):
        inside = (f"{scalar_text(k)}: {flow_text(v)}" for k, v in value.items())
        return "{" + ", ".join(inside) + "}"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "[" + ", ".join(map(flow_text, value)) + "]"
    return scalar_text(value)


def scalar_text(value: str | float | int | bool | None) -> str:
    """Returns a scalar as YAML: text is quoted unless it can only be text."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return int.__repr__(value)
    if isinstance(value, float):
        return _float_text(value)
    return value if _is_plain(value) else quoted(value)


def quoted(text: str) -> str:
    """Returns text in double quotes, with escapes that YAML and JSON share."""
    body = json.dumps(text, ensure_ascii=False)
    return UNSAFE.sub(lambda match: f"\\u{ord(match[0]):04x}", body)


def _is_plain(text: str) -> bool:
    if not _PLAIN.fullmatch(text) or text.lower() in _OLD_BOOLEANS:
        return False
    return isinstance(resolve_plain(text), str)


def _float_text(value: float) -> str:
    if math.isnan(value):
        return ".nan"
    if math.isinf(value):
        return ".inf" if value > 0 else "-.inf"
    # YAML 1.1 takes 1e-05 for text, 1.0e-05 for a number.
    mantissa, exponent, power = float.__repr__(value).partition("e")
    point = "" if "." in mantissa else ".0"
    return f"{mantissa}{point}{exponent}{power}"
