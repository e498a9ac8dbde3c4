"""Which settings of a configuration are not their defaults."""

from collections.abc import Iterator
from typing import Any

from pydantic_core import PydanticUndefined

from textclf.config.schema import Config
from textclf.config.section import Section


def changed_settings(config: Config) -> list[tuple[str, Any, Any]]:
    """Returns dotted key, value and default of what was set to something else.

    Where data lie has no defaults worth telling: the section `data` is left out, and
    the name.
    """
    kept = ("data.", "name")
    return [row for row in _changed(config, "") if not row[0].startswith(kept)]


def _changed(section: Section, prefix: str) -> Iterator[tuple[str, Any, Any]]:
    for name, field in type(section).model_fields.items():
        value = getattr(section, name)
        default = field.get_default(call_default_factory=True)
        if isinstance(value, Section):
            if isinstance(default, Section) and type(default) is not type(value):
                kinds = getattr(value, "kind", None), getattr(default, "kind", None)
                yield (f"{prefix}{name}.kind", *kinds)
            yield from _changed(value, f"{prefix}{name}.")
        elif default is not PydanticUndefined and value != default:
            yield f"{prefix}{name}", value, default
