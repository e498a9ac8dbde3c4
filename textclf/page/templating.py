"""The templates: everything from outside is escaped, twice where it could mislead."""

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from textclf.errors import printable

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

_FOLDER = Path(__file__).with_name("templates")
_KEPT = "\n\t"


def visible(text: str) -> str:
    """Returns text with escapes for what would be invisible or turn the order of signs.

    Line ends and tabs stay; the rest is as `errors.printable` has it: `\\u202e`.
    """
    if text.isprintable():
        return text
    return "".join(sign if sign in _KEPT else printable(sign) for sign in text)


def rendered(template: str, **values: Any) -> str:
    """Returns a template of the folder, filled in."""
    return environment().get_template(template).render(**values)


def part(name: str, *values: Any) -> "Markup":
    """Returns what one of the macros makes of its values."""
    return getattr(_parts(), name)(*values)


@cache
def environment() -> "Environment":
    """Returns where templates come from; values are made visible, then escaped."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    return Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_finalised,
    )


@cache
def style() -> "Markup":
    """Returns the style sheet, which holds only below the class `textclf`."""
    from markupsafe import Markup

    return Markup(rendered("style.css.j2").strip())  # ours, nothing from outside in it


@cache
def _parts() -> Any:
    return environment().get_template("parts.html.j2").module


def _finalised(value: Any) -> Any:
    if value is None:
        return ""
    return value if hasattr(value, "__html__") else visible(str(value))
